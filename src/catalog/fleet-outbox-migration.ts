import type { Kysely } from 'kysely';
import { full, keyed } from './build-table.ts';

/** Makes the table of events of the fleet that wait for the store. */
export async function fleetOutboxMigration({ schema }: Kysely<unknown>): Promise<void> {
  await full(full(keyed(schema.createTable('fleet_outbox'), 'key'), 'text', 'line'), 'bigint', 'time').execute();
  await schema.createIndex('fleet_outbox_time').on('fleet_outbox').column('time').execute();
}
