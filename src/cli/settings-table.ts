/** What the value of a setting is. */
export type SettingType = 'text' | 'path' | 'url' | 'port' | 'days' | 'zone' | 'secret';

/** One setting: where it can come from, and what it means. */
export interface Setting {
  readonly type: SettingType;
  /** Environment variables, the first that is set wins. */
  readonly env: readonly string[];
  /** Flag of the commands that take it. */
  readonly flag?: string;
  readonly default?: string | number;
  /** One sentence. */
  readonly about: string;
}

/**
 * Every setting. From this table come what a YAML file may hold (the parts of a name are nested), the environment, the
 * flags' help, the checks, and `docs/configuration.md`.
 */
export const settingsTable = {
  data: {
    type: 'path',
    env: ['MERIDIAN_DATA'],
    flag: '--data',
    default: './meridian-data',
    about: 'Directory of the embedded store, made when absent. One process at a time owns it.',
  },
  'store.url': {
    type: 'url',
    env: ['MERIDIAN_STORE_URL'],
    about: 'A ClickHouse server (`http://host:8123`) to store in, in the place of the embedded engine.',
  },
  'store.user': { type: 'text', env: ['MERIDIAN_STORE_USER'], about: 'User at the ClickHouse server.' },
  'store.password': { type: 'secret', env: ['MERIDIAN_STORE_PASSWORD'], about: 'Password at the ClickHouse server.' },
  'store.database': {
    type: 'text',
    env: ['MERIDIAN_STORE_DATABASE'],
    about: 'Database at the ClickHouse server; `meridian` unless set.',
  },
  'store.cluster': {
    type: 'text',
    env: ['MERIDIAN_STORE_CLUSTER'],
    about: 'Name of the ClickHouse cluster; its tables are then replicated and distributed.',
  },
  'catalog.url': {
    type: 'secret',
    env: ['MERIDIAN_CATALOG_URL'],
    about:
      'A PostgreSQL (`postgres://user:password@host/database`) for what people set and who the agents are; needed when several servers share a store. Unset: the file `catalog.db` in the data directory.',
  },
  'retention.days': {
    type: 'days',
    env: ['MERIDIAN_RETENTION_DAYS'],
    about: 'Days events are kept; 0 keeps them for ever. Unset leaves what the store has.',
  },
  'listen.host': {
    type: 'text',
    env: ['MERIDIAN_HOST'],
    flag: '--host',
    default: '127.0.0.1',
    about: 'Address `serve` listens on.',
  },
  'listen.port': {
    type: 'port',
    env: ['MERIDIAN_PORT', 'PORT'],
    flag: '--port',
    default: 8420,
    about: 'Port `serve` listens on.',
  },
  'listen.url': {
    type: 'url',
    env: ['MERIDIAN_URL'],
    about: 'URL at which agents reach the server, for the commands that install them; unset: the one a browser uses.',
  },
  'agent.file': {
    type: 'path',
    env: ['MERIDIAN_AGENT_FILE'],
    about:
      'The agent as one JavaScript file, which the server hands out to hosts; unset: the one that was built, if any.',
  },
  server: {
    type: 'url',
    env: ['MERIDIAN_SERVER'],
    flag: '--server',
    about: 'A Meridian server to send to or to ask, in the place of a data directory.',
  },
  token: { type: 'secret', env: ['MERIDIAN_TOKEN'], about: 'Access token for that server.' },
  zone: {
    type: 'zone',
    env: ['MERIDIAN_ZONE'],
    flag: '--zone',
    default: 'UTC',
    about: 'Time zone (IANA name or offset) of dates in queries, and of log times that carry none.',
  },
  'enrich.folder': {
    type: 'path',
    env: ['MERIDIAN_ENRICH'],
    flag: '--enrich',
    about: 'Folder with what is known about addresses, hosts and people; see `docs/enrichment.md`.',
  },
} as const;
settingsTable satisfies Record<string, Setting>;

export type SettingName = keyof typeof settingsTable;
