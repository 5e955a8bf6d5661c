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

  uint64(): number {
    const start = this.take(8);
    return this.#bytes.readUInt32LE(start) + this.#bytes.readUInt32LE(start + 4) * word;
  }
}

type Decode = (reader: Reader, rows: number) => Omit<DecodedColumn, 'name' | 'type'>;

function fixed(size: number, read: (bytes: Buffer, at: number) => CellValue): Decode {
  return (reader, rows) => {
    const start = reader.take(size * rows);
    const values = new Array<CellValue>(rows);
    for (let row = 0; row < rows; row++) values[row] = read(reader.bytes, start + row * size);
    return { values };
  };
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
  const values = new Array<CellValue>(rows);
  let empty = true;
  for (let row = 0; row < rows; row++) {
    const value = reader.text();
    if (value !== '') empty = false;
    values[row] = value;
  }
  return { values, empty };
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

function nullable(inner: Decode): Decode {
  return (reader, rows) => {
    const start = reader.take(rows);
    const decoded = inner(reader, rows);
    const values = [...decoded.values];
    let empty = true;
    for (let row = 0; row < rows; row++) {
      if (reader.bytes[start + row] === 0) empty = false;
      else values[row] = null;
    }
    return { ...decoded, values, empty };
  };
}

function array(inner: Decode): Decode {
  return (reader, rows) => {
    const ends = Array.from({ length: rows }, () => reader.uint64());
    const total = ends.at(-1) ?? 0;
    const flat = total === 0 ? [] : inner(reader, total).values;
    const values = ends.map((end, row) => flat.slice(ends[row - 1] ?? 0, end));
    return { values, empty: total === 0 };
  };
}

const indexBytes = [1, 2, 4, 8];

const decodeWords: Decode = (reader, rows) => {
  reader.uint64(); // version of the serialization
  const indexType = (reader.bytes[reader.take(8)] ?? 0) & 0xff;
  const size = indexBytes[indexType] ?? 1;
  const keys = Array.from({ length: reader.uint64() }, () => reader.text());
  const count = reader.uint64();
  if (count !== rows) throw new AppError('store-failed', 'The answer of the engine has a dictionary of another size.');
  const start = reader.take(size * rows);
  const values = new Array<CellValue>(rows);
  for (let row = 0; row < rows; row++) values[row] = keys[reader.bytes.readUIntLE(start + row * size, Math.min(size, 6))] ?? '';
  return { values, empty: keys.every((key) => key === '') };
};

const decoders: Readonly<Record<string, Decode>> = {
  String: decodeTexts,
  'LowCardinality(String)': decodeWords,
  UInt8: fixed(1, (bytes, at) => bytes[at] ?? 0),
  UInt16: fixed(2, (bytes, at) => bytes.readUInt16LE(at)),
  UInt32: fixed(4, (bytes, at) => bytes.readUInt32LE(at)),
  UInt64: fixed(8, readUint64),
  Int8: fixed(1, (bytes, at) => bytes.readInt8(at)),
  Int32: fixed(4, (bytes, at) => bytes.readInt32LE(at)),
  Int64: fixed(8, readInt64),
  Float64: fixed(8, (bytes, at) => bytes.readDoubleLE(at)),
  Bool: fixed(1, (bytes, at) => bytes[at] === 1),
  IPv4: fixed(4, readIpv4),
  IPv6: fixed(16, readIpv6),
  'Decimal(18, 9)': fixed(8, (bytes, at) => readInt64(bytes, at) / decimalScale),
  "DateTime64(3, 'UTC')": fixed(8, readInt64),
  "DateTime64(9, 'UTC')": decodeNanoseconds,
};

function decoderOf(type: string): Decode {
  const known = decoders[type];
  if (known !== undefined) return known;
  const [, outer, inner] = /^(Nullable|Array)\((.*)\)$/.exec(type) ?? [];
  if (outer === 'Nullable' && inner !== undefined) return nullable(decoderOf(inner));
  if (outer === 'Array' && inner !== undefined && !inner.includes('LowCardinality')) return array(decoderOf(inner));
  throw new AppError('store-failed', `The answer of the engine has a column of type ${type}, which is not known here.`);
}

/** Decodes an answer in the `Native` format: any number of blocks. */
export function decodeBlocks(bytes: Buffer): readonly DecodedBlock[] {
  const reader = new Reader(bytes);
  const blocks: DecodedBlock[] = [];
  while (!reader.done) {
    const width = reader.varint();
    const rows = reader.varint();
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
