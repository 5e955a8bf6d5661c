import { limits } from './limits.ts';
import { atEnd, expectHere, type Reader, report, skipBlanks } from './reader.ts';
import { dotsAt, readRequiredScalar, readScalar, type Surroundings } from './scalars.ts';
import type { ErrorNode, ListValue, RangeValue, Scalar } from './tree.ts';

/** Reads `[…]`: a range when dots are in it, a list otherwise (qql §2). */
export function readBracket(reader: Reader, field: string, prefix: string): RangeValue | ListValue | ErrorNode {
  const start = reader.at++;
  const around: Surroundings = { commas: true, dots: true, prefix };
  skipBlanks(reader);
  if (dotsAt(reader.text, reader.at) > 0) return readRangeEnd(reader, { start, low: undefined, field, prefix });
  if (reader.text.charAt(reader.at) === ']') {
    reader.at++;
    report(reader, 'empty-list', start, { expected: 'a list with at least one item', found: '"[]"', field });
    return { kind: 'error', span: { start, end: reader.at } };
  }
  const first = readRequiredScalar(reader, around, '[', field);
  skipBlanks(reader);
  if (dotsAt(reader.text, reader.at) > 0) return readRangeEnd(reader, { start, low: first, field, prefix });
  return readItems(reader, { start, first, close: ']', field, prefix });
}

/** Reads `(a, b)` or `[a, b]` behind `in`. */
export function readInList(reader: Reader, field: string, prefix: string): ListValue | ErrorNode {
  const start = reader.at;
  const close = reader.text.charAt(start) === '(' ? ')' : ']';
  reader.at++;
  skipBlanks(reader);
  if (reader.text.charAt(reader.at) === close) {
    reader.at++;
    report(reader, 'empty-list', start, {
      expected: 'a list with at least one item',
      found: `"${reader.text.slice(start, reader.at)}"`,
      field,
    });
    return { kind: 'error', span: { start, end: reader.at } };
  }
  const first = readRequiredScalar(reader, { commas: true, dots: true, prefix }, reader.text.charAt(start), field);
  return readItems(reader, { start, first, close, field, prefix });
}

/** A bracket whose first value, if there is one, has been read. */
interface OpenBracket {
  readonly start: number;
  readonly field: string;
  readonly prefix: string;
}

/** Reads on behind the low bound of a range, from the dots to the closing bracket. */
export function readRangeEnd(reader: Reader, open: OpenBracket & { readonly low: Scalar | undefined }): RangeValue {
  const { start, low, field, prefix } = open;
  reader.at += dotsAt(reader.text, reader.at);
  skipBlanks(reader);
  expectHere(reader, 'value', field);
  const high = readScalar(reader, { commas: true, dots: true, prefix });
  skipBlanks(reader);
  const close = reader.text.charAt(reader.at);
  const closed = close === ']' || close === ')';
  if (closed) reader.at++;
  else reportOpenBracket(reader, start, '"]" or ")"');
  const span = { start, end: reader.at };
  if (closed && low === undefined && high === undefined) {
    report(reader, 'bad-range', start, {
      expected: 'a bound on at least one side',
      found: `"${reader.text.slice(start, reader.at)}"`,
      field,
    });
  }
  return {
    kind: 'range',
    span,
    low,
    high,
    lowIncluded: reader.text.charAt(start) === '[',
    highIncluded: close !== ')',
  };
}

/** Reads the further items of a list and its closing bracket. */
function readItems(
  reader: Reader,
  open: OpenBracket & { readonly first: Scalar | undefined; readonly close: string },
): ListValue | ErrorNode {
  const { start, first, close, field, prefix } = open;
  const around: Surroundings = { commas: true, dots: false, prefix };
  const items: Scalar[] = first === undefined ? [] : [first];
  while (true) {
    skipBlanks(reader);
    if (reader.text.charAt(reader.at) !== ',') break;
    reader.at++;
    const item = readRequiredScalar(reader, around, ',', field);
    if (item !== undefined) items.push(item);
  }
  if (reader.text.charAt(reader.at) === close) reader.at++;
  else reportOpenBracket(reader, start, `"," or "${close}"`);
  const span = { start, end: reader.at };
  if (items.length > limits.listItems) {
    report(reader, 'query-too-large', start, {
      expected: `at most ${limits.listItems} items in a list`,
      found: `${items.length} items`,
      field,
    });
  }
  return items.length === 0 ? { kind: 'error', span } : { kind: 'list', span, items };
}

/** Notes a bracket that is not closed where it should be; goes past a wrong closing one. */
function reportOpenBracket(reader: Reader, start: number, expected: string): void {
  const opener = reader.text.charAt(start);
  if (atEnd(reader)) {
    report(reader, 'unbalanced', start, {
      expected,
      found: 'the end of the query',
      sentence: `the bracket "${opener}" is not closed`,
    });
    return;
  }
  report(reader, 'unbalanced', reader.at, { expected });
  if (')]'.includes(reader.text.charAt(reader.at))) reader.at++;
}

/** Notes a parenthesis that is not closed. */
export function reportOpenParenthesis(reader: Reader, start: number): void {
  report(reader, 'unbalanced', start, {
    expected: '")"',
    found: 'the end of the query',
    sentence: 'the parenthesis "(" is not closed',
  });
}
