import { Kysely } from 'kysely';
import { type AgentBook, createAgentBook } from './agent-book.ts';
import { type AgentStreams, createAgentStreams } from './agent-streams.ts';
import { type AgentVoices, createAgentVoices } from './agent-voices.ts';
import { type Agents, createAgents } from './agents.ts';
import { type ApiTokens, createApiTokens } from './api-tokens.ts';
import { type Audit, createAudit } from './audit.ts';
import { type ChangeKind, readChanges } from './change-counter.ts';
import { type CatalogOptions, dialectOf } from './connect.ts';
import { createDashboards, type Dashboards } from './dashboards.ts';
import { type Enrolled, type Enrollment, enrollAgent } from './enroll-agent.ts';
import { createEnrollmentTokens, type EnrollmentTokens } from './enrollment-tokens.ts';
import { createFleetOutbox, type FleetOutbox } from './fleet-outbox.ts';
import { createInvitations, type Invitations } from './invitations.ts';
import { createLeases, type Leases } from './leases.ts';
import { migrate } from './migrate.ts';
import { createOpenIdRequests, type OpenIdRequests } from './open-id-requests.ts';
import { plainDialect } from './plain-dialect.ts';
import { createProfiles, type Profiles } from './profiles.ts';
import { createSavedSearches, type SavedSearches } from './saved-searches.ts';
import { createSecondFactors, type SecondFactors } from './second-factors.ts';
import { readServerIdentity, type ServerIdentity } from './server-keys.ts';
import { createSessions, type SessionLife, type Sessions } from './sessions.ts';
import type { CatalogTables } from './tables.ts';
import { createUsers, type Users } from './users.ts';

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
  readonly outbox: FleetOutbox;
  readonly leases: Leases;
  readonly users: Users;
  readonly secondFactors: SecondFactors;
  readonly invitations: Invitations;
  readonly openIdRequests: OpenIdRequests;
  readonly apiTokens: ApiTokens;
  readonly audit: Audit;
  readonly searches: SavedSearches;
  readonly dashboards: Dashboards;
  /** The connection pool itself: for libraries that keep tables of their own beside these. */
  readonly database: Kysely<CatalogTables>;
  /** Sessions of people, which last as long as the server says. */
  sessions(life: SessionLife): Sessions;
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
      outbox: createFleetOutbox(database),
      leases,
      users: createUsers(database, clock),
      secondFactors: createSecondFactors(database),
      invitations: createInvitations(database, clock),
      openIdRequests: createOpenIdRequests(database, clock),
      apiTokens: createApiTokens(database, clock),
      audit: createAudit(database, clock),
      searches: createSavedSearches(database, clock),
      dashboards: createDashboards(database, clock),
      sessions: (life) => createSessions(database, clock, life),
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
