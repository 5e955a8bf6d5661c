import type { Kysely, Selectable } from 'kysely';
import { AppError } from '#error';
import { countChange } from './change-counter.ts';
import type { UserTable } from './people-tables.ts';
import { type Role, readRole } from './roles.ts';
import type { CatalogTables } from './tables.ts';

/** A person who may sign in, without anything secret. */
export interface User {
  readonly id: string;
  /** What one signs in with. */
  readonly name: string;
  readonly displayName: string;
  readonly role: Role;
  /** Who is not enabled is not let in; what is theirs stays. */
  readonly enabled: boolean;
  readonly hasPassword: boolean;
  /** Whether a second factor is asked for. */
  readonly hasTotp: boolean;
  /** Provider of identities that the person signs in at; undefined for people with a password. */
  readonly issuer: string | undefined;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly lastSignIn: number | undefined;
}

/** What a person proves to be who they are with. */
export interface Credentials {
  readonly user: User;
  readonly passwordHash: string | undefined;
  /** Base32; also while it waits to be confirmed. */
  readonly totpSecret: string | undefined;
}

type Row = Selectable<UserTable>;

export function userOf(row: Row): User {
  return {
    id: row.id,
    name: row.name,
    displayName: row.display_name,
    role: readRole(row.role),
    enabled: row.enabled === 1,
    hasPassword: row.password_hash !== null,
    hasTotp: row.totp_confirmed === 1,
    issuer: row.issuer ?? undefined,
    createdAt: row.created_at,
    lastSignIn: row.last_sign_in ?? undefined,
  };
}

export function credentialsOf(row: Row): Credentials {
  return {
    user: userOf(row),
    passwordHash: row.password_hash ?? undefined,
    totpSecret: row.totp_secret ?? undefined,
  };
}

/** Finds the row of a person. Throws `user-unknown`. */
export async function userRow(database: Kysely<CatalogTables>, id: string): Promise<Row> {
  const row = await database.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new AppError('user-unknown', 'There is no user with this id.');
  return row;
}

/**
 * Takes the turn of a change that looks at all people: such changes are made one after another, over all servers of a
 * catalog. Belongs at the start of a transaction.
 */
export async function takeTurn(change: Kysely<CatalogTables>): Promise<void> {
  await countChange(change, 'people');
}

/** Throws `last-administrator` when nobody but this person could administer the server. */
export async function keepAdministrator(change: Kysely<CatalogTables>, id: string): Promise<void> {
  const other = await change
    .selectFrom('users')
    .select('id')
    .where('role', '=', 'administrator')
    .where('enabled', '=', 1)
    .where('id', '!=', id)
    .limit(1)
    .executeTakeFirst();
  if (other !== undefined) return;
  throw new AppError('last-administrator', 'Nobody else is administrator.');
}
