import { createHash } from 'node:crypto';
import type { DeadLetter } from '#event';
import type { BlockIdentity } from './block-identity.ts';
import type { CoveredRange } from './coverage.ts';
import type { NativeInsert } from './engine.ts';
import { blockBytesDefault, blockDaysMax, groupBatchesMax } from './limits.ts';
import { blockRowsMax } from './native/column.ts';
import { encodeBlock, type NamedColumn } from './native/encode-block.ts';
import type { EventBlock } from './native/event-block.ts';
import type { StreamCheckpoint } from './store.ts';

/** What a writer hands over at a time; parts are written in this order. */
export interface Batch {
  readonly block: EventBlock | undefined;
  readonly identity: BlockIdentity | undefined;
  readonly letters: readonly DeadLetter[];
  readonly checkpoints: readonly StreamCheckpoint[];
  readonly coverage: readonly CoveredRange[];
  /** Days its events lie on: as many parts are made of it. */
  readonly days: number;
  /** Called when the block may be filled again. */
  readonly release: () => void;
}

/** What became of a batch. */
export interface BatchResult {
  readonly rows: number;
  readonly known: number;
  readonly bytes: number;
}

/** A batch, and who waits for it. */
export interface WaitingBatch {
  readonly batch: Batch;
  readonly resolve: (result: BatchResult) => void;
  readonly reject: (thrown: unknown) => void;
}

/**
 * Batches that came while others were being written. What an insert costs is mostly the same for one row and for
 * thousands, so that they go together; they are no more than one full block, and stay in memory until they are written.
 */
export class WriteGroup {
  readonly waiting: WaitingBatch[] = [];
  #rows = 0;
  #bytes = 0;
  #days = 0;

  fits({ identity, block, days }: Batch): boolean {
    return (
      this.waiting.length < groupBatchesMax &&
      this.#rows + (identity?.rows ?? 0) <= blockRowsMax &&
      this.#bytes + (block?.bytes ?? 0) <= blockBytesDefault &&
      this.#days + days <= blockDaysMax
    );
  }

  add(batch: Batch): Promise<BatchResult> {
    this.#rows += batch.identity?.rows ?? 0;
    this.#bytes += batch.block?.bytes ?? 0;
    this.#days += batch.days;
    return new Promise((resolve, reject) => this.waiting.push({ batch, resolve, reject }));
  }
}

/** The events of one batch, encoded: one block of the format. */
export interface EncodedBlock {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly parts: readonly Uint8Array[];
  readonly bytes: number;
}

/** Encodes columns; valid until they are reset. */
export function encodeColumns(columns: readonly NamedColumn[], rows: number): EncodedBlock {
  const parts = encodeBlock(columns, rows);
  return {
    columns: columns.map(({ name, builder }) => ({ name, type: builder.type })),
    parts,
    bytes: parts.reduce((sum, part) => sum + part.length, 0),
  };
}

/**
 * Makes one insert of the blocks of several batches: one behind the other, each with the columns that its own events
 * have. The engine takes the columns a block lacks for absent, and makes one part of all (per day).
 */
export function joinBlocks(table: string, blocks: readonly EncodedBlock[], tokens: readonly string[]): NativeInsert {
  const types = new Map(blocks.flatMap(({ columns }) => columns.map(({ name, type }) => [name, type] as const)));
  return {
    table,
    columns: [...types].map(([name, type]) => ({ name, type })),
    parts: blocks.flatMap(({ parts }) => parts),
    token: createHash('sha256').update(tokens.join()).digest('hex'),
  };
}
