import type { Catalog } from '#catalog';
import type { Logger } from '#log';
import { type BatchParts, takeBatch } from '../take-batch.ts';
import { type AgentDoor, createAgentDoor } from './agent-door.ts';
import { createFleetChecks, type FleetChecks } from './fleet-checks.ts';
import { fleetSource } from './fleet-event.ts';
import { createFleetLog, type FleetLog } from './fleet-log.ts';
import { createProfileBook, type ProfileBook } from './profile-book.ts';

/** All that a server has to do with agents. */
export interface Fleet {
  readonly catalog: Catalog;
  readonly door: AgentDoor;
  readonly fleet: FleetLog;
  readonly profiles: ProfileBook;
  readonly checks: FleetChecks;
  readonly clock: () => number;
  /** Stops looking, and stores what happened. */
  close(): Promise<void>;
}

/** What the fleet needs besides its catalog. */
export interface FleetParts extends BatchParts {
  readonly log: Logger;
  readonly clock: () => number;
}

/** Joins what belongs to agents. Events of the fleet go the way of all records. */
export function createFleet(catalog: Catalog, parts: FleetParts): Fleet {
  const { store, limits, log, clock } = parts;
  const identity = { stream: fleetSource, generation: 0, from: 0, to: undefined };
  const take = async (body: Buffer): Promise<void> => {
    await takeBatch(body, identity, parts);
  };
  const fleet = createFleetLog(take, catalog.outbox, log);
  const profiles = createProfileBook(catalog, limits.profileLookMs);
  const checks = createFleetChecks({ catalog, store, fleet, log, clock });
  return {
    catalog,
    door: createAgentDoor({ voices: catalog.voices, fleet, limits, clock }),
    fleet,
    profiles,
    checks,
    clock,
    async close() {
      profiles.close();
      await checks.stop();
      await fleet.close();
    },
  };
}
