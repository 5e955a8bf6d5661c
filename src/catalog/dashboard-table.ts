import type { Kysely } from 'kysely';
import { full, keyed } from './build-table.ts';

/** Dashboards, as Kysely sees them. Times are epoch milliseconds; truth is 0 or 1. */
export interface DashboardTable {
  readonly id: string;
  readonly owner_id: string;
  readonly owner: string;
  name: string;
  name_folded: string;
  description: string;
  widgets: number;
  /** YAML. */
  content: string;
  shared: number;
  readonly created_at: number;
  updated_at: number;
}

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
