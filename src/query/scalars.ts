import { parseAddress } from '#event';
import { findField } from './field-name.ts';
import { afterBlanks, atEnd, expectHere, isBlank, type Reader, report, skipBlanks } from './reader.ts';
import type { BareWord, Piece, Scalar } from './tree.ts';

/**
 * Where a value stands decides what ends a bare word (qql §2): a comma in lists, two or three dots where a range may
 * be. `prefix` is that of the nested query around, for telling field names from words.
 */
export interface Surroundings {
  readonly commas: boolean;
  readonly dots: boolean;
  readonly prefix: string;
}

const wordEnds: ReadonlySet<string> = new Set(['(', ')', '[', ']', '"', "'", '`', ':', '“', '”', '‘', '’']);

// Both are anchored where the word starts, of fixed parts, and so linear. They let times and IPv6 addresses stand
// without quotes although they hold colons.
const isoTime = /\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d\d:?\d\d)?/y;
const ipv6 = /[\dA-Fa-f]{0,4}:[\dA-Fa-f:]{1,40}(?:\d{0,3}(?:\.\d{1,3}){3})?(?:%[\w~-]{1,32})?(?:\/\d{1,3})?/y;

/** Whether a word ends at this position. */
function endsWord(text: string, at: number, { commas, dots }: Surroundings): boolean {
  if (at >= text.length) return true;
  const character = text.charAt(at);
  return (
    isBlank(text.charCodeAt(at)) ||
    wordEnds.has(character) ||
    (commas && character === ',') ||
    (dots && character === '.' && dotsAt(text, at) > 0)
  );
}

/** Length of the range separator at a position: 2, 3, or 0 when there is none. */
export function dotsAt(text: string, at: number): number {
  if (text.charAt(at) !== '.' || text.charAt(at + 1) !== '.') return 0;
  return text.charAt(at + 2) === '.' ? 3 : 2;
}

/** End of the bare word that starts at a position; the position itself when none does. */
export function wordEnd(text: string, at: number, around: Surroundings): number {
  const colons = colonWordEnd(text, at, around);
  if (colons > at) return colons;
  let end = at;
  while (end < text.length && !endsWord(text, end, around)) end += text.charAt(end) === '\\' ? 2 : 1;
  return Math.min(end, text.length);
}

/** End of an ISO time or an IPv6 address that starts here; the position itself when none does. */
export function colonWordEnd(text: string, at: number, around: Surroundings): number {
  for (const pattern of [isoTime, ipv6]) {
    pattern.lastIndex = at;
    const word = pattern.exec(text)?.[0];
    if (word === undefined || !endsWord(text, at + word.length, around)) continue;
    if (pattern === isoTime || parseAddress(word.replace(/\/\d+$/, '')) !== undefined) return at + word.length;
  }
  return at;
}

/** The keyword at a position, in lower case; undefined when the word there is none of them. */
export function keywordAt(text: string, at: number, around: Surroundings): 'and' | 'or' | 'not' | undefined {
  const word = shortWordAt(text, at, around);
  return word === 'and' || word === 'or' || word === 'not' ? word : undefined;
}

/** The word at a position in lower case, if it is short enough for a keyword; '' otherwise. */
export function shortWordAt(text: string, at: number, around: Surroundings): string {
  let end = at;
  while (end - at <= 6 && !endsWord(text, end, around)) end++;
  return end - at > 6 ? '' : text.slice(at, end).toLowerCase();
}

/** Whether a value can start at a position. */
function startsScalar(text: string, at: number, around: Surroundings): boolean {
  if (at >= text.length) return false;
  if ('"\'`“”‘’'.includes(text.charAt(at))) return true;
  return keywordAt(text, at, around) === undefined && wordEnd(text, at, around) > at;
}

/** Reads a value; undefined, and nothing read, when none starts here. */
export function readScalar(reader: Reader, around: Surroundings): Scalar | undefined {
  const { text, at } = reader;
  if (!startsScalar(text, at, around)) return undefined;
  const first = text.charAt(at);
  if (first === '`') return readExact(reader);
  if ('"“”'.includes(first)) return readPhrase(reader, '"“”');
  if ("'‘’".includes(first)) return readPhrase(reader, "'‘’");
  return readBare(reader, around);
}

function readExact(reader: Reader): Scalar {
  const start = reader.at++;
  let value = '';
  while (!atEnd(reader)) {
    const character = reader.text.charAt(reader.at++);
    if (character === '`') return { kind: 'exact', span: { start, end: reader.at }, text: value };
    if (character === '\\' && reader.text.charAt(reader.at) === '`') {
      value += '`';
      reader.at++;
    } else value += character;
  }
  reportOpenQuote(reader, start);
  return { kind: 'exact', span: { start, end: reader.at }, text: value };
}

function readPhrase(reader: Reader, quotes: string): Scalar {
  const start = reader.at++;
  let value = '';
  while (!atEnd(reader)) {
    const character = reader.text.charAt(reader.at++);
    if (quotes.includes(character)) return { kind: 'phrase', span: { start, end: reader.at }, text: value };
    const next = reader.text.charAt(reader.at);
    if (character === '\\' && next !== '' && (next === '\\' || quotes.includes(next))) {
      value += next;
      reader.at++;
    } else value += character;
  }
  reportOpenQuote(reader, start);
  return { kind: 'phrase', span: { start, end: reader.at }, text: value };
}

function reportOpenQuote(reader: Reader, start: number): void {
  const quote = reader.text.charAt(start);
  const backslash = quote !== '`' && reader.text.trimEnd().endsWith(`\\${quote}`);
  report(reader, 'unbalanced', start, {
    expected: `a closing ${quote}`,
    found: 'the end of the query',
    sentence: `the quote ${quote} is not closed`,
    ...(backslash
      ? { hint: 'A backslash before a quote is part of the value; write two of them to end with a backslash.' }
      : {}),
  });
}

/** Words up to a connective, a bracket, a quote, the next clause or the end. */
function readBare(reader: Reader, around: Surroundings): Scalar {
  const { text } = reader;
  const start = reader.at;
  const words: BareWord[] = [readWord(reader, around)];
  while (true) {
    const next = afterBlanks(text, reader.at);
    if (next === reader.at || keywordAt(text, next, around) !== undefined) break;
    const end = wordEnd(text, next, around);
    if (end === next || startsClause(text, next, end, around)) break;
    reader.at = next;
    words.push(readWord(reader, around));
  }
  return { kind: 'bare', span: { start, end: reader.at }, words };
}

function readWord(reader: Reader, around: Surroundings): BareWord {
  const { text } = reader;
  const start = reader.at;
  const end = wordEnd(text, start, around);
  reader.at = end;
  return { span: { start, end }, pieces: piecesOf(text.slice(start, end)) };
}

/** Tells wildcards from literal text, and resolves escapes. */
function piecesOf(word: string): Piece[] {
  const pieces: Piece[] = [];
  let literal = '';
  for (let at = 0; at < word.length; at++) {
    const character = word.charAt(at);
    if (character === '*' || character === '?') {
      if (literal !== '') pieces.push({ text: literal });
      literal = '';
      pieces.push({ wildcard: character === '*' ? 'many' : 'one' });
    } else if (character === '\\' && at + 1 < word.length) literal += word.charAt(++at);
    else literal += character;
  }
  if (literal !== '') pieces.push({ text: literal });
  return pieces;
}

/** Whether the word between two positions is the field name of a clause, so that a value before it has ended. */
function startsClause(text: string, start: number, end: number, around: Surroundings): boolean {
  const next = afterBlanks(text, end);
  if (text.charAt(next) === ':') return true;
  const name = nameAt(text, start);
  if (name === '' || findField(around.prefix + name) === undefined) return false;
  const behind = afterBlanks(text, start + name.length);
  if ('><='.includes(text.charAt(behind)) && behind < text.length) return true;
  return behind > start + name.length && ['is', 'in', 'under', 'not'].includes(shortWordAt(text, behind, around));
}

const fieldName = /[A-Za-z]\w*(?:\.[A-Za-z]\w*)*/y;

/** The field name at a position, as far as it goes; '' when none starts here. */
export function nameAt(text: string, at: number): string {
  fieldName.lastIndex = at;
  return fieldName.exec(text)?.[0] ?? '';
}

/** Reads a value where one must stand; reports the missing one. */
export function readRequiredScalar(
  reader: Reader,
  around: Surroundings,
  behind: string,
  field: string,
): Scalar | undefined {
  skipBlanks(reader);
  expectHere(reader, 'value', field);
  const value = readScalar(reader, around);
  if (value === undefined) reportMissingValue(reader, behind, field);
  return value;
}

/** Notes that a value is missing behind a piece of the query. */
export function reportMissingValue(reader: Reader, behind: string, field: string): void {
  const negation = keywordAt(reader.text, reader.at, { commas: false, dots: false, prefix: '' }) === 'not';
  report(reader, 'missing-value', reader.at, {
    expected: `a value after "${behind}"`,
    field,
    ...(negation ? { hint: `Write not ${field}: value.` } : {}),
  });
}
