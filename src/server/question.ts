import { type TOptional, type TString, Type } from 'typebox';
import { AppError } from '#error';
import { type Clock, type Condition, readDate, readQuery } from '#query';
import { QueryText, TimeText, ZoneText } from './schemas.ts';

/** Parameters of every route that asks the store a question. */
export const questionParameters: {
  q: TOptional<TString>;
  from: TOptional<TString>;
  to: TOptional<TString>;
  zone: TOptional<TString>;
} = {
  q: Type.Optional(QueryText),
  from: Type.Optional(TimeText),
  to: Type.Optional(TimeText),
  zone: Type.Optional(ZoneText),
};

type QuestionParameters = { readonly [P in keyof typeof questionParameters]?: string | undefined };

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
 * Reads what a request asks; relative dates count from `now` (epoch milliseconds). Throws the first error of the query,
 * with its place, or `bad-date` of the window.
 */
export function readQuestion(parameters: QuestionParameters, now: number): Question {
  const clock: Clock = { now, zone: parameters.zone ?? 'UTC' };
  const condition = readQuery(parameters.q ?? '', clock);
  return { condition, from: readBound(parameters.from, 'from', clock), to: readBound(parameters.to, 'to', clock) };
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
