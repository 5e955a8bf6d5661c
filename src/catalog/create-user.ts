import type { Kysely } from 'kysely';
import { AppError } from '#error';
import { foldName } from './json-columns.ts';
import { catalogLimits } from './limits.ts';
import { randomId } from './random-secret.ts';
import type { Role } from './roles.ts';
import type { CatalogTables } from './tables.ts';
import { takeTurn, type User, userOf } from './user-rows.ts';

/** A person to be. */
export interface NewUser {
  readonly name: string;
  readonly displayName: string;
  readonly role: Role;
  readonly passwordHash?: string | undefined;
  /** Who the person is at a provider of identities. */
  readonly identity?: { readonly issuer: string; readonly subject: string } | undefined;
}

/** Adds a person, within a transaction. Throws `user-name-taken`, `users-exceeded`. */
export async function createUser(change: Kysely<CatalogTables>, user: NewUser, now: number): Promise<User> {
  await takeTurn(change);
  const folded = foldName(user.name);
  const taken = await change.selectFrom('users').select('id').where('name_folded', '=', folded).executeTakeFirst();
  if (taken !== undefined) throw new AppError('user-name-taken', 'Another user has this name.');
  const { count } = await change
    .selectFrom('users')
    .select((of) => of.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  if (Number(count) >= catalogLimits.users) {
    throw new AppError('users-exceeded', `There are ${catalogLimits.users} users, as many as there may be.`);
  }
  const row = {
    id: `user_${randomId()}`,
    name: user.name,
    name_folded: folded,
    display_name: user.displayName,
    role: user.role,
    enabled: 1,
    password_hash: user.passwordHash ?? null,
    password_at: user.passwordHash === undefined ? null : now,
    totp_secret: null,
    totp_confirmed: 0,
    totp_step: 0,
    issuer: user.identity?.issuer ?? null,
    subject: user.identity?.subject ?? null,
    created_at: now,
    last_sign_in: null,
  };
  await change.insertInto('users').values(row).execute();
  return userOf(row);
}
