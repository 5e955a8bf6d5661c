import type { KeptTable } from './kept-table.ts';
import type { Optional } from './optional-column.ts';

/** The tables about people, as Kysely sees them. Times are epoch milliseconds; lists are JSON text; truth is 0 or 1. */

export interface UserTable {
  readonly id: string;
  name: string;
  name_folded: string;
  display_name: string;
  role: string;
  enabled: number;
  password_hash: Optional<string>;
  password_at: Optional<number>;
  /** Secret of the second factor, base32; counts once it is confirmed. */
  totp_secret: Optional<string>;
  totp_confirmed: number;
  /** Newest 30-second step a code was taken for: none is taken twice. */
  totp_step: number;
  issuer: Optional<string>;
  subject: Optional<string>;
  readonly created_at: number;
  last_sign_in: Optional<number>;
}

export interface RecoveryCodeTable {
  readonly user_id: string;
  readonly code_hash: string;
}

export interface InvitationTable {
  readonly id: string;
  readonly secret_hash: string;
  readonly purpose: string;
  readonly user_id: Optional<string>;
  readonly created_at: number;
  readonly expires_at: number;
}

export interface SessionTable {
  readonly id: string;
  readonly secret_hash: string;
  readonly user_id: string;
  readonly method: string;
  /** Says which access token the session came from; null for people. */
  readonly token_mark: Optional<string>;
  readonly address: string;
  readonly program: string;
  readonly created_at: number;
  last_seen: number;
  readonly ends_at: number;
}

export interface ApiTokenTable {
  readonly id: string;
  readonly secret_hash: string;
  readonly user_id: string;
  readonly name: string;
  readonly scopes: string;
  readonly created_at: number;
  readonly expires_at: number;
  last_used: Optional<number>;
  revoked_at: Optional<number>;
}

export interface OpenIdRequestTable {
  readonly state_hash: string;
  readonly binding_hash: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly ends_at: number;
}

export interface AuditTable {
  /** Counts up over all servers. */
  readonly number: number;
  readonly time: number;
  readonly actor_id: string;
  readonly actor: string;
  readonly via: string;
  readonly action: string;
  readonly object: string;
  readonly outcome: string;
  readonly code: Optional<string>;
  readonly address: string;
  readonly detail: string;
  /** 1 once it is an event, too. */
  stored: number;
}

/** Tables of people and of what belongs to them. */
export interface PeopleTables {
  users: UserTable;
  recovery_codes: RecoveryCodeTable;
  invitations: InvitationTable;
  sessions: SessionTable;
  api_tokens: ApiTokenTable;
  open_id_requests: OpenIdRequestTable;
  audit: AuditTable;
  saved_searches: Omit<KeptTable, 'widgets'>;
}
