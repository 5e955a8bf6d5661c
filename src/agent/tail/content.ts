import { type ByteSource, byteSourceOf, type MarkMaker, matchesMarks, resumeMarks } from '#delivery';
import { AppError } from '#error';
import { readingLimits } from '../limits.ts';
import type { Clock } from '../reading/reading.ts';
import type { Reports } from '../reports.ts';
import { type Carrier, type LogFile, primaryOf } from './log-file.ts';

/** What came of asking for more of a file. */
export type More =
  | { readonly what: 'bytes'; readonly bytes: Buffer }
  /** There is nothing more at the moment; `whole` when there never will be. */
  | { readonly what: 'end'; readonly whole: boolean }
  /** The file holds another content now. */
  | { readonly what: 'changed' }
  /** It is not open. */
  | { readonly what: 'closed' };

const nothing: More = { what: 'end', whole: false };

/**
 * Reads one content on from a position, from whatever file holds it at the moment. With each piece a little of what stands
 * before it is read again: when that is not what it was, the file was cut and written anew meanwhile.
 */
export class Content {
  readonly #file: LogFile;
  readonly #clock: Clock;
  readonly #reports: Reports;
  readonly #buffer: Buffer;
  #carrier: Carrier | undefined;
  #marks: MarkMaker | undefined;
  #tail: Buffer = Buffer.alloc(0);
  /** Byte behind the last one given. */
  #end: number;
  #inflated: AsyncGenerator<Buffer> | undefined;
  #left: Buffer = Buffer.alloc(0);
  /** Facts of a compressed file that was read as far as it went. */
  #exhausted: string | undefined;

  /** `buffer` is where pieces are read into; it may be shared with others that do not read at the same time. */
  constructor(file: LogFile, clock: Clock, reports: Reports, buffer: Buffer) {
    this.#file = file;
    this.#clock = clock;
    this.#reports = reports;
    this.#buffer = buffer;
    this.#end = file.position;
  }

  /** Byte behind the last one given. */
  get end(): number {
    return this.#end;
  }

  /** The last byte given; undefined at the start of the file. */
  get lastByte(): number | undefined {
    return this.#tail.at(-1);
  }

  /** Gives the next bytes, up to `limit` at most; they are valid until the next are asked for. */
  async more(limit: number): Promise<More> {
    const carrier = primaryOf(this.#file);
    if (carrier?.handle === undefined) return { what: 'closed' };
    if (this.#marks === undefined) {
      const begun = await this.#begin(carrier);
      if (begun !== undefined) return begun;
    }
    const more = carrier.compressed ? await this.#moreInflated(carrier, limit) : await this.#morePlain(carrier, limit);
    if (more.what === 'bytes') this.#took(more.bytes);
    return more;
  }

  /** Marks of what was given so far, made when they are asked for. */
  get marks(): LogFile['marks'] {
    return this.#marks?.marks() ?? this.#file.marks;
  }

  /** Lets go of what is open. */
  async close(): Promise<void> {
    await this.#stopInflating();
  }

  /** Sees that the file still holds what was recognized, and reads what stands before the position, to know it again. */
  async #begin(carrier: Carrier): Promise<More | undefined> {
    const source = await sourceOf(carrier);
    const { marks, position } = this.#file;
    // A file that waited for its turn may have been written anew meanwhile; a compressed one is not.
    if (!carrier.compressed && !(await matchesMarks(marks, (ranges) => source.readRanges(ranges)))) {
      return { what: 'changed' };
    }
    const resumed = await resumeMarks(marks, position, (ranges) => source.readRanges(ranges));
    if (resumed === undefined) return nothing;
    const from = Math.max(0, position - readingLimits.overlapBytes);
    const [tail] = await source.readRanges([{ from, to: position }]);
    this.#tail = tail ?? this.#tail;
    this.#marks = resumed;
    this.#carrier = carrier;
    return undefined;
  }

  async #morePlain(carrier: Carrier, limit: number): Promise<More> {
    const overlap = this.#tail.length;
    const wanted = Math.min(readingLimits.chunkBytes, limit - this.#end);
    const into = this.#buffer.subarray(0, overlap + wanted);
    const length = (await carrier.handle?.read(into, this.#end - overlap)) ?? 0;
    const known = this.#carrier === carrier;
    // A copy may still be shorter than what was read elsewhere.
    if (length < overlap) return known ? { what: 'changed' } : nothing;
    if (!into.subarray(0, overlap).equals(this.#tail)) return { what: 'changed' };
    this.#carrier = carrier;
    return length === overlap ? nothing : { what: 'bytes', bytes: into.subarray(overlap, length) };
  }

  async #moreInflated(carrier: Carrier, limit: number): Promise<More> {
    const state = `${carrier.facts.bytes} ${carrier.facts.modified}`;
    if (this.#exhausted === state) return { what: 'end', whole: true };
    if (this.#carrier !== carrier) await this.#stopInflating();
    this.#carrier = carrier;
    this.#inflated ??= (await sourceOf(carrier)).read(this.#end);
    try {
      while (this.#left.length === 0) {
        const next = await this.#inflated.next();
        if (next.done) {
          this.#exhausted = state;
          await this.#stopInflating();
          return { what: 'end', whole: true };
        }
        this.#left = next.value;
      }
    } catch (thrown) {
      await this.#stopInflating();
      return this.#damaged(thrown, carrier, state);
    }
    const bytes = this.#left.subarray(0, Math.min(readingLimits.chunkBytes, limit - this.#end));
    this.#left = this.#left.subarray(bytes.length);
    return { what: 'bytes', bytes };
  }

  /** A compressed file that ends early may still be written; one that rests is damaged. */
  #damaged(thrown: unknown, carrier: Carrier, state: string): More {
    if (!(thrown instanceof AppError) || !thrown.code.startsWith('gzip-')) throw thrown;
    if (this.#clock.now() - carrier.facts.modified < readingLimits.restMs) return nothing;
    this.#reports.error(thrown);
    this.#exhausted = state;
    return { what: 'end', whole: true };
  }

  #took(bytes: Buffer): void {
    this.#marks?.push(bytes);
    this.#end += bytes.length;
    const keep = readingLimits.overlapBytes;
    const joined = bytes.length >= keep ? bytes : Buffer.concat([this.#tail, bytes]);
    this.#tail = Buffer.from(joined.subarray(Math.max(0, joined.length - keep)));
  }

  async #stopInflating(): Promise<void> {
    const inflated = this.#inflated;
    this.#inflated = undefined;
    this.#left = Buffer.alloc(0);
    await inflated?.return(undefined);
  }
}

async function sourceOf({ path, handle }: Carrier): Promise<ByteSource> {
  if (handle === undefined) throw new AppError('internal', 'A file is not open.');
  const facts = await handle.facts();
  return byteSourceOf(path, handle, facts.bytes, facts.modified);
}
