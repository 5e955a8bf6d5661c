import type { FleetOutbox, WaitingEvent } from '#catalog';
import type { Logger } from '#log';
import { type FleetEvent, fleetRecord } from './fleet-event.ts';

/** Keeps what happens in the fleet: as records that go the way of all records. */
export interface FleetLog {
  /** Notes events; they are stored soon, and while the store is away they wait in the catalog. */
  note(...events: readonly FleetEvent[]): void;
  /** Resolves when these events are durable. */
  store(events: readonly FleetEvent[]): Promise<void>;
  /** Resolves when nothing is being stored any more. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Events that wait in memory while the catalog, too, is away; the oldest go first, and are counted in the log. */
const waitingMax = 10_000;
const batchMax = 1_000;
const againMs = 5_000;

/** Makes the log; `take` stores a batch of records, one JSON object a line. */
export function createFleetLog(take: (body: Buffer) => Promise<void>, outbox: FleetOutbox, log: Logger): FleetLog {
  return new OutboxFleetLog(take, outbox, log);
}

class OutboxFleetLog implements FleetLog {
  readonly #take: (body: Buffer) => Promise<void>;
  readonly #outbox: FleetOutbox;
  readonly #log: Logger;
  readonly #waiting: FleetEvent[] = [];
  /** Whether the outbox may hold what is not stored: of an earlier process, or since the store went away. */
  #owes = true;
  #working: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(take: (body: Buffer) => Promise<void>, outbox: FleetOutbox, log: Logger) {
    this.#take = take;
    this.#outbox = outbox;
    this.#log = log;
    this.#begin();
  }

  note(...events: readonly FleetEvent[]): void {
    this.#waiting.push(...events);
    if (this.#waiting.length > waitingMax) {
      this.#tellDropped(this.#waiting.splice(0, this.#waiting.length - waitingMax).length);
    }
    if (this.#waiting.length > 0) this.#begin();
  }

  async store(events: readonly FleetEvent[]): Promise<void> {
    for (let at = 0; at < events.length; at += batchMax) {
      await this.#takeLines(events.slice(at, at + batchMax).map(waitingOf));
    }
  }

  async settled(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.settled();
    clearTimeout(this.#timer);
    // What cannot be stored now is in the outbox, and the next process stores it.
    if (this.#waiting.length > 0) await this.#work();
  }

  #begin(): void {
    clearTimeout(this.#timer);
    this.#working ??= this.#work().then((isDone) => {
      this.#working = undefined;
      if (isDone && this.#waiting.length > 0) this.#begin();
    });
  }

  /** Stores all there is; false when that failed, and is tried again later. */
  async #work(): Promise<boolean> {
    try {
      while (this.#waiting.length > 0 || this.#owes) {
        await (this.#waiting.length > 0 ? this.#storeNoted() : this.#storeOwed());
      }
      return true;
    } catch (thrown) {
      this.#log.warn({ err: thrown, waiting: this.#waiting.length }, 'events of the fleet wait for the store');
      if (!this.#closed) this.#timer = setTimeout(() => this.#begin(), againMs).unref();
      return false;
    }
  }

  /** The outbox comes first: from then on nothing can be lost with this process. */
  async #storeNoted(): Promise<void> {
    const noted = this.#waiting.splice(0, batchMax);
    const batch = noted.map(waitingOf);
    try {
      const dropped = await this.#outbox.add(batch);
      if (dropped > 0) this.#tellDropped(dropped);
    } catch (thrown) {
      this.#waiting.unshift(...noted);
      throw thrown;
    }
    // Until it is known to be stored.
    const owed = this.#owes;
    this.#owes = true;
    await this.#takeLines(batch);
    await this.#outbox.remove(batch.map(({ key }) => key));
    this.#owes = owed;
  }

  async #storeOwed(): Promise<void> {
    const batch = await this.#outbox.pending(batchMax);
    if (batch.length > 0) await this.#takeLines(batch);
    await this.#outbox.remove(batch.map(({ key }) => key));
    this.#owes = batch.length === batchMax;
  }

  async #takeLines(events: readonly WaitingEvent[]): Promise<void> {
    await this.#take(Buffer.from(events.map(({ line }) => `${line}\n`).join('')));
  }

  #tellDropped(dropped: number): void {
    this.#log.error({ dropped }, 'events of the fleet were dropped: the store is away for too long');
  }
}

function waitingOf(event: FleetEvent): WaitingEvent {
  return { key: event.key, time: Math.floor(event.time), line: JSON.stringify(fleetRecord(event)) };
}
