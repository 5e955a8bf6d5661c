import { Kysely } from 'kysely';
import { type AgentBook, createAgentBook } from './agent-book.ts';
import { type AgentStreams, createAgentStreams } from './agent-streams.ts';
import { type AgentVoices, createAgentVoices } from './agent-voices.ts';
import { type Agents, createAgents } from './agents.ts';
import { type ChangeKind, readChanges } from './change-counter.ts';
import { type CatalogOptions, dialectOf } from './connect.ts';
import { type Enrolled, type Enrollment, enrollAgent } from './enroll-agent.ts';
import { createEnrollmentTokens, type EnrollmentTokens } from './enrollment-tokens.ts';
import { createLeases, type Leases } from './leases.ts';
import { migrate } from './migrate.ts';
import { plainDialect } from './plain-dialect.ts';
import { createProfiles, type Profiles } from './profiles.ts';
import { readServerIdentity, type ServerIdentity } from './server-keys.ts';
import type { CatalogTables } from './tables.ts';

/**
 * What people set, and who the agents are: relational, in a file of its own, or in a PostgreSQL that several servers share.
 * Every failure is an `AppError` whose code begins with `catalog-`, or that of what was asked.
 */
export interface Catalog {
  readonly kind: 'sqlite' | 'postgres';
  readonly identity: ServerIdentity;
  readonly profiles: Profiles;
  readonly agents: Agents;
  readonly tokens: EnrollmentTokens;
  readonly voices: AgentVoices;
  readonly book: AgentBook;
  readonly streams: AgentStreams;
  readonly leases: Leases;
  /** The connection pool itself: for libraries that keep tables of their own beside these. */
  readonly database: Kysely<CatalogTables>;
  enroll(enrollment: Enrollment): Promise<Enrolled>;
  /** Number of changes of a kind so far, by whatever server. */
  changes(kind: ChangeKind): Promise<number>;
  close(): Promise<void>;
}

/**
 * Opens the catalog, making or bringing up to date its tables. Throws `catalog-newer`, `catalog-unreachable`,
 * `catalog-refused`, `catalog-forbidden`, `catalog-damaged`.
 */
export async function openCatalog(options: CatalogOptions, clock: () => number = Date.now): Promise<Catalog> {
  const database = new Kysely<CatalogTables>({ dialect: plainDialect(await dialectOf(options)) });
  try {
    await migrate(database);
    const identity = await readServerIdentity(database, clock());
    const leases = createLeases(database, clock);
    return {
      kind: options.kind,
      identity,
      profiles: createProfiles(database, clock),
      agents: createAgents(database, clock),
      tokens: createEnrollmentTokens(database, clock),
      voices: createAgentVoices(database, clock),
      book: createAgentBook(database, clock),
      streams: createAgentStreams(database, clock),
      leases,
      database,
      enroll: (enrollment) => enrollAgent(database, enrollment, clock()),
      changes: (kind) => readChanges(database, kind),
      async close() {
        await database.destroy();
      },
    };
  } catch (thrown) {
    await database.destroy();
    throw thrown;
  }
}
