import { createHash } from 'node:crypto';
import { AppError } from '#error';

/**
 * Marks tell whether a file is the one that was read before: short hashes of what stands before certain positions. Two
 * logs can begin with the same record (a copy that went on elsewhere, a log made anew from a template); then they
 * differ at a mark, and are two generations of one stream.
 *
 * Marks stand at 256 bytes and every doubling of it, so that a shorter copy of a log can be told from another log, too,
 * and at the place reading had come to.
 */
export interface ContentMark {
  readonly position: number;
  /** Hash of the bytes before the position, as many as {@link markRange} covers. */
  readonly hash: string;
}

/** A range of bytes: `from` ≤ byte < `to`. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** Position of the first mark. */
const firstMark = 256;
/** Most bytes a mark looks back. */
const lookBackMax = 4096;
/** Most marks: positions up to 2^53 need fewer. */
const marksMax = 64;

/** The bytes a mark at a position is made from. */
export function markRange(position: number): ByteRange {
  return { from: Math.max(0, position - lookBackMax), to: position };
}

/** Makes marks of content that passes by from its first byte, in any cuts. */
export class MarkMaker {
  #position = 0;
  #next = firstMark;
  /** The bytes before the position, as many as a mark looks back. */
  #tail: Buffer = Buffer.alloc(0);
  #marks: ContentMark[] = [];

  /** Goes on at a position from marks made before; `tail` is what {@link markRange} of the position covers. */
  resume(marks: readonly ContentMark[], position: number, tail: Buffer): void {
    this.#position = position;
    this.#tail = Buffer.from(tail);
    this.#marks = marks.filter((mark) => isDoubling(mark.position) && mark.position <= position);
    this.#next = firstMark;
    while (this.#next <= position) this.#next *= 2;
  }

  /** Takes the next bytes. */
  push(bytes: Buffer): void {
    const end = this.#position + bytes.length;
    while (this.#next <= end) {
      this.#marks.push({ position: this.#next, hash: hashOf(this.#before(this.#next, bytes)) });
      this.#next *= 2;
    }
    this.#tail = Buffer.from(this.#before(end, bytes));
    this.#position = end;
  }

  /** The marks up to here, and one at the place reached. */
  marks(): readonly ContentMark[] {
    const reached = this.#marks.at(-1)?.position === this.#position || this.#position === 0;
    return reached ? [...this.#marks] : [...this.#marks, { position: this.#position, hash: hashOf(this.#tail) }];
  }

  /** The bytes before a position at or behind the one reached, of which `bytes` are the newest. */
  #before(position: number, bytes: Buffer): Buffer {
    const { from } = markRange(position);
    if (from >= this.#position) return bytes.subarray(from - this.#position, position - this.#position);
    const old = this.#tail.subarray(this.#tail.length - (this.#position - from));
    return Buffer.concat([old, bytes.subarray(0, position - this.#position)]);
  }
}

/**
 * Compares marks with content; `read` gives the bytes of ranges, in their order, shorter where the content ends. A mark
 * behind the end of the content says nothing: it may be an older copy.
 */
export async function matchesMarks(
  marks: readonly ContentMark[],
  read: (ranges: readonly ByteRange[]) => Promise<readonly Buffer[]>,
): Promise<boolean> {
  const ordered = marks.toSorted((one, other) => one.position - other.position);
  const ranges = ordered.map((mark) => markRange(mark.position));
  const contents = await read(ranges);
  return ordered.every((mark, at) => {
    const bytes = contents[at];
    const { from, to } = markRange(mark.position);
    return bytes === undefined || bytes.length < to - from || hashOf(bytes) === mark.hash;
  });
}

/**
 * Goes on with marks made up to a position; undefined when the content before it cannot be looked at again. `read` is as
 * in {@link matchesMarks}.
 */
export async function resumeMarks(
  marks: readonly ContentMark[],
  position: number,
  read: (ranges: readonly ByteRange[]) => Promise<readonly Buffer[]>,
): Promise<MarkMaker | undefined> {
  const maker = new MarkMaker();
  if (position === 0) return maker;
  const range = markRange(position);
  const [tail] = await read([range]);
  if (tail === undefined || tail.length < range.to - range.from) return undefined;
  maker.resume(marks, position, tail);
  return maker;
}

/** Reads marks from saved JSON. Throws `state-damaged`. */
export function parseMarks(value: unknown): ContentMark[] {
  if (!Array.isArray(value) || value.length > marksMax) throw damaged();
  return value.map((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || !('position' in entry) || !('hash' in entry)) throw damaged();
    const { position, hash } = entry;
    if (typeof position !== 'number' || !Number.isSafeInteger(position) || position < 1) throw damaged();
    if (typeof hash !== 'string') throw damaged();
    return { position, hash };
  });
}

function damaged(): AppError {
  return new AppError('state-damaged', 'the marks of a saved reading state are damaged');
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url').slice(0, 16);
}

function isDoubling(position: number): boolean {
  return position >= firstMark && Number.isInteger(Math.log2(position / firstMark));
}
