import type { AppError, ErrorCode } from '#error';
import type { Label } from '#event';
import type { Condition } from './condition.ts';
import type { Clock } from './date.ts';
import { limits } from './limits.ts';
import { type ProblemDetail, problemAt } from './reader.ts';
import type { Scalar, Span } from './tree.ts';

/** Advice on a query that is right as it stands; never an error (qql §3, §4.3). */
export interface Hint {
  readonly code: 'leading-wildcard' | 'negation' | 'any-word' | 'unusual-value' | 'no-words';
  readonly span: Span;
  readonly text: string;
}

/** Most hints given for one query. */
const hintsMax = 20;

/** What the check of one query works with, and what it has found. */
export interface Checker {
  readonly text: string;
  readonly clock: Clock;
  readonly errors: AppError[];
  readonly hints: Hint[];
  /** Clauses, list items and free words so far. */
  tests: number;
}

/** A field whose name has been resolved. */
export interface ResolvedField {
  readonly label: Label;
  /** The name as written, for messages. */
  readonly name: string;
}

const never: Condition = { kind: 'never' };

/** Notes an error about a piece of the query; the condition stands in for the one that cannot be made. */
export function fail(checker: Checker, code: ErrorCode, span: Span, detail: ProblemDetail): Condition {
  if (checker.errors.length < limits.errors) {
    const found = `"${checker.text.slice(span.start, Math.min(span.end, span.start + 80))}"`;
    checker.errors.push(problemAt(checker.text, code, span.start, { found, ...detail }));
  }
  return never;
}

/** Notes advice; each kind once, but for those on different values. */
export function advise(checker: Checker, code: Hint['code'], span: Span, text: string): void {
  const once = code === 'negation';
  if (checker.hints.length >= hintsMax || (once && checker.hints.some((hint) => hint.code === code))) return;
  checker.hints.push({ code, span, text });
}

/** Counts one test more; false, and an error, past the limit. */
export function countTest(checker: Checker, span: Span): boolean {
  checker.tests++;
  if (checker.tests === limits.tests + 1) {
    fail(checker, 'query-too-large', span, {
      expected: `at most ${limits.tests} clauses, list items and free words`,
      found: 'more',
    });
  }
  return checker.tests <= limits.tests;
}

/** Gives a value as plain text: quotes and escapes resolved, words joined by a blank, wildcards as written. */
export function plainText(value: Scalar): string {
  if (value.kind !== 'bare') return value.text;
  return value.words
    .map(({ pieces }) =>
      pieces.map((piece) => ('text' in piece ? piece.text : piece.wildcard === 'many' ? '*' : '?')).join(''),
    )
    .join(' ');
}

/** Whether a bare value has a wildcard. */
export function hasWildcard(value: Scalar): boolean {
  return value.kind === 'bare' && value.words.some(({ pieces }) => pieces.some((piece) => 'wildcard' in piece));
}

/** Whether a value is nothing but `*`: any value will do. */
export function isAnyValue(value: Scalar): boolean {
  if (value.kind !== 'bare' || value.words.length !== 1) return false;
  const pieces = value.words[0]?.pieces ?? [];
  return pieces.length > 0 && pieces.every((piece) => 'wildcard' in piece && piece.wildcard === 'many');
}
