import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { NewBatch } from '../spool/spool.ts';

/** Records are mostly alike, so the fastest level does. */
const level = 1;
const compress = promisify(gzip);

/** A stretch of a log with its records, not yet compressed. */
export interface OpenBatch {
  readonly from: number;
  to: number;
  lines: number;
  records: number;
  /** Characters of the records. */
  size: number;
  ended: boolean;
  readonly parts: string[];
}

/** Begins a batch at a position. */
export function beginBatch(from: number): OpenBatch {
  return { from, to: from, lines: 0, records: 0, size: 0, ended: false, parts: [] };
}

/** Adds a record, as JSON. */
export function addToBatch(batch: OpenBatch, record: object): void {
  const text = JSON.stringify(record);
  batch.parts.push(text);
  batch.records += 1;
  batch.size += text.length + 1;
}

/** Ends a batch: its records become NDJSON, gzip. */
export async function endBatch(batch: OpenBatch): Promise<NewBatch> {
  const { from, to, lines, records, ended, parts } = batch;
  const text = parts.length === 0 ? '' : `${parts.join('\n')}\n`;
  const body = await compress(text, { level });
  return { from, to, lines, records, ended, body };
}
