import type { Kysely } from 'kysely';
import { full, keyed } from './build-table.ts';

/** Makes the table of dashboards. */
export async function dashboardMigration({ schema }: Kysely<unknown>): Promise<void> {
  const table = full(
    keyed(schema.createTable('dashboards'), 'id'),
    'text',
    ...['owner_id', 'owner', 'name', 'name_folded', 'description', 'content'],
  );
  await full(full(table, 'integer', 'widgets', 'shared'), 'bigint', 'created_at', 'updated_at').execute();
  await schema.createIndex('dashboards_name').unique().on('dashboards').columns(['owner_id', 'name_folded']).execute();
}
