import { type ByteSource, type FirstRecord, MarkMaker, resumeMarks, streamOf } from '#delivery';
import { AppError } from '#error';
import {
  firstRecordBytesMax,
  firstRecordOf,
  type LogReader,
  type ReadCounts,
  type ReaderOptions,
  type ReaderState,
  type RecordSink,
  type Source,
  sampleBytes,
} from '#source';
import { type Bookmark, type BookmarkLabel, type Bookmarks, noTotals } from './bookmarks.ts';

/** A file whose last line has no line break may still be written to, unless it has been left alone for this long. */
const restMs = 60_000;
/** Time between two bookmarks while a file is read. */
const bookmarkMs = 10_000;
const newline = 10;

/** What is read, and how. */
export interface ReadOptions {
  readonly source: Source;
  readonly log: string;
  /** Choices for the reader, such as the zone. */
  readonly reader: Omit<ReaderOptions, 'log'>;
  /** Takes a last line without line break for complete, however new the file is. */
  readonly complete: boolean;
  /** Aborted: reading ends at once, in good order. */
  readonly signal: AbortSignal;
}

/** Where records go. */
export interface ReadTarget extends RecordSink {
  /** Resolves when there is room for more. */
  room(): Promise<void>;
  /** Told after each stretch of a file, with the lines read of it so far. */
  progress(bytes: ByteSource, lines: number): void;
}

/** What came of one file. */
export interface FileResult {
  readonly path: string;
  /** Undefined when the file holds no record yet. */
  readonly stream: string | undefined;
  readonly generation: number;
  /** What this reading has seen. */
  readonly counts: ReadCounts;
  /** Byte offset this reading began at. */
  readonly from: number;
  /** Bytes at the end that wait for the rest of their line. */
  readonly waiting: number;
  /** Why reading ended before the end of the file. */
  readonly error: AppError | undefined;
}

/** Reads the files of one log in their order; what is known of sessions goes on from file to file. */
export class LogReading {
  readonly #options: ReadOptions;
  readonly #bookmarks: Bookmarks;
  readonly #target: ReadTarget;
  readonly #notice: (sentence: string) => void;
  #reader: LogReader | undefined;
  /** State to go on from, of a file that had been read before. */
  #carried: ReaderState | undefined;

  constructor(options: ReadOptions, bookmarks: Bookmarks, target: ReadTarget, notice: (sentence: string) => void) {
    this.#options = options;
    this.#bookmarks = bookmarks;
    this.#target = target;
    this.#notice = notice;
  }

  /** Reads one file; `last` tells whether it is the newest of the log, which may still grow. */
  async read(bytes: ByteSource, last: boolean): Promise<FileResult> {
    const { source, log } = this.#options;
    const first = await this.#findFirstRecord(bytes);
    if (first === undefined) return this.#result(bytes, undefined, await this.#countOnly(bytes), 0);
    const label = { source: source.id, log, file: bytes.path };
    const start = new MarkMaker();
    start.push(await bytes.peek(sampleBytes));
    const bookmark = await this.#bookmarks.find(streamOf(first), bytes, start.marks(), label);
    if (
      bookmark.position > 0 &&
      !bytes.compressed &&
      bookmark.position >= (bytes.fileBytes ?? Number.POSITIVE_INFINITY)
    ) {
      this.#carried = bookmark.state;
      return this.#result(bytes, bookmark, noCounts(), 0);
    }
    const { reader, from } = this.#readerAt(bookmark);
    const totals = from === bookmark.position ? bookmark.totals : noTotals;
    return this.#readOn(bytes, { ...bookmark, position: from, totals }, label, reader, last);
  }

  /** Reads the file to its end from where its bookmark stands. */
  async #readOn(
    bytes: ByteSource,
    bookmark: Bookmark,
    label: BookmarkLabel,
    reader: LogReader,
    last: boolean,
  ): Promise<FileResult> {
    const { stream, generation, position } = bookmark;
    const time = bytes.modified === undefined ? {} : { time: Math.trunc(bytes.modified) };
    reader.startFile({ stream, generation, position, ...time });
    const before = { ...reader.counts };
    const marks = await resumeMarks(bookmark.marks, position, (ranges) => bytes.readRanges(ranges));
    const note = (): void => this.#bookmarks.note(bookmarkNow(bookmark, reader, marks, before), label);
    const reached = { end: position, lastByte: 0 };
    const error = await this.#push(
      bytes,
      position,
      reader,
      (chunk) => {
        marks?.push(chunk);
        reached.end += chunk.length;
        reached.lastByte = chunk.at(-1) ?? 0;
        this.#target.progress(bytes, reader.counts.lines - before.lines);
      },
      note,
    );
    const stopped = error !== undefined || this.#options.signal.aborted;
    if (!stopped && (reached.lastByte === newline || !last || this.#isComplete(bytes))) reader.endFile(this.#target);
    await this.#target.room();
    if (reached.end > position) note();
    this.#reader = reader;
    const counts = difference(reader.counts, before);
    return this.#result(bytes, bookmark, counts, reached.end - reader.position, error);
  }

  /** Pushes the bytes of a file into a reader; gives the damage that ended it early. */
  async #push(
    bytes: ByteSource,
    position: number,
    reader: LogReader,
    pushed: (chunk: Buffer) => void,
    note: () => void,
  ): Promise<AppError | undefined> {
    let noted = Date.now();
    try {
      for await (const chunk of bytes.read(position)) {
        reader.push(chunk, this.#target);
        pushed(chunk);
        await this.#target.room();
        if (this.#options.signal.aborted) break;
        if (Date.now() - noted < bookmarkMs) continue;
        note();
        noted = Date.now();
      }
    } catch (thrown) {
      if (!(thrown instanceof AppError) || !thrown.code.startsWith('gzip-')) throw thrown;
      return thrown;
    }
    return undefined;
  }

  /** Whether what stands behind the last line break is a whole line. */
  #isComplete(bytes: ByteSource): boolean {
    if (this.#options.complete || bytes.compressed || bytes.modified === undefined) return true;
    return Date.now() - bytes.modified > restMs;
  }

  /** The reader to go on with, and the byte offset to go on from. */
  #readerAt(bookmark: Bookmark): { reader: LogReader; from: number } {
    const state = bookmark.state ?? this.#carried;
    this.#carried = undefined;
    if (state === undefined) return { reader: this.#reader ?? this.#create(), from: bookmark.position };
    const reader = this.#create();
    try {
      reader.restore(state);
      return { reader, from: bookmark.position };
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code !== 'state-damaged') throw thrown;
      this.#notice(
        'A saved reading state is of another version; the file is read from its start, and nothing is stored twice.',
      );
      return { reader: this.#create(), from: 0 };
    }
  }

  #create(): LogReader {
    return this.#options.source.createReader({ ...this.#options.reader, log: this.#options.log });
  }

  /** Gives the first whole record, and what the title says; undefined when there is none yet. */
  async #findFirstRecord(bytes: ByteSource): Promise<FirstRecord | undefined> {
    for (let size = sampleBytes; ; size *= 8) {
      const sample = await bytes.peek(size);
      const whole = sample.length < size;
      const complete = whole && (sample.at(-1) === newline || this.#isComplete(bytes));
      const first = firstRecordOf(this.#options.source, this.#options.log, sample, complete);
      if (first !== undefined || whole || size > firstRecordBytesMax) return first;
    }
  }

  /** Counts the lines of a file without a record. */
  async #countOnly(bytes: ByteSource): Promise<ReadCounts> {
    const reader = this.#create();
    const sink: RecordSink = { record: () => {}, dead: () => {} };
    reader.startFile({ stream: '', generation: 0, position: 0 });
    for await (const chunk of bytes.read(0)) reader.push(chunk, sink);
    return reader.counts;
  }

  #result(
    bytes: ByteSource,
    bookmark: Bookmark | undefined,
    counts: ReadCounts,
    waiting: number,
    error?: AppError,
  ): FileResult {
    return {
      path: bytes.path,
      stream: bookmark?.stream,
      generation: bookmark?.generation ?? 0,
      counts,
      from: bookmark?.position ?? 0,
      waiting,
      error,
    };
  }
}

function bookmarkNow(
  bookmark: Bookmark,
  reader: LogReader,
  marks: MarkMaker | undefined,
  before: ReadCounts,
): Bookmark {
  const counts = difference(reader.counts, before);
  return {
    ...bookmark,
    position: reader.position,
    marks: marks?.marks() ?? bookmark.marks,
    state: reader.save(),
    totals: {
      lines: bookmark.totals.lines + counts.lines,
      events: bookmark.totals.events + counts.records,
      deadLetters: bookmark.totals.deadLetters + counts.deadLetters,
      continuations: bookmark.totals.continuations + counts.continuations,
    },
  };
}

/** Counts of nothing. */
export function noCounts(): ReadCounts {
  return { lines: 0, bytes: 0, records: 0, deadLetters: 0, continuations: 0, glued: 0 };
}

function difference(now: Readonly<ReadCounts>, before: Readonly<ReadCounts>): ReadCounts {
  return {
    lines: now.lines - before.lines,
    bytes: now.bytes - before.bytes,
    records: now.records - before.records,
    deadLetters: now.deadLetters - before.deadLetters,
    continuations: now.continuations - before.continuations,
    glued: now.glued - before.glued,
  };
}
