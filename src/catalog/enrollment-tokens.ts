import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import { enrollmentTokenForm } from '#delivery';
import { AppError } from '#error';
import { readTexts } from './json-columns.ts';
import { catalogLimits } from './limits.ts';
import type { CatalogTables, EnrollmentTokenTable } from './tables.ts';

/** An enrollment token, without its secret. */
export interface EnrollmentToken {
  readonly id: string;
  readonly description: string;
  /** Tags that agents get with it. */
  readonly tags: readonly string[];
  /** Profile that agents get with it. */
  readonly profileId: string | undefined;
  readonly usesMax: number;
  readonly uses: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly revokedAt: number | undefined;
  readonly state: 'usable' | 'spent' | 'expired' | 'revoked';
}

/** What a new token is to be. */
export interface NewToken {
  readonly description: string;
  readonly tags: readonly string[];
  readonly profileId: string | undefined;
  readonly usesMax: number;
  readonly lifeMs: number;
}

/** Tokens that let agents enroll. Only a hash of their secret is kept. */
export interface EnrollmentTokens {
  /** Makes one; its text is given this once. */
  make(token: NewToken): Promise<{ readonly token: EnrollmentToken; readonly text: string }>;
  /** Newest first. */
  list(options?: {
    readonly offset?: number | undefined;
    readonly limit?: number | undefined;
  }): Promise<{ readonly tokens: readonly EnrollmentToken[]; readonly total: number }>;
  /** Revokes one; again, nothing changes. Throws `enrollment-token-unknown`. */
  revoke(id: string): Promise<EnrollmentToken>;
}

/** See {@link EnrollmentTokens}. */
export function createEnrollmentTokens(database: Kysely<CatalogTables>, clock: () => number): EnrollmentTokens {
  return {
    async make({ description, tags, profileId, usesMax, lifeMs }) {
      const now = clock();
      await makeRoom(database);
      const id = randomBytes(6).toString('hex');
      const secret = randomBytes(32).toString('base64url');
      const row = {
        id,
        secret_hash: hashOf(secret),
        description,
        tags: JSON.stringify(tags),
        profile_id: profileId ?? null,
        uses_max: usesMax,
        uses: 0,
        created_at: now,
        expires_at: now + lifeMs,
        revoked_at: null,
      };
      await database.insertInto('enrollment_tokens').values(row).execute();
      return { token: tokenOf(row, now), text: `mde_${id}_${secret}` };
    },
    async list({ offset = 0, limit = 100 } = {}) {
      const rows = await database
        .selectFrom('enrollment_tokens')
        .selectAll()
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .offset(Math.max(0, offset))
        .limit(Math.min(Math.max(1, limit), catalogLimits.pageRows))
        .execute();
      const total = await countTokens(database);
      return { tokens: rows.map((row) => tokenOf(row, clock())), total };
    },
    async revoke(id) {
      await database
        .updateTable('enrollment_tokens')
        .set({ revoked_at: clock() })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .execute();
      const row = await database.selectFrom('enrollment_tokens').selectAll().where('id', '=', id).executeTakeFirst();
      if (row === undefined) throw new AppError('enrollment-token-unknown', 'There is no such enrollment token.');
      return tokenOf(row, clock());
    },
  };
}

/**
 * Finds the token of a text, whatever its state, comparing hashes in constant time. Throws `enrollment-token-wrong`, the
 * same for a text of another form, an unknown id and a wrong secret.
 */
export async function findToken(database: Kysely<CatalogTables>, text: string, now: number): Promise<EnrollmentToken> {
  const [, id = '', secret = ''] = enrollmentTokenForm.exec(text) ?? [];
  const row = await database.selectFrom('enrollment_tokens').selectAll().where('id', '=', id).executeTakeFirst();
  const offered = Buffer.from(hashOf(secret));
  const kept = Buffer.from(row?.secret_hash ?? hashOf(''));
  if (row === undefined || !timingSafeEqual(offered, kept)) {
    throw new AppError('enrollment-token-wrong', 'The enrollment token is not one of this server.');
  }
  return tokenOf(row, now);
}

/** Counts one use, if the token may still be used; of several at the same time only as many as it has left get through. */
export async function spendToken(database: Kysely<CatalogTables>, token: EnrollmentToken, now: number): Promise<void> {
  const done = await database
    .updateTable('enrollment_tokens')
    .set((update) => ({ uses: update('uses', '+', 1) }))
    .where('id', '=', token.id)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .whereRef('uses', '<', 'uses_max')
    .executeTakeFirst();
  if (done.numUpdatedRows === 1n) return;
  if (token.state === 'revoked') throw new AppError('enrollment-token-revoked', 'The enrollment token was revoked.');
  if (token.state === 'expired')
    throw new AppError('enrollment-token-expired', 'The enrollment token is past its time.');
  throw new AppError(
    'enrollment-token-spent',
    `The enrollment token was used ${token.usesMax} times, as often as it may be.`,
  );
}

/** The tokens that ended longest ago make room for new ones. */
async function makeRoom(database: Kysely<CatalogTables>): Promise<void> {
  const total = await countTokens(database);
  if (total < catalogLimits.tokens) return;
  const oldest = database
    .selectFrom('enrollment_tokens')
    .select('id')
    .orderBy('expires_at')
    .limit(total - catalogLimits.tokens + 1);
  await database.deleteFrom('enrollment_tokens').where('id', 'in', oldest).execute();
}

async function countTokens(database: Kysely<CatalogTables>): Promise<number> {
  const { count } = await database
    .selectFrom('enrollment_tokens')
    .select((of) => of.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** The secret is 256 random bits, so a plain hash keeps it. */
function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function tokenOf(row: Selectable<EnrollmentTokenTable>, now: number): EnrollmentToken {
  return {
    id: row.id,
    description: row.description,
    tags: readTexts(row.tags),
    profileId: row.profile_id ?? undefined,
    usesMax: row.uses_max,
    uses: row.uses,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at ?? undefined,
    state: stateOf(row, now),
  };
}

function stateOf(row: Selectable<EnrollmentTokenTable>, now: number): EnrollmentToken['state'] {
  if (row.revoked_at !== null) return 'revoked';
  if (row.expires_at <= now) return 'expired';
  return row.uses >= row.uses_max ? 'spent' : 'usable';
}
