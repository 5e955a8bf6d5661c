import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { RecWriter } from '#delivery';
import type { DeadLetter, Rec } from '#event';
import type { NewBatch } from '../spool/spool.ts';

/** Records are mostly alike, so the fastest level does. */
const level = 1;
/**
 * Bytes of records that are compressed at a time, as a gzip member of their own: so only what is compressed is kept of a
 * batch, however large it may become.
 */
const memberBytes = 256 * 1024;
/** Bytes a member begins with; it grows with what it is given. */
const memberBytesFirst = 16 * 1024;
/** UTF-8 takes at most so many bytes for a UTF-16 unit. */
const bytesPerUnit = 3;
/** Memory of members that were compressed, used again: a log that grows fast would have the runtime clear it away. */
const spare: Buffer[] = [];
const spareMax = 4;
const compress: (bytes: Buffer, options: { readonly level: number }) => Promise<Buffer> = promisify(gzip);

const none: Buffer = Buffer.alloc(0);
const writer = new RecWriter();

/** A stretch of a log with its records, not yet complete. */
export interface OpenBatch {
  readonly from: number;
  to: number;
  lines: number;
  records: number;
  /** Bytes of all its records. */
  size: number;
  ended: boolean;
  /** Records not yet compressed, and how many of its bytes they fill. */
  member: Buffer;
  filled: number;
  readonly members: Promise<Buffer>[];
}

/** Begins a batch at a position. */
export function beginBatch(from: number): OpenBatch {
  return { from, to: from, lines: 0, records: 0, size: 0, ended: false, member: none, filled: 0, members: [] };
}

/** Adds a record, as JSON. */
export function addToBatch(batch: OpenBatch, rec: Rec): void {
  let end = writer.write(rec, batch.member, batch.filled);
  while (end === undefined) {
    makeRoom(batch, batch.member.length + Math.max(batch.member.length >> 1, memberBytesFirst));
    end = writer.write(rec, batch.member, batch.filled);
  }
  added(batch, end);
}

/** Adds what is no record, as JSON. */
export function addDeadLetter(batch: OpenBatch, letter: Pick<DeadLetter, 'position' | 'log' | 'source' | 'raw'>): void {
  const text = `${JSON.stringify(letter)}\n`;
  const most = text.length * bytesPerUnit;
  if (batch.filled + most > batch.member.length) makeRoom(batch, batch.filled + most);
  added(batch, batch.filled + batch.member.write(text, batch.filled));
}

function added(batch: OpenBatch, end: number): void {
  batch.size += end - batch.filled;
  batch.filled = end;
  batch.records += 1;
  if (batch.filled >= memberBytes) compressMember(batch);
}

function makeRoom(batch: OpenBatch, needed: number): void {
  const old = batch.member;
  const kept = old.length === 0 ? spare.pop() : undefined;
  if (kept !== undefined && kept.length >= needed) {
    batch.member = kept;
    return;
  }
  batch.member = Buffer.allocUnsafeSlow(
    Math.max(needed, Math.min(2 * old.length, memberBytes + memberBytesFirst), memberBytesFirst),
  );
  old.copy(batch.member, 0, 0, batch.filled);
}

/** Ends a batch: its records become NDJSON, gzip. */
export async function endBatch(batch: OpenBatch): Promise<NewBatch> {
  if (batch.filled > 0 || batch.members.length === 0) compressMember(batch);
  const { from, to, lines, records, ended } = batch;
  const body = Buffer.concat(await Promise.all(batch.members));
  return { from, to, lines, records, ended, body };
}

function compressMember(batch: OpenBatch): void {
  const { member, filled } = batch;
  batch.member = none;
  batch.filled = 0;
  const body = compressed(member, filled);
  // A failure is told by who waits for the batch, if anybody still does.
  body.catch(() => {});
  batch.members.push(body);
}

async function compressed(member: Buffer, filled: number): Promise<Buffer> {
  try {
    return await compress(member.subarray(0, filled), { level });
  } finally {
    if (member.length >= memberBytes && member.length <= 2 * memberBytes && spare.length < spareMax) spare.push(member);
  }
}
