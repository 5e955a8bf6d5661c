import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { CatalogTables } from './tables.ts';

/** Scheduled work that one server at a time does. */
export interface Leases {
  /**
   * Takes or renews a lease for as many milliseconds; false when another server has it. Whoever stops renewing loses it,
   * so work must be harmless when done twice.
   */
  take(name: string, forMs: number): Promise<boolean>;
  /** Gives all leases back. */
  release(): Promise<void>;
}

/** Leases of this process. */
export function createLeases(database: Kysely<CatalogTables>, clock: () => number): Leases {
  const holder = randomUUID();
  return {
    async take(name, forMs) {
      const now = clock();
      const until = now + forMs;
      const result = await database
        .insertInto('leases')
        .values({ name, holder, until })
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet({ holder, until })
            .where((where) => where.or([where('leases.holder', '=', holder), where('leases.until', '<=', now)])),
        )
        .returning('holder')
        .executeTakeFirst();
      return result?.holder === holder;
    },
    async release() {
      await database.deleteFrom('leases').where('holder', '=', holder).execute();
    },
  };
}
