import { setTimeout as delay } from 'node:timers/promises';
import { type AppError, asAppError } from '#error';
import { collectLimits } from '../limits.ts';
import type { Spool } from '../spool/spool.ts';
import type { SenderBatch } from './sender.ts';

/** What is needed of a spool. */
export type CollectSpool = Pick<Spool, 'append' | 'sync' | 'hasRoom'>;

/** Batches on their way into the spool, in order; while there is no room they wait, within a bound. */
export class SpoolQueue {
  readonly #spool: CollectSpool;
  readonly #failed: (error: AppError) => void;
  readonly #waiting: SenderBatch[] = [];
  #bytes = 0;
  #running: Promise<void> | undefined;
  #closing = false;
  readonly #listeners = new Set<() => void>();

  constructor(spool: CollectSpool, failed: (error: AppError) => void) {
    this.#spool = spool;
    this.#failed = failed;
  }

  /** True when senders that can wait should. */
  get full(): boolean {
    return this.#bytes >= collectLimits.waitingBytes || !this.#spool.hasRoom;
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  add(made: SenderBatch): void {
    this.#waiting.push(made);
    this.#bytes += made.batch.body.length;
    this.#running ??= this.#run();
  }

  /** Calls back whenever a batch has left the queue; gives the function that ends it. */
  onRoom(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when nothing waits any more, or the spool takes no more; gives the number of batches that are lost. */
  async close(): Promise<number> {
    this.#closing = true;
    await this.#running;
    return this.#waiting.length;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      try {
        await this.#spoolAll();
      } catch (thrown) {
        const error = asAppError(thrown);
        const isFull = error.code === 'spool-full';
        if (!isFull) this.#failed(error);
        if (this.#closing) break;
        await delay(isFull ? collectLimits.tickMs : collectLimits.retryMs);
      }
    }
    this.#running = undefined;
  }

  /** What could not be synced is appended once more: the same records, which the store knows by their positions. */
  async #spoolAll(): Promise<void> {
    let appended = 0;
    try {
      for (const { file, batch } of [...this.#waiting]) {
        await this.#spool.append(file, batch);
        appended += 1;
      }
    } finally {
      if (appended > 0) {
        await this.#spool.sync();
        for (const { batch } of this.#waiting.splice(0, appended)) this.#bytes -= batch.body.length;
        for (const listener of this.#listeners) listener();
      }
    }
  }
}
