/** What the value of a setting is. */
export type SettingType = 'text' | 'path' | 'url' | 'port' | 'days' | 'minutes' | 'hours' | 'zone' | 'secret';

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
    about:
      'URL at which agents and people reach the server: for the commands that install agents, for links, and for the provider of identities; unset: the one a browser uses.',
  },
  'session.idle-minutes': {
    type: 'minutes',
    env: ['MERIDIAN_SESSION_IDLE_MINUTES'],
    default: 60,
    about: 'Minutes without use after which a person at the console signs in again.',
  },
  'session.hours': {
    type: 'hours',
    env: ['MERIDIAN_SESSION_HOURS'],
    default: 12,
    about: 'Hours after which a person at the console signs in again in any case.',
  },
  'oidc.issuer': {
    type: 'url',
    env: ['MERIDIAN_OIDC_ISSUER'],
    about: 'Provider of identities (OpenID Connect) at which people may sign in; no other issuer counts. With https.',
  },
  'oidc.name': {
    type: 'text',
    env: ['MERIDIAN_OIDC_NAME'],
    default: 'single sign-on',
    about: 'What the button for it says.',
  },
  'oidc.client-id': { type: 'text', env: ['MERIDIAN_OIDC_CLIENT_ID'], about: 'Id of this server at the provider.' },
  'oidc.client-secret': {
    type: 'secret',
    env: ['MERIDIAN_OIDC_CLIENT_SECRET'],
    about: 'Secret of this server at the provider; unset for a client without one.',
  },
  'oidc.scopes': {
    type: 'text',
    env: ['MERIDIAN_OIDC_SCOPES'],
    default: 'openid profile email',
    about: 'What is asked of the provider, separated by blanks.',
  },
  'oidc.claim': {
    type: 'text',
    env: ['MERIDIAN_OIDC_CLAIM'],
    default: 'groups',
    about: 'Claim with the groups of a person, or the path to it with points, such as `realm_access.roles`.',
  },
  'oidc.roles': {
    type: 'text',
    env: ['MERIDIAN_OIDC_ROLES'],
    about:
      'Which group gives which role, such as `administrator=meridian-admins; viewer=*`; the highest counts, `*` is everybody, and who gets none is refused.',
  },
  'agent.file': {
    type: 'path',
    env: ['MERIDIAN_AGENT_FILE'],
    about:
      'The agent as one JavaScript file, which the server hands out to hosts; unset: the one that came with the package, or is built from the checkout.',
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
    about:
      'Folder with what is known about addresses, hosts and people; see `docs/enrichment.md`. Without it, the folder `enrichment` of the data directory.',
  },
} as const;
settingsTable satisfies Record<string, Setting>;

export type SettingName = keyof typeof settingsTable;
