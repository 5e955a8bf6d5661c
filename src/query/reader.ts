import { AppError, type ErrorCode } from '#error';
import { limits } from './limits.ts';
import type { Expectation } from './tree.ts';

/** A query text being read. */
export interface Reader {
  readonly text: string;
  at: number;
  readonly errors: AppError[];
  readonly expectations: Expectation[];
}

/** Longest piece of the text shown as what was found. */
const foundLengthMax = 40;

/** True for blanks, line breaks and the Unicode blanks that come with pasted text. */
export function isBlank(unit: number): boolean {
  return (
    unit === 32 ||
    (unit >= 9 && unit <= 13) ||
    (unit >= 0xa0 &&
      (unit === 0xa0 ||
        unit === 0x1680 ||
        (unit >= 0x2000 && unit <= 0x200a) ||
        unit === 0x2028 ||
        unit === 0x2029 ||
        unit === 0x202f ||
        unit === 0x205f ||
        unit === 0x3000 ||
        unit === 0xfeff))
  );
}

/** Goes past blanks. */
export function skipBlanks(reader: Reader): void {
  reader.at = afterBlanks(reader.text, reader.at);
}

/** Gives the first position from `at` on that is no blank. */
export function afterBlanks(text: string, at: number): number {
  let next = at;
  while (next < text.length && isBlank(text.charCodeAt(next))) next++;
  return next;
}

export function atEnd(reader: Reader): boolean {
  return reader.at >= reader.text.length;
}

/** Says what stands at a position, for a message: a word, a mark, or the end. */
export function foundAt(text: string, at: number): string {
  const start = afterBlanks(text, at);
  if (start >= text.length) return 'the end of the query';
  let end = start + 1;
  if (isWordUnit(text.charCodeAt(start))) {
    while (end < text.length && end - start < foundLengthMax && isWordUnit(text.charCodeAt(end))) end++;
  }
  return `"${text.slice(start, end)}"`;
}

function isWordUnit(unit: number): boolean {
  return unit > 0x7f
    ? !isBlank(unit)
    : (unit >= 48 && unit <= 57) || ((unit | 32) >= 97 && (unit | 32) <= 122) || unit === 95;
}

/** What a problem is about, besides code and place. */
export interface ProblemDetail {
  /** What would have been right, as it reads after "expected". */
  readonly expected: string;
  /** Default: what stands at the place. */
  readonly found?: string;
  readonly field?: string;
  readonly hint?: string;
  /** Replaces "expected …, found …". */
  readonly sentence?: string;
}

/** Makes the error for a place of a query text. */
export function problemAt(text: string, code: ErrorCode, at: number, detail: ProblemDetail): AppError {
  const found = detail.found ?? foundAt(text, at);
  const { expected, field, hint } = detail;
  return new AppError(code, detail.sentence ?? `expected ${expected}, found ${found}`, {
    place: { offset: at, found, expected, ...(field === undefined ? {} : { field }) },
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Notes an error; past the limit they are left out, and so is what follows from an error at the same place. */
export function report(reader: Reader, code: ErrorCode, at: number, detail: ProblemDetail): void {
  const last = reader.errors.at(-1);
  if (reader.errors.length < limits.errors && last?.place?.offset !== at)
    reader.errors.push(problemAt(reader.text, code, at, detail));
}

/** Notes what is looked for from here on. */
export function expectHere(reader: Reader, kind: Expectation['kind'], field?: string): void {
  const at = reader.at;
  reader.expectations.push(field === undefined ? { at, kind } : { at, kind, field });
}
