import { AppError } from '#error';
import type { DeadLetter } from '#event';
import type { BlockIdentity } from './block-identity.ts';
import type { CoveredRange } from './coverage.ts';
import { coverageRow } from './coverage-book.ts';
import type { Engine } from './engine.ts';
import { storeError } from './engine-error.ts';
import type { KnownRows } from './known-rows.ts';
import { bytesOf } from './native/column.ts';
import type { NamedColumn } from './native/encode-block.ts';
import type { EventBlock } from './native/event-block.ts';
import { insertRows } from './plain-rows.ts';
import type { StreamCheckpoint } from './store.ts';
import { coverageColumns, deadLetterColumns, streamColumns } from './tables.ts';
import {
  type Batch,
  type BatchResult,
  type EncodedBlock,
  encodeColumns,
  joinBlocks,
  type WaitingBatch,
  WriteGroup,
} from './write-group.ts';

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
 * Writes the batches of all writers: one after the other, and those that came meanwhile together. While one is with the
 * engine, the next is being filled, so the two cores both have work; more at a time would only need more memory. That it
 * is one after the other is also what lets the question "which of these are stored?" be answered once and for all.
 */
export class WriteQueue {
  readonly #engine: Engine;
  readonly #knownNow: () => KnownRows;
  readonly #wrote: () => Promise<void>;
  #tail: Promise<unknown> = Promise.resolve();
  /** Batches that wait for their turn, while others may join them. */
  #open: WriteGroup | undefined;
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

  /**
   * Writes a batch when those before it are written, together with others that wait; where others write, too, nothing is
   * new for certain, and each goes alone.
   */
  write(batch: Batch): Promise<BatchResult> {
    const open = this.#engine.exclusive ? this.#open : undefined;
    if (open?.fits(batch) === true) return open.add(batch);
    const group = new WriteGroup();
    const result = group.add(batch);
    this.#inTurn(() => this.#writeGroup(group)).catch((thrown: unknown) => {
      for (const { batch: one, reject } of group.waiting) {
        one.release();
        reject(thrown);
      }
    });
    this.#open = group;
    return result;
  }

  /** Runs other work in its turn. What is written after it was asked for waits for it. */
  enqueue<T>(work: () => Promise<T>): Promise<T> {
    this.#open = undefined;
    return this.#inTurn(work);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
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

  async #writeGroup(group: WriteGroup): Promise<void> {
    if (this.#open === group) this.#open = undefined;
    const [first, ...others] = group.waiting;
    if (first === undefined) return;
    if (others.length === 0) return this.#writeAlone(first);
    let fresh: WaitingBatch[] = [];
    for (const one of group.waiting) {
      const { identity } = one.batch;
      if (identity === undefined || (await this.#areNew(identity))) {
        fresh.push(one);
        continue;
      }
      // What may be stored already, or comes twice in this group, is looked for once the rest is stored.
      await this.#writeTogether(fresh);
      fresh = [];
      await this.#writeAlone(one);
    }
    await this.#writeTogether(fresh);
  }

  /** Whether rows are new for certain. A store that cannot be asked now is asked again when they are written. */
  async #areNew(identity: BlockIdentity): Promise<boolean> {
    try {
      return await this.#known.areNew(identity);
    } catch {
      this.#known.forget(identity);
      return false;
    }
  }

  async #writeAlone({ batch, resolve, reject }: WaitingBatch): Promise<void> {
    try {
      resolve(await this.#write(batch));
    } catch (thrown) {
      reject(storeError(thrown, 'store events'));
    } finally {
      batch.release();
    }
  }

  /** Writes batches that are new to the store at once. When that fails, each is tried alone: then it fails for itself. */
  async #writeTogether(waiting: readonly WaitingBatch[]): Promise<void> {
    if (waiting.length === 0) return;
    const batches = waiting.map(({ batch }) => batch);
    const blocks = new Map<Batch, EncodedBlock>();
    try {
      const tokens: string[] = [];
      for (const batch of batches) {
        const { block, identity } = batch;
        if (block === undefined || identity === undefined || identity.rows === 0) continue;
        blocks.set(batch, encodeColumns(block.usedColumns(), identity.rows));
        tokens.push(identity.token(undefined));
      }
      if (blocks.size > 0) {
        await this.#engine.insert(joinBlocks(`${this.#engine.database}.events`, [...blocks.values()], tokens));
        await this.#wrote();
      }
      await this.#writeLetters(batches.flatMap(({ letters }) => letters));
      await this.writeCoverage(batches.flatMap(({ coverage }) => coverage));
      await this.writeCheckpoints(batches.flatMap(({ checkpoints }) => checkpoints));
    } catch {
      for (const { identity } of batches) if (identity !== undefined) this.#known.forget(identity);
      for (const one of waiting) await this.#writeAlone(one);
      return;
    }
    for (const { batch, resolve } of waiting) {
      resolve({ rows: batch.identity?.rows ?? 0, known: 0, bytes: blocks.get(batch)?.bytes ?? 0 });
      batch.release();
    }
  }

  async #write({ block, identity, letters, checkpoints, coverage, release }: Batch): Promise<BatchResult> {
    const result =
      block === undefined || identity === undefined || identity.rows === 0
        ? { rows: 0, known: 0, bytes: 0 }
        : await this.#writeBlock(block, identity, release);
    await this.#writeLetters(letters);
    await this.writeCoverage(coverage);
    await this.writeCheckpoints(checkpoints);
    return result;
  }

  async #writeBlock(block: EventBlock, identity: BlockIdentity, taken: () => void): Promise<BatchResult> {
    const { rows } = identity;
    const { doubtful, marks: skipped } = await this.#known.find(identity);
    const known = skipped?.reduce((sum, mark) => sum + mark, 0) ?? 0;
    if (known === rows) return { rows, known, bytes: 0 };
    const used = block.usedColumns();
    const { columns, parts, bytes } = encodeColumns(
      skipped === undefined ? used : [...used, skipBuilder(skipped)],
      rows,
    );
    try {
      await this.#engine.insert({
        table: `${this.#engine.database}.events`,
        columns,
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
