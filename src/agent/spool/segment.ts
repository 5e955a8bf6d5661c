import { crc32 } from 'node:zlib';
import type { OpenFile } from '../file-system.ts';
import { spoolLimits } from '../limits.ts';
import type { SpoolEntry } from './spool.ts';

/*
 * A segment is a file of entries: a head of 24 bytes (magic, number of its first entry, check), then entries one after
 * another, each of 16 bytes (magic, bytes of head and body, check over all of it), a head of JSON and a gzip body.
 */
const segmentMagic = Buffer.from('MRDNSPL1');
const entryMagic = Buffer.from('MENT');
/** Bytes before the first entry. */
export const segmentHeadBytes = 24;
/** Bytes before an entry's head. */
const prefixBytes = 16;
const readBytes = 256 * 1024;

/** What an entry says of itself, so that a segment alone tells what it holds. */
export interface EntryHead extends Omit<SpoolEntry, 'bytes'> {
  readonly place: string;
  readonly source: string;
  readonly log: string;
  readonly stream: string;
}

/** An entry found in a segment. */
export interface FoundEntry {
  readonly head: EntryHead;
  /** Byte offset of the entry in the segment. */
  readonly at: number;
  /** Bytes of the whole entry. */
  readonly length: number;
  readonly bodyAt: number;
  readonly bodyBytes: number;
}

/** What a look through a segment found. */
export interface SegmentScan {
  readonly entries: readonly FoundEntry[];
  /** Byte behind the last good entry. */
  readonly end: number;
  /** Bytes between good entries, or before the first, that are none. */
  readonly damagedBytes: number;
}

/** Gives the head of a segment. */
export function encodeSegmentHead(first: number): Buffer {
  const head = Buffer.alloc(segmentHeadBytes);
  segmentMagic.copy(head);
  head.writeBigUInt64LE(BigInt(first), 8);
  head.writeUInt32LE(crc32(head.subarray(0, 20)), 20);
  return head;
}

/** Gives an entry as it stands in a segment. */
export function encodeEntry(head: EntryHead, body: Buffer): Buffer {
  const text = Buffer.from(JSON.stringify(head));
  const prefix = Buffer.alloc(prefixBytes);
  entryMagic.copy(prefix);
  prefix.writeUInt32LE(text.length, 4);
  prefix.writeUInt32LE(body.length, 8);
  prefix.writeUInt32LE(crc32(body, crc32(text, crc32(prefix.subarray(4, 12)))), 12);
  return Buffer.concat([prefix, text, body]);
}

/** Looks through a segment for good entries; what stands between them is damage. */
export async function scanSegment(file: OpenFile, bytes: number): Promise<SegmentScan> {
  const entries: FoundEntry[] = [];
  const head = Buffer.alloc(segmentHeadBytes);
  const whole = (await file.read(head, 0)) === segmentHeadBytes;
  const good =
    whole && head.subarray(0, 8).equals(segmentMagic) && head.readUInt32LE(20) === crc32(head.subarray(0, 20));
  let damagedBytes = good ? 0 : Math.min(bytes, segmentHeadBytes);
  let end = Math.min(bytes, segmentHeadBytes);
  for (let at = end; at < bytes; ) {
    const entry = await readEntry(file, at, bytes);
    if (entry === undefined) {
      at = await nextMagic(file, at + 1, bytes);
      continue;
    }
    damagedBytes += at - end;
    entries.push(entry);
    at += entry.length;
    end = at;
  }
  return { entries, end, damagedBytes };
}

/** Reads an entry's body; undefined when it is damaged. */
export async function readBody(file: OpenFile, entry: FoundEntry): Promise<Buffer | undefined> {
  const whole = Buffer.alloc(entry.length);
  if ((await file.read(whole, entry.at)) < entry.length) return undefined;
  const check = crc32(whole.subarray(prefixBytes), crc32(whole.subarray(4, 12)));
  return check === whole.readUInt32LE(12) ? whole.subarray(whole.length - entry.bodyBytes) : undefined;
}

async function readEntry(file: OpenFile, at: number, bytes: number): Promise<FoundEntry | undefined> {
  const prefix = Buffer.alloc(prefixBytes);
  if ((await file.read(prefix, at)) < prefixBytes || !prefix.subarray(0, 4).equals(entryMagic)) return undefined;
  const headBytes = prefix.readUInt32LE(4);
  const bodyBytes = prefix.readUInt32LE(8);
  const length = prefixBytes + headBytes + bodyBytes;
  if (headBytes > spoolLimits.headBytes || bodyBytes > spoolLimits.bodyBytes || at + length > bytes) return undefined;
  const text = Buffer.alloc(headBytes);
  if ((await file.read(text, at + prefixBytes)) < headBytes) return undefined;
  let check = crc32(text, crc32(prefix.subarray(4, 12)));
  const bodyAt = at + prefixBytes + headBytes;
  const chunk = Buffer.alloc(Math.min(readBytes, bodyBytes));
  for (let done = 0; done < bodyBytes; ) {
    const part = chunk.subarray(0, Math.min(chunk.length, bodyBytes - done));
    if ((await file.read(part, bodyAt + done)) < part.length) return undefined;
    check = crc32(part, check);
    done += part.length;
  }
  if (check !== prefix.readUInt32LE(12)) return undefined;
  const head = parseHead(text.toString());
  return head === undefined ? undefined : { head, at, length, bodyAt, bodyBytes };
}

/** Offset at or behind `from` where an entry may begin; the end when there is none. */
async function nextMagic(file: OpenFile, from: number, bytes: number): Promise<number> {
  const chunk = Buffer.alloc(readBytes);
  for (let at = from; at < bytes; at += readBytes - entryMagic.length) {
    const length = await file.read(chunk, at);
    const found = chunk.subarray(0, length).indexOf(entryMagic);
    if (found >= 0) return at + found;
    if (length < chunk.length) break;
  }
  return bytes;
}

/** Reads an entry's head; undefined when it is not one. */
function parseHead(text: string): EntryHead | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isHead(value) ? value : undefined;
}

function isHead(value: unknown): value is EntryHead {
  if (typeof value !== 'object' || value === null) return false;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  return (
    ['sequence', 'from', 'to', 'lines', 'records', 'made'].every((name) => isCount(fields[name])) &&
    ['fileId', 'place', 'source', 'log', 'stream'].every((name) => typeof fields[name] === 'string') &&
    typeof fields['ended'] === 'boolean'
  );
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
