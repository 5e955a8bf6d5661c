import { setImmediate as nextTurn } from 'node:timers/promises';
import { Reader, type Response } from 'maxmind';
import { recordValuesMax, rowsPerTurn } from './limits.ts';
import type { FileContent } from './read-file.ts';
import { asInvalid, invalid } from './read-table.ts';

/** What stands before the metadata at the end of an mmdb file. */
const marker = Buffer.from('abcdef4d61784d696e642e636f6d', 'hex');
/** The metadata has 128 KiB at most, says the format. */
const metadataBytesMax = 128 * 1024;
const separatorBytes = 16;
const nestingMax = 64;

/** Types of values, by number. */
const pointerType = 1;
const mapType = 7;
const arrayType = 11;
const booleanType = 14;
const typeMax = 15;

/**
 * Looks through an mmdb file that somebody sent: that its tree and all its records lie inside it, and that no record
 * unfolds into more values than {@link recordValuesMax}. Records may point to one another, so that a few hundred bytes can
 * unfold without end, and a look-up would never come back. Throws `enrichment-file-invalid`.
 */
export async function checkDatabase(content: FileContent): Promise<void> {
  const { bytes } = content;
  const at = bytes.subarray(-metadataBytesMax).lastIndexOf(marker);
  if (at < 0) throw invalid(content, 'it is no mmdb database');
  const start = Math.max(0, bytes.length - metadataBytesMax) + at + marker.length;
  measured(content, new Section(bytes, start), 0);
  const { nodeCount: nodes, recordSize: bits, searchTreeSize: treeBytes } = open(content).metadata;
  const dataBytes = start - marker.length - treeBytes - separatorBytes;
  if (!Number.isSafeInteger(nodes) || nodes <= 0 || !(dataBytes > 0)) {
    throw invalid(content, 'its tree is larger than the file, or its metadata is damaged');
  }
  const section = new Section(bytes.subarray(0, start - marker.length), treeBytes + separatorBytes);
  for (let node = 0; node < nodes; node++) {
    if (node % rowsPerTurn === 0) await nextTurn();
    for (const target of childrenOf(bytes, node, bits)) {
      // Up to the number of nodes it is one of them, or nothing.
      if (target > nodes) measured(content, section, target - nodes - separatorBytes);
    }
  }
}

function open(content: FileContent): Reader<Response> {
  try {
    return new Reader<Response>(content.bytes);
  } catch (thrown) {
    throw asInvalid(content, thrown);
  }
}

function measured(content: FileContent, section: Section, offset: number): void {
  try {
    section.measure(offset);
  } catch (thrown) {
    throw invalid(content, thrown instanceof RangeError ? thrown.message : 'its records are damaged', thrown);
  }
}

function childrenOf(bytes: Buffer, node: number, bits: number): readonly [number, number] {
  const at = (node * bits) / 4;
  if (bits === 24) return [bytes.readUIntBE(at, 3), bytes.readUIntBE(at + 3, 3)];
  if (bits === 32) return [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)];
  const middle = bytes[at + 3] ?? 0;
  return [(middle >> 4) * 2 ** 24 + bytes.readUIntBE(at, 3), (middle & 0x0f) * 2 ** 24 + bytes.readUIntBE(at + 4, 3)];
}

/** A value as it lies in the file: its type, its size, and where what follows the head begins. */
interface Head {
  readonly type: number;
  readonly size: number;
  readonly body: number;
}

/** Records of a database; offsets count from its beginning. */
class Section {
  readonly #bytes: Buffer;
  readonly #start: number;
  /** Values that the record at an offset unfolds into; 0 while it is being measured. */
  readonly #known = new Map<number, number>();
  /** Where the value that was measured last ends. */
  #end = 0;

  constructor(bytes: Buffer, start: number) {
    this.#bytes = bytes;
    this.#start = start;
  }

  /** Gives how many values a record unfolds into. Throws a RangeError when that is too many, or leads out of the file. */
  measure(offset: number, depth = 0): number {
    const known = this.#known.get(offset);
    if (known === 0) throw new RangeError('its records lead in a circle');
    if (known !== undefined) return known;
    this.#known.set(offset, 0);
    const values = this.#measure(offset, depth);
    this.#known.set(offset, values);
    return values;
  }

  #measure(offset: number, depth: number): number {
    if (depth > nestingMax) throw new RangeError(`its records are nested deeper than ${nestingMax}`);
    const { type, size, body } = this.#head(offset);
    if (type === pointerType) {
      const values = this.measure(size, depth + 1);
      this.#end = body;
      return values;
    }
    if (type !== mapType && type !== arrayType) {
      this.#end = type === booleanType ? body : body + size;
      if (this.#start + this.#end > this.#bytes.length) throw new RangeError('a record leads out of the file');
      return 1;
    }
    let values = 1;
    let at = body;
    for (let item = type === mapType ? size * 2 : size; item > 0; item--) {
      values += this.#measure(at, depth + 1);
      if (values > recordValuesMax) throw new RangeError(`a record holds more than ${recordValuesMax} values`);
      at = this.#end;
    }
    this.#end = at;
    return values;
  }

  /** Of a pointer the size is where it leads. */
  #head(offset: number): Head {
    let at = this.#start + offset;
    const control = this.#byte(at++);
    let type = control >> 5;
    if (type === pointerType) return this.#pointer(control, at);
    if (type === 0) type = this.#byte(at++) + 7;
    if (type < 2 || type > typeMax || (type > arrayType && type < booleanType)) {
      throw new RangeError('a record holds something of no known type');
    }
    const short = control & 0x1f;
    const [size, length] =
      short < 29
        ? [short, 0]
        : short === 29
          ? [29 + this.#byte(at), 1]
          : short === 30
            ? [285 + this.#number(at, 2), 2]
            : [65_821 + this.#number(at, 3), 3];
    return { type, size, body: at + length - this.#start };
  }

  #pointer(control: number, at: number): Head {
    const length = ((control >> 3) & 3) + 1;
    const high = length === 4 ? 0 : (control & 7) * 2 ** (8 * length);
    const base = [0, 2_048, 526_336, 0][length - 1] ?? 0;
    const size = base + high + this.#number(at, length);
    return { type: pointerType, size, body: at + length - this.#start };
  }

  #byte(at: number): number {
    const value = at < 0 ? undefined : this.#bytes[at];
    if (value === undefined) throw new RangeError('a record leads out of the file');
    return value;
  }

  #number(at: number, length: number): number {
    if (at < 0 || at + length > this.#bytes.length) throw new RangeError('a record leads out of the file');
    return this.#bytes.readUIntBE(at, length);
  }
}
