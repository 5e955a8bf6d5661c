import { gunzipSync, gzipSync } from 'node:zlib';
import { spoolLimits } from '../limits.ts';
import type { SpoolRun } from '../spool/spool.ts';
import { propertyOf } from './judge-answer.ts';

/** A batch, or a part of one: a range of bytes of a stream, and the records that begin in it. */
export interface BatchPart {
  readonly from: number;
  readonly to: number;
  readonly lines: number;
  readonly records: number;
  /** NDJSON, gzip. */
  readonly body: Buffer;
}

/** Inflated bytes of a batch that is split; more would be no batch of the agent's own. */
const inflatedBytesMax = 8 * spoolLimits.bodyBytes;
/** Characters of a record that a dead letter keeps. */
const deadCharactersMax = 65_536;
/** Records are mostly alike, so the fastest level does. */
const level = 1;

/** Batches that follow one another, as one. */
export function wholeOf({ entries, body }: SpoolRun): BatchPart {
  const [{ from }] = entries;
  const { to } = entries.at(-1) ?? entries[0];
  const sum = (key: 'lines' | 'records'): number => entries.reduce((total, entry) => total + entry[key], 0);
  return { from, to, lines: sum('lines'), records: sum('records'), body };
}

/**
 * Splits a part into two whose ranges follow one another; undefined when it holds less than two records. Of the lines,
 * the first half gets those its records have.
 */
export function splitPart(part: BatchPart): readonly [BatchPart, BatchPart] | undefined {
  const records = recordsOf(part);
  if (records.length < 2) return undefined;
  const half = records.length >> 1;
  const middle = positionOf(records[half]) ?? part.from;
  const at = Math.min(Math.max(middle, part.from), part.to);
  const first = records.slice(0, half);
  const lines = Math.min(
    part.lines,
    first.reduce((sum, record) => sum + linesOf(record), 0),
  );
  return [
    { from: part.from, to: at, lines, records: half, body: pack(first) },
    {
      from: at,
      to: part.to,
      lines: part.lines - lines,
      records: records.length - half,
      body: pack(records.slice(half)),
    },
  ];
}

/**
 * A part whose single record stands as a dead letter: nothing of what was decoded, the raw text alone. Undefined when
 * there is no single record.
 */
export function deadLetterOf(part: BatchPart, source: string, log: string): BatchPart | undefined {
  const [record, ...more] = recordsOf(part);
  if (record === undefined || more.length > 0) return undefined;
  const raw = propertyOf(parse(record), 'raw');
  const letter = {
    position: positionOf(record) ?? part.from,
    log,
    source,
    raw: (typeof raw === 'string' ? raw : record).slice(0, deadCharactersMax),
  };
  return { ...part, body: pack([JSON.stringify(letter)]) };
}

/** Nothing, at the beginning of a part: a server that takes it has nothing against what stands around records. */
export function probeOf({ from }: BatchPart): BatchPart {
  return { from, to: from, lines: 0, records: 0, body: pack([]) };
}

/** The records of a part, as text. */
export function recordsOf({ body }: BatchPart): string[] {
  const text = gunzipSync(body, { maxOutputLength: inflatedBytesMax }).toString('utf8');
  return text.split('\n').filter((line) => line !== '');
}

function pack(records: readonly string[]): Buffer {
  return gzipSync(records.map((record) => `${record}\n`).join(''), { level });
}

function positionOf(record: string | undefined): number | undefined {
  const position = propertyOf(parse(record ?? ''), 'position');
  return typeof position === 'number' && Number.isSafeInteger(position) ? position : undefined;
}

function linesOf(record: string): number {
  const raw = propertyOf(parse(record), 'raw');
  return typeof raw === 'string' ? raw.split('\n').length : 1;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
