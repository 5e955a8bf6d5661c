import { type Rec, type RecKey, type RecType, recKeyNames, recKeys } from '#event';

/** A place beyond the end of any buffer: what is written there is lost, and so is all that follows. */
const full = 2 ** 31;
/** Longest number in JSON: `-1.2345678901234567e-100`, with room. */
const numberBytes = 32;
const wholeMax = 1e15;
const nano = 1e9;
const million = 1e6;
/** Up to here it is quicker to do it byte by byte than to ask the runtime. */
const shortMax = 20;
const shortCopyMax = 64;
const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const zero = 0x30;
const trueBytes: Buffer = Buffer.from('true');
const falseBytes: Buffer = Buffer.from('false');

/** Keys whose value is often that of the record before; few, since a value may be a part of a long text, and keeps it. */
const steadyKeys: ReadonlySet<RecKey> = new Set<RecKey>([
  ...(['DeviceModel', 'DeviceType', 'base', 'method', 'filter', 'dn', 'client', 'server', 'verb'] as const),
  ...(['source', 'log', 'host', 'instance', 'serverVersion', 'scope', 'tlsVersion', 'tlsCipher'] as const),
  ...(['transport', 'boundDn', 'boundMethod', 'request', 'session', 'correlation'] as const),
]);

interface KeyWriters {
  readonly number: (bytes: Buffer, at: number, value: number) => number;
  readonly unsigned: (bytes: Buffer, at: number, value: number | string) => number;
  readonly text: (bytes: Buffer, at: number, value: string) => number;
  readonly boolean: (bytes: Buffer, at: number, value: boolean) => number;
  readonly words: (bytes: Buffer, at: number, value: readonly string[]) => number;
}
const writers: KeyWriters & Record<RecType, unknown> = {
  number: writeNumber,
  unsigned: (bytes, at, value) =>
    typeof value === 'number' ? writeNumber(bytes, at, value) : writeText(bytes, at, value),
  text: writeText,
  boolean: (bytes, at, value) => writeBytes(bytes, at, value ? trueBytes : falseBytes),
  words: writeWords,
};

/** What a writer remembers of each key: its value, and where it last stands in the bytes. */
interface Last {
  readonly values: (string | undefined)[];
  readonly from: number[];
  readonly to: number[];
}

/** Writes `,"key":value` for each key that is there. Code of its own for each key: then its place in a record is known. */
const writeKeys = /* @__PURE__ */ new Function(
  'writers',
  'writeBytes',
  'copyKey',
  'names',
  [
    'const { number, unsigned, text, boolean, words } = writers;',
    'return (rec, bytes, at, { values, from, to }) => {',
    ...recKeyNames.map((key, index) => {
      const fresh = `${recKeys[key]}(bytes, writeBytes(bytes, at, names[${index}]), rec.${key})`;
      if (!steadyKeys.has(key)) return `if (rec.${key} !== undefined) at = ${fresh};`;
      return `if (rec.${key} !== undefined) {
        if (rec.${key} === values[${index}]) at = copyKey(bytes, at, from[${index}], to[${index}]);
        else { values[${index}] = rec.${key}; from[${index}] = at; at = to[${index}] = ${fresh}; }
      }`;
    }),
    'return at; };',
  ].join('\n'),
)(
  writers,
  writeBytes,
  copyKey,
  recKeyNames.map((key) => Buffer.from(`,${JSON.stringify(key)}:`)),
) as (rec: Rec, bytes: Buffer, at: number, last: Last) => number;

/**
 * Writes records into bytes, one behind the other, as lines of JSON: the text `JSON.stringify` gives, without making it.
 * An agent that follows a busy log spends most of its time on this.
 */
export class RecWriter {
  readonly #last: Last = {
    values: recKeyNames.map(() => undefined),
    from: recKeyNames.map(() => 0),
    to: recKeyNames.map(() => 0),
  };
  #bytes: Buffer | undefined;
  #end = 0;

  /** Gives the place behind the line; undefined when there may not be room, and what follows `at` is then worth nothing. */
  write(rec: Rec, bytes: Buffer, at: number): number | undefined {
    // Only what was written just before is still known to stand there.
    if (bytes !== this.#bytes || at !== this.#end || at === 0) this.#last.values.fill(undefined);
    this.#bytes = undefined;
    let end = writeKeys(rec, bytes, at, this.#last);
    if (end + 3 > bytes.length) return undefined;
    // The brace belongs where the comma before the first key is.
    if (end === at) end++;
    bytes[at] = 0x7b;
    bytes[end++] = 0x7d;
    bytes[end++] = 0x0a;
    this.#bytes = bytes;
    this.#end = end;
    return end;
  }
}

function writeBytes(bytes: Buffer, at: number, what: Buffer): number {
  if (at + what.length > bytes.length) return full;
  for (let index = 0; index < what.length; index++) bytes[at + index] = what[index] ?? 0;
  return at + what.length;
}

/** Writes a key once more, as it stands elsewhere; there, the comma before it may have become a brace. */
function copyKey(bytes: Buffer, at: number, from: number, to: number): number {
  const end = at + to - from;
  if (end > bytes.length) return full;
  if (to - from > shortCopyMax) bytes.copyWithin(at, from, to);
  else for (let index = from, place = at; index < to; index++, place++) bytes[place] = bytes[index] ?? 0;
  bytes[at] = comma;
  return end;
}

function writeText(bytes: Buffer, at: number, text: string): number {
  const { length } = text;
  // Of each character two bytes at most, and two quotation marks.
  if (at + 2 * length + 2 > bytes.length) return writeAny(bytes, at, text);
  return length > shortMax ? writeLong(bytes, at, text) : writeShort(bytes, at, text);
}

function writeShort(bytes: Buffer, at: number, text: string): number {
  let to = at;
  bytes[to++] = quote;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code > 0x7e) return writeAny(bytes, at, text);
    if (code === quote || code === backslash) bytes[to++] = backslash;
    bytes[to++] = code;
  }
  bytes[to++] = quote;
  return to;
}

/** Writes a text so far behind its place that it can be moved there, escaped, without meeting itself. */
function writeLong(bytes: Buffer, at: number, text: string): number {
  const { length } = text;
  const from = at + length + 2;
  if (bytes.write(text, from, length) !== length) return writeAny(bytes, at, text);
  let to = at;
  bytes[to++] = quote;
  for (let index = from; index < from + length; index++) {
    const code = bytes[index] ?? 0;
    if (code < 0x20 || code > 0x7e) return writeAny(bytes, at, text);
    if (code === quote || code === backslash) bytes[to++] = backslash;
    bytes[to++] = code;
  }
  bytes[to++] = quote;
  return to;
}

function writeNumber(bytes: Buffer, at: number, value: number): number {
  if (at + numberBytes > bytes.length) return full;
  if (value >= 0 && value < wholeMax) {
    const whole = Math.trunc(value);
    if (whole === value) return writeWhole(bytes, at, whole);
    const nanos = Math.round(value * nano);
    // Of no more than fifteen digits there are no shorter ones for the same number.
    if (value >= 1e-6 && nanos < wholeMax && nanos / nano === value) return writeNanos(bytes, at, nanos);
  }
  return writeAny(bytes, at, value);
}

/** Writes a number of nanoseconds as seconds. */
function writeNanos(bytes: Buffer, at: number, nanos: number): number {
  const whole = Math.trunc(nanos / nano);
  let to = writeWhole(bytes, at, whole);
  bytes[to++] = 0x2e;
  to = writeDigits(bytes, to, nanos - whole * nano, 9);
  while (bytes[to - 1] === zero) to--;
  return to;
}

function writeWhole(bytes: Buffer, at: number, value: number): number {
  if (value < nano) return writeDigits(bytes, at, value, digitsOf(value));
  const high = Math.trunc(value / million);
  return writeDigits(bytes, writeDigits(bytes, at, high, digitsOf(high)), value - high * million, 6);
}

function digitsOf(value: number): number {
  let digits = 1;
  for (let bound = 10; value >= bound; bound *= 10) digits++;
  return digits;
}

/** Writes the last digits of a whole number below 2³⁰. */
function writeDigits(bytes: Buffer, at: number, value: number, digits: number): number {
  let rest = value | 0;
  for (let place = at + digits - 1; place >= at; place--) {
    const next = (rest / 10) | 0;
    bytes[place] = zero + rest - next * 10;
    rest = next;
  }
  return at + digits;
}

function writeWords(bytes: Buffer, at: number, words: readonly string[]): number {
  if (at + 2 > bytes.length) return full;
  let to = at;
  bytes[to++] = 0x5b;
  for (let index = 0; index < words.length; index++) {
    if (index > 0) bytes[to++] = comma;
    to = writeText(bytes, to, words[index] ?? '');
    if (to + 2 > bytes.length) return full;
  }
  bytes[to++] = 0x5d;
  return to;
}

/** The slow way, for what is rare: characters to be escaped or of several bytes, numbers with exponents. */
function writeAny(bytes: Buffer, at: number, value: string | number): number {
  if (at > bytes.length) return full;
  const json = JSON.stringify(value);
  const size = Buffer.byteLength(json);
  return at + size > bytes.length ? full : at + bytes.write(json, at);
}
