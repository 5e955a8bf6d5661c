import { timingSafeEqual } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import { AppError } from '#error';
import { readTexts } from './json-columns.ts';
import { catalogLimits } from './limits.ts';
import type { ApiTokenTable } from './people-tables.ts';
import { hashSecret, randomId, randomSecret } from './random-secret.ts';
import type { CatalogTables } from './tables.ts';
import { type User, userOf } from './user-rows.ts';

/** An API token, without its secret. */
export interface ApiToken {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  /** What it may be used for; never more than its owner may do. */
  readonly scopes: readonly string[];
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly lastUsed: number | undefined;
  readonly revokedAt: number | undefined;
  readonly state: 'usable' | 'expired' | 'revoked';
}

export interface NewApiToken {
  readonly userId: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly lifeMs: number;
}

/** Tokens for programs that act for a person. Only a hash of their secret is kept. */
export interface ApiTokens {
  /** Makes one; its text is given this once. Throws `api-tokens-exceeded`. */
  make(token: NewApiToken): Promise<{ readonly token: ApiToken; readonly text: string }>;
  /** Of one person, or of all; newest first. */
  list(userId?: string): Promise<readonly ApiToken[]>;
  /** Revokes one, if it is this person's; again, nothing changes. Throws `api-token-unknown`. */
  revoke(id: string, userId?: string): Promise<ApiToken>;
  /** Gives a token that is usable now, with its owner, unless that is the access token; undefined for any other text. */
  find(text: string): Promise<{ readonly token: ApiToken; readonly user: User | undefined } | undefined>;
}

/** What the text of a token looks like. */
export const apiTokenForm: RegExp = /^mdt_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;
/** A use within this time of the one before is not written down, in milliseconds. */
const useMs = 60_000;

type Database = Kysely<CatalogTables>;

/** See {@link ApiTokens}. */
export function createApiTokens(database: Database, clock: () => number): ApiTokens {
  return {
    async make({ userId, name, scopes, lifeMs }) {
      const now = clock();
      await makeRoom(database, userId, now);
      const secret = randomSecret();
      const row = {
        id: randomId(),
        secret_hash: hashSecret(secret),
        user_id: userId,
        name,
        scopes: JSON.stringify([...new Set(scopes)].sort()),
        created_at: now,
        expires_at: now + lifeMs,
        last_used: null,
        revoked_at: null,
      };
      await database.insertInto('api_tokens').values(row).execute();
      return { token: tokenOf(row, now), text: `mdt_${row.id}_${secret}` };
    },
    async list(userId) {
      const rows = await database
        .selectFrom('api_tokens')
        .selectAll()
        .$if(userId !== undefined, (from) => from.where('user_id', '=', userId ?? ''))
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .limit(catalogLimits.pageRows)
        .execute();
      return rows.map((row) => tokenOf(row, clock()));
    },
    async revoke(id, userId) {
      const own = <T extends { where(column: 'user_id', is: '=', value: string): T }>(from: T): T =>
        userId === undefined ? from : from.where('user_id', '=', userId);
      await own(
        database
          .updateTable('api_tokens')
          .set({ revoked_at: clock() })
          .where('id', '=', id)
          .where('revoked_at', 'is', null),
      ).execute();
      const row = await own(database.selectFrom('api_tokens').selectAll().where('id', '=', id)).executeTakeFirst();
      if (row === undefined) throw new AppError('api-token-unknown', 'There is no such API token.');
      return tokenOf(row, clock());
    },
    async find(text) {
      const [, id = '', secret = ''] = apiTokenForm.exec(text) ?? [];
      const now = clock();
      const row = await database.selectFrom('api_tokens').selectAll().where('id', '=', id).executeTakeFirst();
      const kept = Buffer.from(row?.secret_hash ?? hashSecret(''));
      if (row === undefined || !timingSafeEqual(Buffer.from(hashSecret(secret)), kept)) return undefined;
      const token = tokenOf(row, now);
      if (token.state !== 'usable') return undefined;
      const person = await database.selectFrom('users').selectAll().where('id', '=', row.user_id).executeTakeFirst();
      if (row.last_used === null || now - row.last_used >= useMs) {
        await database.updateTable('api_tokens').set({ last_used: now }).where('id', '=', id).execute();
      }
      return { token, user: person === undefined ? undefined : userOf(person) };
    },
  };
}

/** Tokens that ended make room; usable ones do not. */
async function makeRoom(database: Database, userId: string, now: number): Promise<void> {
  const rows = await database.selectFrom('api_tokens').selectAll().where('user_id', '=', userId).execute();
  if (rows.length < catalogLimits.userTokens) return;
  const ended = rows
    .filter((row) => tokenOf(row, now).state !== 'usable')
    .sort((one, other) => one.expires_at - other.expires_at)[0];
  if (ended === undefined) {
    throw new AppError('api-tokens-exceeded', `One person may have ${catalogLimits.userTokens} usable API tokens.`);
  }
  await database.deleteFrom('api_tokens').where('id', '=', ended.id).execute();
}

function tokenOf(row: Selectable<ApiTokenTable>, now: number): ApiToken {
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    scopes: readTexts(row.scopes),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsed: row.last_used ?? undefined,
    revokedAt: row.revoked_at ?? undefined,
    state: row.revoked_at !== null ? 'revoked' : row.expires_at <= now ? 'expired' : 'usable',
  };
}
