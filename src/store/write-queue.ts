import { AppError } from '#error';
import type { DeadLetter } from '#event';
import type { BlockIdentity } from './block-identity.ts';
import type { CoveredRange } from './coverage.ts';
import { coverageRow } from './coverage-book.ts';
import type { Engine } from './engine.ts';
import { storeError } from './engine-error.ts';
import type { KnownRows } from './known-rows.ts';
import { bytesOf } from './native/column.ts';
import { encodeBlock, type NamedColumn } from './native/encode-block.ts';
import type { EventBlock } from './native/event-block.ts';
import { insertRows } from './plain-rows.ts';
import type { StreamCheckpoint } from './store.ts';
import { coverageColumns, deadLetterColumns, streamColumns } from './tables.ts';

/** What a writer hands over at a time; parts are written in this order. */
export interface Batch {
  readonly block: EventBlock | undefined;
  readonly identity: BlockIdentity | undefined;
  readonly letters: readonly DeadLetter[];
  readonly checkpoints: readonly StreamCheckpoint[];
  readonly coverage: readonly CoveredRange[];
  /** Called when the block may be filled again. */
  readonly release: () => void;
}

/** What became of a batch. */
export interface BatchResult {
  readonly rows: number;
  readonly known: number;
  readonly bytes: number;
}

/** Column that marks rows to leave out. */
const skipColumn = '_skip';

function skipBuilder(marks: Uint8Array): NamedColumn {
  return { name: skipColumn, builder: { type: 'UInt8', finish: (rows) => [bytesOf(marks, rows)] } };
}

/** A dead letter as a row. */
function letterRow(letter: DeadLetter, time: number, removed: 0 | 1): Readonly<Record<string, string | number>> {
  return { ...letter, time, removed };
}

/**
 * Writes the batches of all writers, one after the other. While one is with the engine, the next is being filled, so
 * the two cores both have work; more at a time would only need more memory. That it is one after the other is also what
 * lets the question "which of these are stored?" be answered once and for all.
 */
export class WriteQueue {
  readonly #engine: Engine;
  readonly #knownNow: () => KnownRows;
  readonly #wrote: () => Promise<void>;
  #tail: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** `wrote` is told of each block. */
  constructor(engine: Engine, known: () => KnownRows, wrote: () => Promise<void>) {
    this.#engine = engine;
    this.#knownNow = known;
    this.#wrote = wrote;
  }

  get #known(): KnownRows {
    return this.#knownNow();
  }

  /** Writes a batch when those before it are written. */
  write(batch: Batch): Promise<BatchResult> {
    return this.enqueue(() => this.#write(batch));
  }

  /** Runs other work in its turn. */
  enqueue<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(() => {
      if (this.#closed) throw new AppError('store-closed', 'The store was closed before everything was written.');
      return work();
    });
    this.#tail = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }

  async #write(batch: Batch): Promise<BatchResult> {
    const { block, identity } = batch;
    try {
      const result =
        block === undefined || identity === undefined || identity.rows === 0
          ? { rows: 0, known: 0, bytes: 0 }
          : await this.#writeBlock(block, identity, batch.release);
      await this.#writeLetters(batch.letters);
      await this.writeCoverage(batch.coverage);
      await this.writeCheckpoints(batch.checkpoints);
      return result;
    } catch (thrown) {
      throw storeError(thrown, 'store events');
    } finally {
      batch.release();
    }
  }

  async #writeBlock(block: EventBlock, identity: BlockIdentity, taken: () => void): Promise<BatchResult> {
    const { rows } = identity;
    const { doubtful, marks: skipped } = await this.#known.find(identity);
    const known = skipped?.reduce((sum, mark) => sum + mark, 0) ?? 0;
    if (known === rows) return { rows, known, bytes: 0 };
    const columns = block.usedColumns();
    const all = skipped === undefined ? columns : [...columns, skipBuilder(skipped)];
    const parts = encodeBlock(all, rows);
    const bytes = parts.reduce((sum, part) => sum + part.length, 0);
    try {
      await this.#engine.insert({
        table: `${this.#engine.database}.events`,
        columns: all.map(({ name, builder }) => ({ name, type: builder.type })),
        ...(skipped === undefined ? {} : { skip: skipColumn }),
        parts,
        token: identity.token(skipped),
        taken,
      });
    } catch (thrown) {
      this.#known.forget(identity);
      throw thrown;
    }
    await this.#wrote();
    // A record read again may be an event where it was a dead letter before.
    if (doubtful)
      await this.#insertLetters(
        (await this.#known.lettersAmong(identity)).map((letter) => letterRow(letter, Date.now(), 1)),
      );
    return { rows, known, bytes };
  }

  async #writeLetters(letters: readonly DeadLetter[]): Promise<void> {
    const time = Date.now();
    await this.#insertLetters(letters.map((letter) => letterRow(letter, time, 0)));
  }

  async #insertLetters(rows: readonly Readonly<Record<string, string | number>>[]): Promise<void> {
    // Rows of one key replace one another, so letters need no token that would tell the same from the same.
    await insertRows(
      this.#engine,
      'dead_letters',
      deadLetterColumns,
      rows,
      `letters:${Date.now()}:${process.hrtime.bigint()}`,
    );
  }

  /** Marks letters as removed. */
  removeLetters(letters: readonly DeadLetter[]): Promise<void> {
    const time = Date.now();
    return this.enqueue(() => this.#insertLetters(letters.map((letter) => letterRow({ ...letter, raw: '' }, time, 1))));
  }

  /** Writes checkpoints at once; for the queue's own turn. */
  async writeCheckpoints(checkpoints: readonly StreamCheckpoint[]): Promise<void> {
    const updated = Date.now();
    const rows = checkpoints.map((checkpoint) => ({ ...checkpoint, updated }));
    await insertRows(this.#engine, 'streams', streamColumns, rows, `streams:${updated}:${process.hrtime.bigint()}`);
  }

  /** Writes stretches at once; for the queue's own turn. */
  async writeCoverage(ranges: readonly CoveredRange[]): Promise<void> {
    const received = Date.now();
    const rows = ranges.map((range) => coverageRow(range, received));
    const token = `coverage:${received}:${process.hrtime.bigint()}`;
    await insertRows(this.#engine, 'coverage', coverageColumns, rows, token);
  }

  /** Lets the batch with the engine end, and refuses the rest. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#tail;
  }
}
