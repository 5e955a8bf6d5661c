/** Limits of the catalog, each with its unit. Reaching one is an error with its code. */
export const catalogLimits: {
  readonly profiles: number;
  /** Versions kept of one profile; the oldest go first. */
  readonly profileVersions: number;
  readonly agents: number;
  /** Enrollment tokens, used up ones included; those past their time for longest go first. */
  readonly tokens: number;
  /** Generations of one stream. */
  readonly generations: number;
  /** Processes of an agent that are remembered after they ended. */
  readonly superseded: number;
  /** Rows of a page. */
  readonly pageRows: number;
  readonly users: number;
  /** Sessions of one person; the one not used for longest goes first. */
  readonly userSessions: number;
  /** API tokens of one person, revoked and expired ones included; those that ended for longest go first. */
  readonly userTokens: number;
  /** Invitations that wait to be used. */
  readonly invitations: number;
  /** Sign-ins under way at a provider of identities. */
  readonly openIdRequests: number;
  /** Entries of the audit trail kept in the catalog; the oldest go first, their events stay as long as all events. */
  readonly auditEntries: number;
  /** Saved searches of one person. */
  readonly userSearches: number;
  /** Dashboards of one person. */
  readonly userDashboards: number;
  /** Events of the fleet that wait for the store; the oldest go first, and are counted in the log. */
  readonly fleetEvents: number;
} = {
  profiles: 1_000,
  profileVersions: 1_000,
  agents: 20_000,
  tokens: 10_000,
  generations: 10_000,
  superseded: 16,
  pageRows: 1_000,
  users: 10_000,
  userSessions: 50,
  userTokens: 200,
  invitations: 10_000,
  openIdRequests: 10_000,
  auditEntries: 1_000_000,
  userSearches: 1_000,
  userDashboards: 200,
  fleetEvents: 100_000,
};
