import type { Kysely } from 'kysely';
import { catalogLimits } from './limits.ts';
import type { CatalogTables } from './tables.ts';

/** Something that happened in the fleet, and is not stored as an event yet. */
export interface WaitingEvent {
  /** The same key again is the same event. */
  readonly key: string;
  /** Epoch milliseconds. */
  readonly time: number;
  /** Its record, as one line of JSON. */
  readonly line: string;
}

/** Events of the fleet that wait for the store; whatever becomes of the server, they are still there. */
export interface FleetOutbox {
  /** Keeps events; gives how many old ones had to go because there are too many. */
  add(events: readonly WaitingEvent[]): Promise<number>;
  /** Those that wait, oldest first. */
  pending(limit: number): Promise<readonly WaitingEvent[]>;
  /** Forgets events that are stored. */
  remove(keys: readonly string[]): Promise<void>;
}

/** See {@link FleetOutbox}. */
export function createFleetOutbox(database: Kysely<CatalogTables>): FleetOutbox {
  return {
    async add(events) {
      if (events.length === 0) return 0;
      return await database.transaction().execute(async (change) => {
        await change
          .insertInto('fleet_outbox')
          .values([...events])
          .onConflict((conflict) => conflict.column('key').doNothing())
          .execute();
        const { count } = await change
          .selectFrom('fleet_outbox')
          .select((of) => of.fn.countAll<number>().as('count'))
          .executeTakeFirstOrThrow();
        const excess = Number(count) - catalogLimits.fleetEvents;
        if (excess <= 0) return 0;
        const oldest = change.selectFrom('fleet_outbox').select('key').orderBy('time').orderBy('key').limit(excess);
        await change.deleteFrom('fleet_outbox').where('key', 'in', oldest).execute();
        return excess;
      });
    },
    async pending(limit) {
      return await database
        .selectFrom('fleet_outbox')
        .selectAll()
        .orderBy('time')
        .orderBy('key')
        .limit(limit)
        .execute();
    },
    async remove(keys) {
      if (keys.length === 0) return;
      await database
        .deleteFrom('fleet_outbox')
        .where('key', 'in', [...keys])
        .execute();
    },
  };
}
