import { foldAttributeType } from './attribute-type.ts';
import { EscapedText, escapeUnit, hexDigit } from './escaped-text.ts';
import { createMemo } from './memo.ts';

/**
 * LDAP search filters as values: RFC 4515 as servers print it. A `"` is not escaped there, attribute names are the
 * client's own text, long filters end in `...`, and other writers leave out the outer parentheses. Nothing here
 * recurses, so depth costs no stack.
 */

/** Longest filter that is parsed, in UTF-16 units. */
export const filterLengthMax = 65_536;

/** A parsed filter. `cut` stands where the writer cut the text off, with the attribute if that was still there. */
export type Filter =
  | { readonly kind: 'and' | 'or' | 'not'; readonly of: readonly Filter[] }
  | { readonly kind: 'equal' | 'approx' | 'greater' | 'less'; readonly attribute: string; readonly value: string }
  | { readonly kind: 'present'; readonly attribute: string }
  | { readonly kind: 'substrings'; readonly attribute: string; readonly pieces: readonly string[] }
  | {
      readonly kind: 'extensible';
      readonly attribute: string;
      readonly dn: boolean;
      readonly rule: string;
      readonly value: string;
    }
  | { readonly kind: 'cut'; readonly attribute: string };

/** What can be asked about a filter without looking at its values. */
export interface FilterFacts {
  /** The filter with each value replaced by `?`, names in lower case; `...` where it was cut. */
  readonly shape: string;
  /** Nesting depth; one for a single comparison. Of a cut filter, of what is left. */
  readonly depth: number;
  /** Attributes it asks about, by lower-case short name without options, in order of appearance, each once. */
  readonly attributes: readonly string[];
}

type ListKind = 'and' | 'or' | 'not';

interface Open {
  readonly kind: ListKind;
  readonly of: Filter[];
}

const openParen = 40;
const closeParen = 41;
const star = 42;
const backslash = 92;
const listKinds: ReadonlyMap<string, ListKind> = new Map([
  ['&', 'and'],
  ['|', 'or'],
  ['!', 'not'],
]);
const listSigns = { and: '&', or: '|', not: '!' } as const;

/** Parses a filter; undefined when it is none, or past the limit. */
export function parseFilter(text: string): Filter | undefined {
  if (text.length > filterLengthMax) return undefined;
  const bare = text.trim();
  if (bare.startsWith('(')) return new FilterParser(bare).parse();
  const isCutList = bare.endsWith('...') && listKinds.has(bare.charAt(0));
  return new FilterParser(isCutList ? `(${bare}` : `(${bare})`).parse();
}

/** Reads one filter with an explicit stack of the lists that are open. */
class FilterParser {
  readonly #text: string;
  /** Where the `...` of a cut text begins, or -1. */
  readonly #cutAt: number;
  #at = 0;
  #stack: Open[] = [];
  #result: Filter | undefined;
  #failed = false;

  constructor(text: string) {
    this.#text = text;
    this.#cutAt = text.endsWith('...') ? text.length - 3 : -1;
  }

  parse(): Filter | undefined {
    const text = this.#text;
    while (!this.#failed && this.#result === undefined) {
      this.#skipBlanks();
      const unit = text.charCodeAt(this.#at);
      if (unit === openParen) {
        this.#at++;
        this.#open();
      } else if (unit === closeParen) {
        this.#at++;
        this.#close();
      } else if (this.#at === this.#cutAt) {
        this.#cut('');
      } else {
        return undefined;
      }
    }
    return this.#failed || this.#at < text.length ? undefined : this.#result;
  }

  /** Behind `(`: a list opens, or a comparison stands. */
  #open(): void {
    this.#skipBlanks();
    const kind = listKinds.get(this.#text.charAt(this.#at));
    if (kind === undefined) {
      this.#comparison();
      return;
    }
    this.#at++;
    this.#stack.push({ kind, of: [] });
    this.#skipBlanks();
    // `(!uid=x)`: a single comparison without parentheses of its own.
    const unit = this.#text.charCodeAt(this.#at);
    if (kind === 'not' && unit !== openParen && unit !== closeParen && this.#at !== this.#cutAt) {
      this.#comparison();
      if (!this.#failed && this.#result === undefined) this.#close();
    }
  }

  /** At `)`: the innermost list is complete. */
  #close(): void {
    const list = this.#stack.pop();
    if (list === undefined || (list.kind === 'not' && list.of.length !== 1)) this.#failed = true;
    else this.#add(list);
  }

  #add(filter: Filter): void {
    const list = this.#stack.at(-1);
    if (list === undefined) this.#result = filter;
    else if (this.#isFullNot()) this.#failed = true;
    else list.of.push(filter);
  }

  #isFullNot(): boolean {
    const list = this.#stack.at(-1);
    return list?.kind === 'not' && list.of.length > 0;
  }

  /** The text was cut here: whatever is open ends. */
  #cut(attribute: string): void {
    this.#at = this.#text.length;
    if (this.#isFullNot()) this.#close();
    if (this.#result !== undefined) return;
    if (attribute === '' && this.#stack.length === 0) {
      this.#failed = true; // nothing is left of it
      return;
    }
    this.#add({ kind: 'cut', attribute });
    while (this.#result === undefined && !this.#failed) this.#close();
  }

  /** `attribute operator value )` (RFC 4515 §3). */
  #comparison(): void {
    const text = this.#text;
    const from = this.#at;
    const end = nextOf(text, from, closeParen, openParen);
    const sign = text.indexOf('=', from);
    const isCut = end === text.length && this.#cutAt >= 0;
    if (sign < 0 || sign >= end) {
      if (isCut) this.#cut('');
      else this.#failed = true;
      return;
    }
    const before = text.charAt(sign - 1);
    const operator = sign > from && '~<>:'.includes(before) ? before : '';
    const name = text.slice(from, sign - operator.length).trim();
    this.#at = sign + 1;
    if (isCut) {
      this.#cut(isName(name) ? name : '');
      return;
    }
    if (text.charCodeAt(end) !== closeParen) this.#failed = true;
    const pieces = this.#pieces(end);
    this.#at = end + 1;
    const filter = compare(name, operator, pieces);
    if (filter === undefined) this.#failed = true;
    if (filter !== undefined && !this.#failed) this.#add(filter);
  }

  /** The value up to `end`, cut at each `*`; `\xx` stands for a byte (RFC 4515 §3). */
  #pieces(end: number): string[] {
    const text = this.#text;
    const pieces: string[] = [];
    let value = new EscapedText();
    let plainFrom = this.#at;
    let at = plainFrom;
    for (; at < end; at++) {
      const unit = text.charCodeAt(at);
      if (unit !== star && unit !== backslash && (unit < 0xdc80 || unit > 0xdcff)) continue;
      if (at > plainFrom) value.text(text.slice(plainFrom, at));
      plainFrom = at + 1;
      if (unit === star) {
        pieces.push(value.finish());
        value = new EscapedText();
      } else if (unit === backslash) {
        at = readEscape(text, at, end, value);
        plainFrom = at + 1;
      } else value.unit(text, at);
    }
    if (end > plainFrom) value.text(text.slice(plainFrom, end));
    pieces.push(value.finish());
    return pieces;
  }

  #skipBlanks(): void {
    const text = this.#text;
    let unit = text.charCodeAt(this.#at);
    while (unit === 32 || (unit >= 9 && unit <= 13)) unit = text.charCodeAt(++this.#at);
  }
}

/** Adds what a backslash stands for; gives the offset of the last unit it took. */
function readEscape(text: string, at: number, end: number, value: EscapedText): number {
  const high = hexDigit(text.charCodeAt(at + 1));
  const low = hexDigit(text.charCodeAt(at + 2));
  if (high >= 0 && low >= 0 && at + 2 < end) {
    value.byte(high * 16 + low);
    return at + 2;
  }
  // RFC 1960 puts the character itself behind the backslash.
  if (at + 1 < end) value.unit(text, at + 1);
  else value.text('\\');
  return at + 1;
}

function compare(name: string, operator: string, pieces: readonly string[]): Filter | undefined {
  if (operator === ':') return pieces.length === 1 ? compareByRule(name, pieces[0] ?? '') : undefined;
  if (!isName(name)) return undefined;
  const [first = ''] = pieces;
  if (operator !== '') {
    const kind = operator === '~' ? 'approx' : operator === '>' ? 'greater' : 'less';
    return pieces.length === 1 ? { kind, attribute: name, value: first } : undefined;
  }
  if (pieces.length === 1) return { kind: 'equal', attribute: name, value: first };
  const inner = pieces.filter((piece, index) => piece !== '' || index === 0 || index === pieces.length - 1);
  if (inner.every((piece) => piece === '')) return { kind: 'present', attribute: name };
  return { kind: 'substrings', attribute: name, pieces: inner };
}

/** `attribute[:dn][:rule]:=value` or `[:dn]:rule:=value`. */
function compareByRule(name: string, value: string): Filter | undefined {
  const [attribute = '', ...rest] = name.split(':');
  const dn = rest[0]?.toLowerCase() === 'dn';
  if (dn) rest.shift();
  const [rule = ''] = rest;
  const named = attribute === '' || isName(attribute);
  if (!named || rest.length > 1 || (rest.length === 1 && rule === '') || (attribute === '' && rule === ''))
    return undefined;
  return { kind: 'extensible', attribute, dn, rule, value };
}

/** Any text without the characters that have a meaning: names are the client's own. */
function isName(name: string): boolean {
  return name !== '' && !/[()*=<>~:&|!\\]/.test(name);
}

/** Offset of the next of two units, or the length. */
function nextOf(text: string, from: number, one: number, other: number): number {
  for (let at = from; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    // An escaped parenthesis of RFC 1960 does not end a value.
    if (unit === backslash) at++;
    else if (unit === one || unit === other) return at;
  }
  return text.length;
}

/** Prints a filter so that it parses to the same filter. */
export function printFilter(filter: Filter): string {
  return write(filter, escapeValue, (name) => name).text;
}

/** Gives shape, depth and attributes of a filter's text; undefined when it cannot be parsed. */
export function filterFacts(text: string): FilterFacts | undefined {
  const filter = parseFilter(text);
  if (filter === undefined) return undefined;
  const attributes = new Set<string>();
  const { text: shape, depth } = write(
    filter,
    () => '?',
    (name) => {
      const lower = name.toLowerCase();
      const option = lower.indexOf(';');
      if (lower !== '') attributes.add(foldAttributeType(option < 0 ? lower : lower.slice(0, option)));
      return lower;
    },
  );
  return { shape, depth, attributes: [...attributes] };
}

/** {@link filterFacts} with the answers of the last thousands of different filters remembered. */
export const filterFactsCached: (text: string) => FilterFacts | undefined = createMemo(filterFacts, {
  entriesMax: 16_384,
  keyLengthMax: 2048,
});

/** Writes a filter with values and names as the two functions give them. */
function write(
  filter: Filter,
  value: (value: string) => string,
  name: (name: string) => string,
): { text: string; depth: number } {
  const parts: string[] = [];
  // Work still to do, last first: a filter to write, or a list to close.
  const work: (Filter | undefined)[] = [filter];
  let level = 0;
  let depth = 0;
  let isCut = false;
  while (work.length > 0) {
    const next = work.pop();
    if (next === undefined) {
      level--;
      if (!isCut) parts.push(')');
      continue;
    }
    if (next.kind === 'cut') {
      isCut = true;
      parts.push(next.attribute === '' ? '...' : `(${name(next.attribute)}=...`);
      depth = Math.max(depth, level + 1);
      continue;
    }
    depth = Math.max(depth, level + 1);
    if ('of' in next) {
      parts.push('(', listSigns[next.kind]);
      level++;
      work.push(undefined);
      for (let at = next.of.length - 1; at >= 0; at--) work.push(next.of[at]);
    } else parts.push('(', writeComparison(next, value, name), ')');
  }
  return { text: parts.join(''), depth };
}

type Comparison = Exclude<Filter, { kind: 'and' | 'or' | 'not' | 'cut' }>;

function writeComparison(filter: Comparison, value: (value: string) => string, name: (name: string) => string): string {
  const attribute = name(filter.attribute);
  switch (filter.kind) {
    case 'present':
      return `${attribute}=*`;
    case 'substrings':
      return `${attribute}=${filter.pieces.map((piece) => (piece === '' ? '' : value(piece))).join('*')}`;
    case 'extensible': {
      const rule = filter.rule === '' ? '' : `:${value === escapeValue ? filter.rule : filter.rule.toLowerCase()}`;
      return `${attribute}${filter.dn ? ':dn' : ''}${rule}:=${value(filter.value)}`;
    }
    default:
      return `${attribute}${{ equal: '', approx: '~', greater: '>', less: '<' }[filter.kind]}=${value(filter.value)}`;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what it looks for
const specials = /[\u0000-\u001f()*\\\u007f\udc80-\udcff]/gu;

function escapeValue(value: string): string {
  return value.replace(specials, escapeUnit);
}
