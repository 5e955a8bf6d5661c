import { createHash } from 'node:crypto';
import { AppError } from '#error';
import type { Condition } from '#query';
import type { Sort } from './store.ts';
import type { Window } from './where.ts';

/** The place behind a row: its time in full, its identity, and its value of the sorted label. */
export interface Place {
  /** Nanoseconds since 1970, as decimal text: more than a number holds. */
  readonly time: string;
  readonly stream: string;
  readonly generation: number;
  readonly position: number;
  /** Value of the sorted label as text; null where the row has none, or the sort is by time. */
  readonly value: string | null;
  /** Milliseconds the page before spanned: the next is looked for in about as many. */
  readonly span: number;
}

/** Longest cursor read: texts that are sorted by may be long, but no one sends a megabyte. */
const cursorLengthMax = 16_384;

/** A few bytes that tell one question from another. */
function printOf(condition: Condition, window: Window, sort: Sort): string {
  const said = JSON.stringify(
    [condition, window.from ?? null, window.to ?? null, sort.label, sort.order],
    (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value),
  );
  return createHash('sha256').update(said).digest('base64url').slice(0, 12);
}

/** Writes a cursor. */
export function writeCursor(place: Place, condition: Condition, window: Window, sort: Sort): string {
  const { time, stream, generation, position, value, span } = place;
  const said = [1, printOf(condition, window, sort), time, stream, generation, position, value, span];
  return Buffer.from(JSON.stringify(said)).toString('base64url');
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Reads a cursor; throws `cursor-invalid` when it is damaged or belongs to another question. */
export function readCursor(text: string, condition: Condition, window: Window, sort: Sort): Place {
  let said: unknown;
  try {
    said = text.length > cursorLengthMax ? undefined : JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    said = undefined;
  }
  const [version, print, time, stream, generation, position, value, span] = Array.isArray(said)
    ? (said as unknown[])
    : [];
  const sound =
    version === 1 &&
    typeof time === 'string' &&
    /^-?\d{1,19}$/.test(time) &&
    typeof stream === 'string' &&
    isWhole(generation) &&
    isWhole(position) &&
    isWhole(span) &&
    (value === null || typeof value === 'string');
  if (!sound) throw new AppError('cursor-invalid', 'The cursor is damaged.');
  if (print !== printOf(condition, window, sort)) {
    throw new AppError('cursor-invalid', 'The cursor belongs to another query, window or sort.');
  }
  return { time, stream, generation, position, value, span };
}
