import type { KeptTable } from './kept-table.ts';
import type { Optional } from './optional-column.ts';
import type { PeopleTables } from './people-tables.ts';

/** The tables, as Kysely sees them. Times are epoch milliseconds; lists and documents are JSON text; truth is 0 or 1. */

export interface RemarkTable {
  readonly name: string;
  value: string;
}

export interface CounterTable {
  readonly name: string;
  value: number;
}

export interface LeaseTable {
  readonly name: string;
  holder: string;
  until: number;
}

export interface ServerKeyTable {
  readonly key_id: string;
  readonly public_key: string;
  readonly private_key: string;
  readonly created_at: number;
}

export interface ProfileTable {
  readonly id: string;
  name: string;
  name_folded: string;
  platform: string;
  enabled: number;
  is_default: number;
  priority: number;
  version: number;
  /** Newest content, as in its version. */
  content: string;
  readonly created_at: number;
  updated_at: number;
}

export interface ProfileVersionTable {
  readonly profile_id: string;
  readonly version: number;
  readonly content: string;
  readonly created_at: number;
  readonly created_by: string;
  readonly remark: string;
}

export interface AgentTable {
  readonly id: string;
  name: string;
  name_folded: string;
  machine_id: string;
  os: string;
  kernel: string;
  arch: string;
  addresses: string;
  agent_version: string;
  /** Tags of the agent's own configuration. */
  own_tags: string;
  /** Tags given on the server: by the token, by people. */
  given_tags: string;
  /** Profile given on the server, in the place of the one that fits by tags and names. */
  pinned_profile_id: Optional<string>;
  enrolled_at: number;
  token_id: string;
  revoked_at: Optional<number>;
  revoked_reason: Optional<string>;
  /** Process that speaks now. */
  instance: string;
  /** When it was first heard, by the clock of the agent's signatures; epoch seconds. */
  instance_since: number;
  /** Processes before it, newest first. */
  superseded: string;
  last_seen: Optional<number>;
  silent_since: Optional<number>;
  last_event_time: Optional<number>;
  clock_offset_ms: number;
  lag_bytes: number;
  lag_seconds: number;
  spool_bytes: number;
  spool_full: number;
  /** Last status document. */
  status: Optional<string>;
  /** Instance, and number of the last happening stored of it. */
  happenings_of: string;
  happenings_up_to: number;
  /** Grows with each change of what the agent is told. */
  revision: number;
  told_profile_id: Optional<string>;
  told_profile_version: number;
  applied_revision: number;
  refused_revision: number;
  refused_code: Optional<string>;
  refused_sentence: Optional<string>;
}

export interface AgentKeyTable {
  readonly key_id: string;
  readonly agent_id: string;
  readonly public_key: string;
  readonly created_at: number;
  ends_at: Optional<number>;
  used: number;
}

export interface EnrollmentTokenTable {
  readonly id: string;
  readonly secret_hash: string;
  readonly description: string;
  readonly tags: string;
  readonly profile_id: Optional<string>;
  readonly uses_max: number;
  uses: number;
  readonly created_at: number;
  readonly expires_at: number;
  revoked_at: Optional<number>;
}

export interface AgentStreamTable {
  readonly stream: string;
  readonly generation: number;
  agent_id: string;
  machine_id: string;
  host: string;
  source: string;
  log: string;
  place: string;
  marks: string;
  readonly claimed_at: number;
  updated_at: number;
}

export interface FleetOutboxTable {
  readonly key: string;
  readonly time: number;
  readonly line: string;
}

/** All tables of the catalog. */
export interface CatalogTables extends PeopleTables {
  remarks: RemarkTable;
  counters: CounterTable;
  leases: LeaseTable;
  server_keys: ServerKeyTable;
  profiles: ProfileTable;
  profile_versions: ProfileVersionTable;
  agents: AgentTable;
  agent_keys: AgentKeyTable;
  enrollment_tokens: EnrollmentTokenTable;
  agent_streams: AgentStreamTable;
  dashboards: KeptTable;
  fleet_outbox: FleetOutboxTable;
}
