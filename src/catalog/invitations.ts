import type { Kysely } from 'kysely';
import { AppError } from '#error';
import { createUser } from './create-user.ts';
import { catalogLimits } from './limits.ts';
import { hashSecret, randomId, randomSecret } from './random-secret.ts';
import type { CatalogTables } from './tables.ts';
import { takeTurn, type User, userOf, userRow } from './user-rows.ts';

/** What a link that works once is for: making the first administrator, or choosing one's password. */
export type InvitationPurpose = 'first-run' | 'password';

/** An invitation that may still be used. */
export interface Invitation {
  readonly purpose: InvitationPurpose;
  /** Who is invited; undefined for the first administrator, who has no account yet. */
  readonly user: User | undefined;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** What an invited person chose. */
export interface Acceptance {
  readonly secret: string;
  /** Counts for the first administrator alone; others have a name already. */
  readonly name: string;
  readonly displayName: string;
  readonly passwordHash: string;
}

/** Links that let a person in once. Only a hash of their secret is kept. */
export interface Invitations {
  /** Makes one for the first administrator; undefined when there are users already. */
  makeFirst(lifeMs: number): Promise<string | undefined>;
  /** Makes one for a person, in the place of any before. */
  make(userId: string, lifeMs: number): Promise<string>;
  /** Gives what a secret is for. Throws `invitation-unknown`. */
  look(secret: string): Promise<Invitation>;
  /**
   * Uses an invitation up: makes the first administrator, or sets the password of the person. Throws `invitation-unknown`,
   * `user-name-taken`.
   */
  accept(acceptance: Acceptance): Promise<User>;
}

type Database = Kysely<CatalogTables>;

/** See {@link Invitations}. */
export function createInvitations(database: Database, clock: () => number): Invitations {
  return {
    makeFirst: (lifeMs) =>
      database.transaction().execute(async (change) => {
        await takeTurn(change);
        const someone = await change.selectFrom('users').select('id').limit(1).executeTakeFirst();
        return someone === undefined ? insert(change, 'first-run', null, clock(), lifeMs) : undefined;
      }),
    make: (userId, lifeMs) =>
      database.transaction().execute(async (change) => {
        await userRow(change, userId);
        await change.deleteFrom('invitations').where('user_id', '=', userId).execute();
        return insert(change, 'password', userId, clock(), lifeMs);
      }),
    look: (secret) => find(database, secret, clock()),
    accept: (acceptance) => database.transaction().execute((change) => accept(change, acceptance, clock())),
  };
}

async function insert(
  change: Database,
  purpose: InvitationPurpose,
  userId: string | null,
  now: number,
  lifeMs: number,
): Promise<string> {
  await change.deleteFrom('invitations').where('expires_at', '<=', now).execute();
  const { count } = await change
    .selectFrom('invitations')
    .select((of) => of.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  if (Number(count) >= catalogLimits.invitations) {
    throw new AppError('users-exceeded', `${catalogLimits.invitations} invitations wait, as many as there may be.`);
  }
  const secret = randomSecret();
  await change
    .insertInto('invitations')
    .values({
      id: randomId(),
      secret_hash: hashSecret(secret),
      purpose,
      user_id: userId,
      created_at: now,
      expires_at: now + lifeMs,
    })
    .execute();
  return secret;
}

async function find(database: Database, secret: string, now: number): Promise<Invitation> {
  const row = await database
    .selectFrom('invitations')
    .selectAll()
    .where('secret_hash', '=', hashSecret(secret))
    .where('expires_at', '>', now)
    .executeTakeFirst();
  if (row === undefined) throw unknown();
  const purpose = row.purpose === 'first-run' ? 'first-run' : 'password';
  const user = row.user_id === null ? undefined : userOf(await userRow(database, row.user_id));
  return { purpose, user, expiresAt: row.expires_at };
}

async function accept(change: Database, acceptance: Acceptance, now: number): Promise<User> {
  await takeTurn(change);
  const { secret, name, displayName, passwordHash } = acceptance;
  const { purpose, user } = await find(change, secret, now);
  if (purpose === 'first-run') {
    const someone = await change.selectFrom('users').select('id').limit(1).executeTakeFirst();
    if (someone !== undefined) throw unknown();
    await change.deleteFrom('invitations').where('purpose', '=', 'first-run').execute();
    return createUser(change, { name, displayName, role: 'administrator', passwordHash }, now);
  }
  if (user === undefined) throw unknown();
  await change.deleteFrom('invitations').where('user_id', '=', user.id).execute();
  await change
    .updateTable('users')
    .set({ password_hash: passwordHash, password_at: now })
    .where('id', '=', user.id)
    .execute();
  await change.deleteFrom('sessions').where('user_id', '=', user.id).execute();
  return userOf(await userRow(change, user.id));
}

function unknown(): AppError {
  return new AppError(
    'invitation-unknown',
    'The link was used already, is past its time, or was never one of this server.',
  );
}
