import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { NewBatch } from '../spool/spool.ts';

/** Records are mostly alike, so the fastest level does. */
const level = 1;
/**
 * Characters of records that are compressed at a time, as a gzip member of their own: so only what is compressed is kept
 * of a batch, however large it may become.
 */
const memberSize = 256 * 1024;
const compress: (text: string, options: { readonly level: number }) => Promise<Buffer> = promisify(gzip);

/** A stretch of a log with its records, not yet complete. */
export interface OpenBatch {
  readonly from: number;
  to: number;
  lines: number;
  records: number;
  /** Characters of all its records. */
  size: number;
  ended: boolean;
  /** Records not yet compressed. */
  parts: string[];
  partsSize: number;
  readonly members: Promise<Buffer>[];
}

/** Begins a batch at a position. */
export function beginBatch(from: number): OpenBatch {
  return { from, to: from, lines: 0, records: 0, size: 0, ended: false, parts: [], partsSize: 0, members: [] };
}

/** Adds a record, as JSON. */
export function addToBatch(batch: OpenBatch, record: object): void {
  const text = JSON.stringify(record);
  batch.parts.push(text);
  batch.records += 1;
  batch.size += text.length + 1;
  batch.partsSize += text.length + 1;
  if (batch.partsSize >= memberSize) compressParts(batch);
}

/** Ends a batch: its records become NDJSON, gzip. */
export async function endBatch(batch: OpenBatch): Promise<NewBatch> {
  if (batch.parts.length > 0 || batch.members.length === 0) compressParts(batch);
  const { from, to, lines, records, ended } = batch;
  const body = Buffer.concat(await Promise.all(batch.members));
  return { from, to, lines, records, ended, body };
}

function compressParts(batch: OpenBatch): void {
  const text = batch.parts.length === 0 ? '' : `${batch.parts.join('\n')}\n`;
  const member = compress(text, { level });
  // A failure is told by who waits for the batch, if anybody still does.
  member.catch(() => {});
  batch.members.push(member);
  batch.parts = [];
  batch.partsSize = 0;
}
