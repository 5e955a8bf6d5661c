/** What the value of an agent setting is. */
export type AgentSettingType = 'path' | 'paths' | 'urls' | 'proxy' | 'words' | 'pins' | 'listens' | 'level';

/** One setting of the agent: where it can come from, and what it means. */
export interface AgentSetting {
  readonly type: AgentSettingType;
  /** Environment variable; several values are separated by commas. */
  readonly env?: string;
  readonly default?: string | readonly string[];
  /** One sentence. */
  readonly about: string;
}

/**
 * Every setting of the agent's own file. It is the host's word on what the agent may do: no profile reaches beyond it.
 * From this table come what the file may hold, the checks, and `docs/configuration.md`.
 */
export const agentSettingsTable = {
  servers: {
    type: 'urls',
    env: 'MERIDIAN_AGENT_SERVERS',
    default: [],
    about:
      'Servers to speak with, in the order of preference: `https://…`; `http://` is taken for this host alone. All must share one store and one catalog.',
  },
  stateFolder: {
    type: 'path',
    env: 'MERIDIAN_AGENT_STATE',
    default: '/var/lib/meridian-agent',
    about: 'Folder of the key, the positions and the spool. Only the user of the agent may read it.',
  },
  statusFile: {
    type: 'path',
    about: 'Where the status is written every few seconds; `status.json` in the state folder unless set.',
  },
  allowedPaths: {
    type: 'paths',
    default: ['/var/log/dirsrv/'],
    about: 'Folders a profile may name files in; symbolic links are followed before this is looked at.',
  },
  tags: { type: 'words', default: [], about: 'Words that profiles choose hosts by.' },
  ca: {
    type: 'path',
    about: 'File with the certificates (PEM) that servers are trusted by, in the place of those the system knows.',
  },
  pins: {
    type: 'pins',
    default: [],
    about:
      'Keys a server must have: `sha256/…`, the base64 hash of its public key (SPKI). With a pin, the certificate may be signed by anybody.',
  },
  proxy: {
    type: 'proxy',
    env: 'MERIDIAN_AGENT_PROXY',
    about: 'HTTP proxy (`http://host:port`) through which servers are reached, by CONNECT.',
  },
  'collect.listen': {
    type: 'listens',
    default: [],
    about:
      'Addresses (`host:port`; `*` for any host) at which a profile may have syslog and JSON lines received. None unless set.',
  },
  'collect.certificate': { type: 'path', about: 'Certificate chain (PEM) of `syslog-tls`.' },
  'collect.key': { type: 'path', about: 'Private key (PEM) of `syslog-tls`.' },
  'collect.clients': {
    type: 'path',
    about: 'Certificates (PEM) that senders to `syslog-tls` must be signed by; anybody may send unless set.',
  },
  'log.level': { type: 'level', default: 'info', about: 'How much the agent tells: `error`, `warn`, `info`, `debug`.' },
} as const;
agentSettingsTable satisfies Record<string, AgentSetting>;

export type AgentSettingName = keyof typeof agentSettingsTable;
