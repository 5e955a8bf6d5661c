import type { Logger } from '#log';
import { type FleetEvent, fleetRecord } from './fleet-event.ts';

/** Keeps what happens in the fleet: as records that go the way of all records. */
export interface FleetLog {
  /** Notes events; they are stored soon, and tried again while the store is away. */
  note(...events: readonly FleetEvent[]): void;
  /** Resolves when these events are durable. */
  store(events: readonly FleetEvent[]): Promise<void>;
  /** Resolves when nothing waits any more. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Events that wait while the store is away; the oldest go first, and are counted in the log. */
const waitingMax = 10_000;
const batchMax = 1_000;
const againMs = 5_000;

/** Makes the log; `take` stores a batch of records, one JSON object a line. */
export function createFleetLog(take: (body: Buffer) => Promise<void>, log: Logger): FleetLog {
  const waiting: FleetEvent[] = [];
  let working: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  async function store(events: readonly FleetEvent[]): Promise<void> {
    for (let at = 0; at < events.length; at += batchMax) {
      const lines = events.slice(at, at + batchMax).map((event) => `${JSON.stringify(fleetRecord(event))}\n`);
      await take(Buffer.from(lines.join('')));
    }
  }

  async function work(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchMax);
      try {
        await store(batch);
      } catch (thrown) {
        log.warn({ err: thrown, waiting: waiting.length }, 'events of the fleet wait for the store');
        if (closed) return;
        timer = setTimeout(begin, againMs);
        timer.unref();
        return;
      }
      waiting.splice(0, batch.length);
    }
  }

  function begin(): void {
    clearTimeout(timer);
    working ??= work().finally(() => {
      working = undefined;
    });
  }

  return {
    store,
    note(...events) {
      waiting.push(...events);
      if (waiting.length > waitingMax) {
        const dropped = waiting.splice(0, waiting.length - waitingMax).length;
        log.error({ dropped }, 'events of the fleet were dropped: the store is away for too long');
      }
      if (waiting.length > 0) begin();
    },
    async settled() {
      while (working !== undefined) await working;
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await working;
      await work();
    },
  };
}
