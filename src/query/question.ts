import { AppError } from '#error';
import { readQuery } from './check.ts';
import type { Condition } from './condition.ts';
import { type Clock, readDate } from './date.ts';

/** A question as a person or a request puts it; all parts are texts, and may be left out. */
export interface QuestionWords {
  /** QQL; empty asks for everything. */
  readonly q?: string | undefined;
  /** QQL dates. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly zone?: string | undefined;
}

/** What is asked: which events, of which time. */
export interface Question {
  readonly condition: Condition;
  /** `from` ≤ eventTime < `to`, epoch milliseconds. */
  readonly from: number | undefined;
  readonly to: number | undefined;
}

const nanosPerMs = 1_000_000n;
/** A date that names a stretch this long or longer is a day; a clock change can make it 23 hours. */
const shortestDay = 23n * 3_600_000n * nanosPerMs;

/**
 * Reads what is asked; relative dates count from `now` (epoch milliseconds). Throws the first error of the query,
 * with its place, or `bad-date` of the window.
 */
export function readQuestion(words: QuestionWords, now: number): Question {
  const clock: Clock = { now, zone: words.zone ?? 'UTC' };
  const condition = readQuery(words.q ?? '', clock);
  return { condition, from: readBound(words.from, 'from', clock), to: readBound(words.to, 'to', clock) };
}

/** A whole day as the end of a window means the end of that day; any other date is that instant. */
function readBound(text: string | undefined, name: 'from' | 'to', clock: Clock): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const span = readDate(text.trim(), clock);
  if ('expected' in span) {
    throw new AppError('bad-date', `The parameter "${name}" is no date: expected ${span.expected}.`, {
      place: { field: name, found: text.trim().slice(0, 64), expected: span.expected },
    });
  }
  const isDay = span.end - span.start >= shortestDay;
  return Number((name === 'to' && isDay ? span.end : span.start) / nanosPerMs);
}
