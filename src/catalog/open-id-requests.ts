import type { Kysely } from 'kysely';
import { catalogLimits } from './limits.ts';
import { hashSecret, randomSecret } from './random-secret.ts';
import type { CatalogTables } from './tables.ts';

/** What is remembered of a sign-in while the person is at the provider of identities. */
export interface OpenIdRequest {
  readonly nonce: string;
  /** Of the proof key (RFC 7636). */
  readonly verifier: string;
}

/** Sign-ins under way at a provider of identities; each is taken once. */
export interface OpenIdRequests {
  /**
   * Keeps one. `state` goes through the provider; `binding` stays in the browser, so that nobody else can end the sign-in, or
   * have somebody else end theirs.
   */
  begin(request: OpenIdRequest, lifeMs: number): Promise<{ readonly state: string; readonly binding: string }>;
  /** Takes one; undefined when it is past its time, was taken, or belongs to another browser. */
  take(state: string, binding: string): Promise<OpenIdRequest | undefined>;
}

/** See {@link OpenIdRequests}. */
export function createOpenIdRequests(database: Kysely<CatalogTables>, clock: () => number): OpenIdRequests {
  return {
    async begin({ nonce, verifier }, lifeMs) {
      const now = clock();
      await makeRoom(database, now);
      const state = randomSecret();
      const binding = randomSecret();
      await database
        .insertInto('open_id_requests')
        .values({
          state_hash: hashSecret(state),
          binding_hash: hashSecret(binding),
          nonce,
          verifier,
          ends_at: now + lifeMs,
        })
        .execute();
      return { state, binding };
    },
    async take(state, binding) {
      const row = await database
        .deleteFrom('open_id_requests')
        .where('state_hash', '=', hashSecret(state))
        .where('binding_hash', '=', hashSecret(binding))
        .where('ends_at', '>', clock())
        .returning(['nonce', 'verifier'])
        .executeTakeFirst();
      return row;
    },
  };
}

/** Those past their time go; when too many wait, the oldest. */
async function makeRoom(database: Kysely<CatalogTables>, now: number): Promise<void> {
  await database.deleteFrom('open_id_requests').where('ends_at', '<=', now).execute();
  const kept = database
    .selectFrom('open_id_requests')
    .select('state_hash')
    .orderBy('ends_at', 'desc')
    .limit(catalogLimits.openIdRequests - 1);
  await database.deleteFrom('open_id_requests').where('state_hash', 'not in', kept).execute();
}
