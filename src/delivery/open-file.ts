import { type FileHandle, open } from 'node:fs/promises';
import { AppError } from '#error';
import type { ByteRange } from './content-marks.ts';
import { inflate } from './inflate.ts';

/** Bytes given out at a time, at most. */
export const chunkBytesMax: number = 1024 * 1024;

/** A log as bytes: what was compressed is inflated, and positions count uncompressed bytes. */
export interface ByteSource {
  /** Path; `-` for stdin. */
  readonly path: string;
  readonly compressed: boolean;
  /** Bytes of the file as it lies there, when it was opened; undefined for stdin. */
  readonly fileBytes: number | undefined;
  /** When it was last written, epoch milliseconds; undefined for stdin. */
  readonly modified: number | undefined;
  /** Bytes of the file consumed so far, as they lie there: for a progress bar. */
  readonly consumedBytes: number;
  /**
   * Gives the bytes from a position on, in chunks of at most {@link chunkBytesMax}; each is valid until the next is
   * asked for. A file that grows meanwhile is read as far as it went when it was opened.
   */
  read(position: number): AsyncGenerator<Buffer>;
  /** Gives the first bytes, as many as asked for or as there are, and leaves them to be read. */
  peek(bytes: number): Promise<Buffer>;
  /** Gives the bytes of ranges that are in order; shorter where the content ends. */
  readRanges(ranges: readonly ByteRange[]): Promise<readonly Buffer[]>;
  close(): Promise<void>;
}

/** Opens a file; whether it is gzip is told by its first bytes. Throws `file-missing`, `file-forbidden`, `file-unreadable`. */
export async function openFile(path: string): Promise<ByteSource> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const found = await handle.stat();
    if (!found.isFile()) {
      throw new AppError('file-unreadable', `"${path}" is neither a file nor a folder.`, { place: { file: path } });
    }
    return await byteSourceOf(path, readable(handle), found.size, found.mtimeMs);
  } catch (thrown) {
    await handle?.close();
    throw fileError(path, thrown);
  }
}

/** An open file, wherever it lies. */
export interface ReadableFile {
  /** Reads into the whole buffer as far as there is content; gives the bytes read. */
  read(into: Buffer, position: number): Promise<number>;
  close(): Promise<void>;
}

/** Gives an open file as bytes; whether it is gzip is told by its first bytes. `fileBytes` and `modified` are what the file system says. */
export async function byteSourceOf(
  path: string,
  file: ReadableFile,
  fileBytes: number,
  modified: number,
): Promise<ByteSource> {
  const magic = Buffer.alloc(2);
  await file.read(magic, 0);
  const compressed = magic[0] === 0x1f && magic[1] === 0x8b;
  return new FileSource(path, file, compressed, fileBytes, modified);
}

function readable(handle: FileHandle): ReadableFile {
  return {
    async read(into, position) {
      let length = 0;
      while (length < into.length) {
        const { bytesRead } = await handle.read(into, length, into.length - length, position + length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return length;
    },
    close: () => handle.close(),
  };
}

/** Gives the {@link AppError} for what the file system says about a path. */
export function fileError(path: string, thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
  const options = { place: { file: path }, cause: thrown };
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new AppError('file-missing', `There is no file "${path}".`, options);
  if (code === 'EACCES' || code === 'EPERM')
    return new AppError('file-forbidden', `"${path}" may not be read.`, options);
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError('file-unreadable', `"${path}" cannot be read: ${reason}.`, options);
}

class FileSource implements ByteSource {
  readonly path: string;
  readonly compressed: boolean;
  readonly fileBytes: number;
  readonly modified: number;
  readonly #file: ReadableFile;
  #consumed = 0;

  constructor(path: string, file: ReadableFile, compressed: boolean, fileBytes: number, modified: number) {
    this.path = path;
    this.#file = file;
    this.compressed = compressed;
    this.fileBytes = fileBytes;
    this.modified = modified;
  }

  get consumedBytes(): number {
    return this.#consumed;
  }

  async *read(position: number): AsyncGenerator<Buffer> {
    if (!this.compressed) {
      yield* this.#readPlain(position);
      return;
    }
    yield* skip(
      inflate(() => this.#readPlain(0), this.path),
      position,
    );
  }

  async peek(bytes: number): Promise<Buffer> {
    const [first] = await this.readRanges([{ from: 0, to: bytes }]);
    return first ?? Buffer.alloc(0);
  }

  async readRanges(ranges: readonly ByteRange[]): Promise<readonly Buffer[]> {
    if (this.compressed) return collect(this.read(0), ranges);
    const found: Buffer[] = [];
    for (const { from, to } of ranges) {
      const end = Math.min(to, this.fileBytes);
      const bytes = Buffer.alloc(Math.max(0, end - from));
      found.push(bytes.subarray(0, await this.#fill(bytes, from)));
    }
    return found;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /** The file's own bytes. */
  async *#readPlain(position: number): AsyncGenerator<Buffer> {
    const chunk = Buffer.allocUnsafeSlow(Math.min(chunkBytesMax, Math.max(1, this.fileBytes)));
    let at = position;
    while (at < this.fileBytes) {
      const wanted = Math.min(chunk.length, this.fileBytes - at);
      const length = await this.#fill(chunk.subarray(0, wanted), at);
      if (length === 0) return;
      at += length;
      this.#consumed = at;
      yield chunk.subarray(0, length);
    }
  }

  async #fill(bytes: Buffer, position: number): Promise<number> {
    try {
      return await this.#file.read(bytes, position);
    } catch (thrown) {
      throw fileError(this.path, thrown);
    }
  }
}

/** Takes a stream of bytes that can be read once, such as stdin. */
export class PipeSource implements ByteSource {
  readonly path: string = '-';
  readonly fileBytes: undefined = undefined;
  readonly modified: undefined = undefined;
  readonly #input: AsyncIterator<Buffer>;
  #compressed = false;
  #consumed = 0;
  #content: AsyncGenerator<Buffer> | undefined;
  /** Content that was looked at, and not yet read. */
  readonly #head: Buffer[] = [];

  constructor(input: AsyncIterable<Buffer>) {
    this.#input = input[Symbol.asyncIterator]();
  }

  get compressed(): boolean {
    return this.#compressed;
  }

  get consumedBytes(): number {
    return this.#consumed;
  }

  async *read(position: number): AsyncGenerator<Buffer> {
    yield* skip(this.#rest(), position);
  }

  async peek(bytes: number): Promise<Buffer> {
    const content = await this.#open();
    let length = this.#head.reduce((sum, chunk) => sum + chunk.length, 0);
    while (length < bytes) {
      const next = await content.next();
      if (next.done) break;
      this.#head.push(Buffer.from(next.value));
      length += next.value.length;
    }
    return Buffer.concat(this.#head).subarray(0, bytes);
  }

  /** Nothing: what was read from a pipe is gone. */
  readRanges(): Promise<readonly Buffer[]> {
    return Promise.resolve([]);
  }

  async close(): Promise<void> {
    await this.#input.return?.();
  }

  async *#rest(): AsyncGenerator<Buffer> {
    const content = await this.#open();
    yield* this.#head.splice(0);
    yield* content;
  }

  /** Begins to read, once; whether it is gzip is told by the first two bytes. */
  async #open(): Promise<AsyncGenerator<Buffer>> {
    if (this.#content !== undefined) return this.#content;
    let first: Buffer = Buffer.alloc(0);
    while (first.length < 2) {
      const next = await this.#input.next();
      if (next.done) break;
      first = Buffer.concat([first, next.value]);
    }
    this.#compressed = first[0] === 0x1f && first[1] === 0x8b;
    const raw = this.#raw(first);
    this.#content = this.#compressed ? inflate(() => raw, 'stdin', false) : raw;
    return this.#content;
  }

  async *#raw(first: Buffer): AsyncGenerator<Buffer> {
    yield* this.#pieces(first);
    for (let next = await this.#input.next(); !next.done; next = await this.#input.next())
      yield* this.#pieces(next.value);
  }

  *#pieces(bytes: Buffer): Generator<Buffer> {
    for (let at = 0; at < bytes.length; at += chunkBytesMax) {
      const piece = bytes.subarray(at, at + chunkBytesMax);
      this.#consumed += piece.length;
      yield piece;
    }
  }
}

async function* skip(chunks: AsyncGenerator<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const chunk of chunks) {
    if (left >= chunk.length) left -= chunk.length;
    else {
      yield left > 0 ? chunk.subarray(left) : chunk;
      left = 0;
    }
  }
}

/** Picks ranges, in order, from content that passes by once. */
async function collect(chunks: AsyncGenerator<Buffer>, ranges: readonly ByteRange[]): Promise<readonly Buffer[]> {
  const found = ranges.map((): Buffer[] => []);
  const end = Math.max(0, ...ranges.map((range) => range.to));
  let at = 0;
  try {
    for await (const chunk of chunks) {
      for (const [index, { from, to }] of ranges.entries()) {
        if (to <= at || from >= at + chunk.length) continue;
        found[index]?.push(Buffer.from(chunk.subarray(Math.max(0, from - at), to - at)));
      }
      at += chunk.length;
      if (at >= end) break;
    }
  } catch (thrown) {
    // A damaged file has content as far as it can be read.
    if (!(thrown instanceof AppError) || !thrown.code.startsWith('gzip-')) throw thrown;
  }
  return found.map((parts) => Buffer.concat(parts));
}
