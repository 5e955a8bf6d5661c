import type { Kysely } from 'kysely';
import type { CatalogTables } from './tables.ts';

/**
 * Counts changes of one kind, over all servers of a catalog: who waits for a change looks at one number, whoever made it.
 */
export async function countChange(database: Kysely<CatalogTables>, name: ChangeKind): Promise<void> {
  await database
    .insertInto('counters')
    .values({ name, value: 1 })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((update) => ({ value: update('counters.value', '+', 1) })),
    )
    .execute();
}

/** What is counted. */
export type ChangeKind = 'profiles' | 'people';

/** The number of changes so far. */
export async function readChanges(database: Kysely<CatalogTables>, name: ChangeKind): Promise<number> {
  const row = await database.selectFrom('counters').select('value').where('name', '=', name).executeTakeFirst();
  return row === undefined ? 0 : Number(row.value);
}
