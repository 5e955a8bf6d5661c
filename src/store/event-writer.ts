import { AppError, asAppError } from '#error';
import type { DeadLetter, Event } from '#event';
import { BlockIdentity, streamKey } from './block-identity.ts';
import type { CoveredRange } from './coverage.ts';
import { blockBytesDefault, blockDaysMax, blocksInFlightDefault, flushMsDefault, spareBlocksMax } from './limits.ts';
import { blockRowsMax } from './native/column.ts';
import { EventBlock } from './native/event-block.ts';
import { instantMax, instantMin } from './native/number-columns.ts';
import type { EventWriter, StreamCheckpoint, WriterCounts, WriterOptions } from './store.ts';
import type { Batch } from './write-group.ts';
import type { WriteQueue } from './write-queue.ts';

interface Slot {
  readonly block: EventBlock;
  readonly identity: BlockIdentity;
}

/**
 * Blocks that were written, to be filled again: by whichever writer, for making one takes megabytes, and time. Only few
 * are kept.
 */
export class SpareBlocks {
  readonly #blocks: EventBlock[] = [];

  take(): EventBlock {
    return this.#blocks.pop() ?? new EventBlock();
  }

  /** Takes back a block that was reset. */
  giveBack(block: EventBlock): void {
    if (this.#blocks.length < spareBlocksMax) this.#blocks.push(block);
  }
}

const dayMs = 86_400_000;

/** Dead letters held before they are written with or without a full block. */
const lettersMax = 1_000;

function incomplete(event: Event): AppError {
  const { eventTime, stream, generation, position } = event;
  const found = `eventTime ${eventTime}, stream ${stream}, generation ${generation}, position ${position}`;
  return new AppError('event-incomplete', 'An event needs a time and an identity to be stored.', { place: { found } });
}

function isWhole(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** See {@link EventWriter}. Fills one block while the queue writes others. */
export class BlockWriter implements EventWriter {
  readonly #queue: WriteQueue;
  readonly #onClose: () => void;
  readonly #rowsMax: number;
  readonly #bytesMax: number;
  readonly #flushMs: number;
  readonly #inFlightMax: number;
  readonly #spare: SpareBlocks;
  #slot: Slot | undefined;
  #days: Set<number> = new Set();
  #lastDay = Number.NaN;
  #letters: DeadLetter[] = [];
  #checkpoints: Map<string, StreamCheckpoint> = new Map();
  #coverage: CoveredRange[] = [];
  #inFlight = 0;
  #timer: NodeJS.Timeout | undefined;
  #error: AppError | undefined;
  #closed = false;
  #unfit = 0;
  /** Called each time a batch is done. */
  readonly #watchers: Set<() => void> = new Set();
  readonly #counts: WriterCounts = { added: 0, durable: 0, known: 0, deadLetters: 0, blocks: 0, bytes: 0, unfit: 0 };

  constructor(queue: WriteQueue, spare: SpareBlocks, options: WriterOptions, onClose: () => void) {
    this.#queue = queue;
    this.#spare = spare;
    this.#onClose = onClose;
    this.#rowsMax = Math.min(Math.max(1, options.rowsPerBlock ?? blockRowsMax), blockRowsMax);
    this.#bytesMax = options.bytesPerBlock ?? blockBytesDefault;
    this.#flushMs = options.flushMs ?? flushMsDefault;
    this.#inFlightMax = Math.max(1, options.blocksInFlight ?? blocksInFlightDefault);
  }

  get counts(): Readonly<WriterCounts> {
    this.#counts.unfit = this.#unfit + (this.#slot?.block.unfit ?? 0);
    return this.#counts;
  }

  get full(): boolean {
    return this.#inFlight >= this.#inFlightMax;
  }

  add(event: Event): void {
    this.#check();
    const { eventTime, stream, generation, position } = event;
    if (eventTime === undefined || stream === undefined || generation === undefined || position === undefined) {
      throw incomplete(event);
    }
    const place = typeof position === 'number' ? position : Number(position);
    const inTime = Number.isSafeInteger(eventTime) && eventTime >= instantMin && eventTime <= instantMax;
    if (!inTime || !isWhole(place) || !isWhole(generation) || stream === '') throw incomplete(event);
    const slot = this.#slotFor(eventTime);
    slot.block.add(event);
    slot.identity.add(stream, generation, place);
    this.#counts.added += 1;
    if (slot.identity.rows >= this.#rowsMax || slot.block.bytes >= this.#bytesMax) this.#hand();
    else this.#startTimer();
  }

  addDead(letter: DeadLetter): void {
    this.#check();
    this.#letters.push(letter);
    this.#counts.deadLetters += 1;
    if (this.#letters.length >= lettersMax) this.#hand();
    else this.#startTimer();
  }

  checkpoint(state: StreamCheckpoint): void {
    this.#check();
    this.#checkpoints.set(streamKey(state.stream, state.generation), state);
    this.#startTimer();
  }

  covered(range: CoveredRange): void {
    this.#check();
    this.#coverage.push(range);
    this.#startTimer();
  }

  async drain(): Promise<void> {
    await this.#until(() => !this.full);
  }

  async flush(): Promise<void> {
    this.#hand();
    let awaited = this.#inFlight;
    const watch = (): void => {
      awaited -= 1;
    };
    this.#watchers.add(watch);
    try {
      await this.#until(() => awaited <= 0);
    } finally {
      this.#watchers.delete(watch);
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    try {
      await this.flush();
    } finally {
      this.abandon();
    }
  }

  /** Ends without writing what was not yet handed over. */
  abandon(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#onClose();
    for (const watch of this.#watchers) watch();
  }

  /** Rejects once something went wrong: what comes after a lost block must not be acknowledged. */
  #check(): void {
    if (this.#error !== undefined) throw this.#error;
    if (this.#closed) throw new AppError('store-closed', 'The writer is closed.');
  }

  #until(met: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const over =
          this.#error ?? (this.#closed && !met() ? new AppError('store-closed', 'The store was closed.') : undefined);
        if (over === undefined && !met()) return;
        this.#watchers.delete(look);
        if (over === undefined) resolve();
        else reject(over);
      };
      this.#watchers.add(look);
      look();
    });
  }

  #slotFor(eventTime: number): Slot {
    const day = Math.floor(eventTime / dayMs);
    if (day !== this.#lastDay) {
      // Each day of a block becomes a part of its own; a log of one line a day must not make thousands at once.
      if (this.#days.size >= blockDaysMax && !this.#days.has(day)) this.#hand();
      this.#days.add(day);
      this.#lastDay = day;
    }
    this.#slot ??= { block: this.#spare.take(), identity: new BlockIdentity() };
    return this.#slot;
  }

  #startTimer(): void {
    if (this.#timer !== undefined || this.#flushMs === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#error === undefined && !this.#closed) this.#hand();
    }, this.#flushMs);
    this.#timer.unref();
  }

  /** Hands what was collected to the queue. */
  #hand(): void {
    this.#check();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const slot = this.#slot;
    const letters = this.#letters;
    const checkpoints = [...this.#checkpoints.values()];
    const coverage = this.#coverage;
    const days = this.#days.size;
    if (slot === undefined && letters.length + checkpoints.length + coverage.length === 0) return;
    this.#slot = undefined;
    this.#letters = [];
    this.#checkpoints = new Map();
    this.#coverage = [];
    this.#days = new Set();
    this.#lastDay = Number.NaN;
    this.#inFlight += 1;
    if (slot !== undefined) this.#counts.blocks += 1;
    void this.#write(slot, { letters, checkpoints, coverage, days });
  }

  async #write(
    slot: Slot | undefined,
    rest: Pick<Batch, 'letters' | 'checkpoints' | 'coverage' | 'days'>,
  ): Promise<void> {
    let released = false;
    const release = (): void => {
      if (slot === undefined || released) return;
      released = true;
      this.#unfit += slot.block.unfit;
      slot.block.reset();
      // The identity is still needed if the insert fails.
      this.#spare.giveBack(slot.block);
    };
    try {
      if (this.#error !== undefined) throw this.#error;
      const result = await this.#queue.write({ ...rest, block: slot?.block, identity: slot?.identity, release });
      this.#counts.durable += result.rows;
      this.#counts.known += result.known;
      this.#counts.bytes += result.bytes;
    } catch (thrown) {
      this.#error ??= asAppError(thrown);
    } finally {
      this.#inFlight -= 1;
      for (const watch of [...this.#watchers]) watch();
    }
  }
}
