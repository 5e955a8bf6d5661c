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
} = {
  profiles: 1_000,
  profileVersions: 1_000,
  agents: 20_000,
  tokens: 10_000,
  generations: 10_000,
  superseded: 16,
  pageRows: 1_000,
};
