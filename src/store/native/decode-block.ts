import { AppError } from '#error';
import { decodeText, parseAddressCached } from '#event';

/** A value of an answer: text, number, boolean, or a list of texts; null is absent. */
export type CellValue = string | number | boolean | null | readonly CellValue[];

/** One column of an answer. */
export interface DecodedColumn {
  readonly name: string;
  readonly type: string;
  readonly values: readonly CellValue[];
  /** For `DateTime64(9)`: nanoseconds below the millisecond that `values` holds. */
  readonly nanos?: readonly number[];
  /** True when each value is null or empty: a quick no for whole columns. */
  readonly empty?: boolean;
}

export interface DecodedBlock {
  readonly rows: number;
  readonly columns: readonly DecodedColumn[];
}

const word = 4_294_967_296;
const decimalScale = 1e9;

/** Reads an answer in the engine's `Native` format, front to back. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  take(bytes: number): number {
    const start = this.#at;
    if (start + bytes > this.#bytes.length) throw new AppError('store-failed', 'The answer of the engine ends early.');
    this.#at = start + bytes;
    return start;
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.#bytes[this.take(1)] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  text(): string {
    const length = this.varint();
    const start = this.take(length);
    // Short ASCII is the rule; decodeText sees to the rest.
    return length === 0 ? '' : decodeText(this.#bytes.subarray(start, start + length));
  }

  /** A number of things to come, each of which takes a byte at least. */
  count(value: number): number {
    if (value > this.#bytes.length - this.#at)
      throw new AppError('store-failed', 'The answer of the engine ends early.');
    return value;
  }

  /** True when the next bytes are zero; then they are taken. */
  isZero(bytes: number): boolean {
    if (this.#at + bytes > this.#bytes.length || !isZero(this.#bytes, this.#at, bytes)) return false;
    this.#at += bytes;
    return true;
  }

  uint64(): number {
    const start = this.take(8);
    return this.#bytes.readUInt32LE(start) + this.#bytes.readUInt32LE(start + 4) * word;
  }
}

type Values = Omit<DecodedColumn, 'name' | 'type'>;
type Decode = (reader: Reader, rows: number) => Values;

/** Most labels are absent from most answers, so a column without values is passed over as a whole. */
const nothing: Values = { values: [], empty: true };

interface FixedType {
  readonly size: number;
  readonly read: (bytes: Buffer, at: number) => CellValue;
}

function fixed({ size, read }: FixedType): Decode {
  return (reader, rows) => {
    const start = reader.take(size * rows);
    const values = new Array<CellValue>(rows);
    for (let row = 0; row < rows; row++) values[row] = read(reader.bytes, start + row * size);
    return { values };
  };
}

function nullable({ size, read }: FixedType): Decode {
  return (reader, rows) => {
    const nulls = reader.take(rows);
    const start = reader.take(size * rows);
    const { bytes } = reader;
    if (bytes.subarray(nulls, nulls + rows).indexOf(0) < 0) return nothing;
    const values = new Array<CellValue>(rows);
    for (let row = 0; row < rows; row++)
      values[row] = bytes[nulls + row] === 0 ? read(bytes, start + row * size) : null;
    return { values };
  };
}

function isZero(bytes: Buffer, start: number, length: number): boolean {
  for (let at = start; at < start + length; at++) if (bytes[at] !== 0) return false;
  return true;
}

function readInt64(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readInt32LE(at + 4) * word;
}

function readUint64(bytes: Buffer, at: number): number | string {
  const high = bytes.readUInt32LE(at + 4);
  // Above 2^53 a number would be another one.
  return high < 0x20_0000 ? bytes.readUInt32LE(at) + high * word : bytes.readBigUInt64LE(at).toString();
}

function readIpv4(bytes: Buffer, at: number): string {
  return `${bytes[at + 3]}.${bytes[at + 2]}.${bytes[at + 1]}.${bytes[at]}`;
}

function readIpv6(bytes: Buffer, at: number): string {
  const text = bytes.toString('hex', at, at + 16);
  if (text.startsWith('00000000000000000000ffff')) {
    return `${bytes[at + 12]}.${bytes[at + 13]}.${bytes[at + 14]}.${bytes[at + 15]}`;
  }
  const groups = text.match(/.{4}/g)?.join(':') ?? '';
  return parseAddressCached(groups)?.text ?? groups;
}

const decodeTexts: Decode = (reader, rows) => {
  // So many bytes of zero are so many empty texts.
  if (reader.isZero(rows)) return nothing;
  const values = new Array<CellValue>(rows);
  for (let row = 0; row < rows; row++) values[row] = reader.text();
  return { values };
};

/** `DateTime64(9)`: more than 53 bits, taken apart into milliseconds and nanoseconds. */
const decodeNanoseconds: Decode = (reader, rows) => {
  const start = reader.take(8 * rows);
  const values = new Array<CellValue>(rows);
  const nanos = new Array<number>(rows);
  for (let row = 0; row < rows; row++) {
    const low = reader.bytes.readUInt32LE(start + row * 8);
    const high = reader.bytes.readInt32LE(start + row * 8 + 4);
    // high · 2^32 + low = milliseconds · 10^6 + nanos, in steps that stay below 2^53
    const upper = high * 65_536 + Math.floor(low / 65_536);
    const quotient = Math.floor(upper / 1e6);
    const rest = (upper - quotient * 1e6) * 65_536 + (low % 65_536);
    const restMilliseconds = Math.floor(rest / 1e6);
    values[row] = quotient * 65_536 + restMilliseconds;
    nanos[row] = rest - restMilliseconds * 1e6;
  }
  return { values, nanos };
};

function array(inner: Decode): Decode {
  return (reader, rows) => {
    const ends = Array.from({ length: rows }, () => reader.uint64());
    const total = ends.at(-1) ?? 0;
    if (reader.count(total) === 0) return nothing;
    const flat = inner(reader, total).values;
    const values = ends.map((end, row) => flat.slice(ends[row - 1] ?? 0, end));
    return { values };
  };
}

const indexBytes = [1, 2, 4, 8];

const decodeWords: Decode = (reader, rows) => {
  reader.uint64(); // version of the serialization
  const indexType = (reader.bytes[reader.take(8)] ?? 0) & 0xff;
  const size = indexBytes[indexType] ?? 1;
  const keys = Array.from({ length: reader.count(reader.uint64()) }, () => reader.text());
  const count = reader.uint64();
  if (count !== rows) throw new AppError('store-failed', 'The answer of the engine has a dictionary of another size.');
  const start = reader.take(size * rows);
  if (keys.every((key) => key === '')) return nothing;
  const values = new Array<CellValue>(rows);
  const { bytes } = reader;
  for (let row = 0; row < rows; row++) {
    values[row] =
      keys[size === 1 ? (bytes[start + row] ?? 0) : bytes.readUIntLE(start + row * size, Math.min(size, 6))] ?? '';
  }
  return { values };
};

const fixedTypes: Readonly<Record<string, FixedType>> = {
  UInt8: { size: 1, read: (bytes, at) => bytes[at] ?? 0 },
  UInt16: { size: 2, read: (bytes, at) => bytes.readUInt16LE(at) },
  UInt32: { size: 4, read: (bytes, at) => bytes.readUInt32LE(at) },
  UInt64: { size: 8, read: readUint64 },
  Int8: { size: 1, read: (bytes, at) => bytes.readInt8(at) },
  Int32: { size: 4, read: (bytes, at) => bytes.readInt32LE(at) },
  Int64: { size: 8, read: readInt64 },
  Float64: { size: 8, read: (bytes, at) => bytes.readDoubleLE(at) },
  Bool: { size: 1, read: (bytes, at) => bytes[at] === 1 },
  IPv4: { size: 4, read: readIpv4 },
  IPv6: { size: 16, read: readIpv6 },
  'Decimal(18, 9)': { size: 8, read: (bytes, at) => readInt64(bytes, at) / decimalScale },
  "DateTime64(3, 'UTC')": { size: 8, read: readInt64 },
};

const otherTypes: Readonly<Record<string, Decode>> = {
  String: decodeTexts,
  'LowCardinality(String)': decodeWords,
  'Array(String)': array(decodeTexts),
  "DateTime64(9, 'UTC')": decodeNanoseconds,
};

function decoderOf(type: string): Decode {
  const other = otherTypes[type];
  if (other !== undefined) return other;
  const [, inner] = /^Nullable\((.*)\)$/.exec(type) ?? [];
  const known = fixedTypes[inner ?? type];
  if (known !== undefined) return inner === undefined ? fixed(known) : nullable(known);
  throw new AppError('store-failed', `The answer of the engine has a column of type ${type}, which is not known here.`);
}

/** Decodes an answer in the `Native` format: any number of blocks. */
export function decodeBlocks(bytes: Buffer): readonly DecodedBlock[] {
  const reader = new Reader(bytes);
  const blocks: DecodedBlock[] = [];
  while (!reader.done) {
    const width = reader.varint();
    const rows = width === 0 ? reader.varint() : reader.count(reader.varint());
    const columns: DecodedColumn[] = [];
    for (let at = 0; at < width; at++) {
      const name = reader.text();
      const type = reader.text();
      columns.push({ name, type, ...(rows === 0 ? { values: [] } : decoderOf(type)(reader, rows)) });
    }
    if (rows > 0) blocks.push({ rows, columns });
  }
  return blocks;
}
