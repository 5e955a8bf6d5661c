/**
 * Reads the logs whose records stand for themselves: security, audit, auditfail, error. It cuts bytes into records, JSON
 * or text, in any mix; a {@link PieceFormat} says where a text record ends and what a record says.
 *
 * As in the access reader, bytes are held as one character each, and `position` never lies inside a record given out.
 */
import { AppError } from '#error';
import { createRec, decodeBinary, type Rec } from '#event';
import type { FileIdentity, LogReader, ReadCounts, ReaderOptions, ReaderState, RecordSink } from '#source';
import { addTag } from './access-intake.ts';
import { beginsRecord } from './json-object.ts';
import { behindBlanks, linesIn, scanObject } from './scan-object.ts';
import { deviceModel, deviceType, sourceId } from './source-id.ts';
import { parseTitleLine, parseTitleObject, type Title } from './title.ts';

/** Longest record kept whole, unless the reader is told otherwise. */
const recordBytesMaxDefault = 1024 * 1024;
/** Characters of an unreadable record that a dead letter keeps. */
const deadCharactersMax = 65_536;
/** Bytes behind a record that a format may want to see before it knows that the record ends. */
const lookAheadMax = 4096;
/** Bytes that tell whether an object is a record. */
const firstKeyMax = 32;
const stateVersion = 2;

/** What is particular to a kind of log. */
export interface PieceFormat {
  readonly log: string;
  /**
   * Offset behind the text record that begins at `at` (its last line break not counted), -1 when more text is needed to
   * tell, undefined when no record begins here.
   */
  endOfText(text: string, at: number, lineEnd: number, final: boolean): number | undefined;
  /** Reads a text record. Gives its text as it may be kept, or undefined when it cannot be read. */
  decodeText(raw: string, rec: Rec): string | undefined;
  /** Reads a JSON record likewise; of one that broke off, the text may hold more than the object does. */
  decodeObject(object: Readonly<Record<string, unknown>>, raw: string, rec: Rec, broken: boolean): string | undefined;
  /** What must stand in place of a record that could not be read, so that no secret of it is kept. */
  censor(raw: string): string;
  /** What the format remembers between records, as JSON. */
  save(): unknown;
  restore(state: unknown): void;
}

/** Makes a reader of a kind of log. */
export function createPieceReader(format: PieceFormat, options: ReaderOptions): LogReader {
  return new PieceReader(format, options);
}

/**
 * How the rest of an overlong record is passed over: up to the end of the line one stands in, or line by line up to the
 * next one that begins a record.
 */
type Skipping = 'no' | 'line' | 'lines';

/** What a reader remembers between two records. */
interface PieceState extends ReaderState {
  readonly counts: ReadCounts;
  readonly title: Title;
  readonly skipping: Skipping;
  readonly midLine: boolean;
  /** Epoch milliseconds of the record before; null before the first. */
  readonly latest: number | null;
  readonly format: unknown;
}

class PieceReader implements LogReader {
  readonly #format: PieceFormat;
  readonly #recordBytesMax: number;
  #counts: ReadCounts = { lines: 0, bytes: 0, records: 0, deadLetters: 0, continuations: 0, glued: 0 };
  #title: Title = {};
  #stream = '';
  #generation = 0;
  #position = 0;
  #carry: Buffer | undefined;
  #skipping: Skipping = 'no';
  #latest: number | undefined;
  #midLine = false;
  #text = '';
  /** Offset of a line break at or behind the record being read; -1 when none follows. */
  #newline = -1;
  #sink: RecordSink | undefined;

  constructor(format: PieceFormat, options: ReaderOptions) {
    this.#format = format;
    this.#recordBytesMax = options.recordBytesMax ?? recordBytesMaxDefault;
  }

  get position(): number {
    return this.#position;
  }

  get counts(): Readonly<ReadCounts> {
    return this.#counts;
  }

  startFile(file: FileIdentity): void {
    this.#stream = file.stream;
    this.#generation = file.generation;
    this.#position = file.position;
    this.#carry = undefined;
    if (file.position > 0) return;
    this.#skipping = 'no';
    this.#midLine = false;
  }

  push(bytes: Buffer, sink: RecordSink): void {
    const data = this.#carry === undefined ? bytes : Buffer.concat([this.#carry, bytes]);
    const used = this.#scan(data, sink, false);
    this.#carry = used === data.length ? undefined : Buffer.from(data.subarray(used));
  }

  endFile(sink: RecordSink): void {
    this.#scan(this.#carry ?? Buffer.alloc(0), sink, true);
    this.#carry = undefined;
  }

  save(): PieceState {
    return {
      version: stateVersion,
      counts: { ...this.#counts },
      title: { ...this.#title },
      skipping: this.#skipping,
      midLine: this.#midLine,
      latest: this.#latest ?? null,
      format: this.#format.save(),
    };
  }

  restore(state: ReaderState): void {
    if (!isPieceState(state)) {
      throw new AppError('state-damaged', `The saved reader state is damaged, or not of version ${stateVersion}.`);
    }
    this.#counts = { ...state.counts };
    this.#title = { ...state.title };
    this.#skipping = state.skipping;
    this.#midLine = state.midLine;
    this.#latest = state.latest ?? undefined;
    this.#format.restore(state.format);
  }

  #scan(data: Buffer, sink: RecordSink, final: boolean): number {
    this.#text = data.toString('latin1');
    this.#newline = this.#text.indexOf('\n');
    this.#sink = sink;
    let at = 0;
    while (at < this.#text.length) {
      const next = this.#skipping === 'no' ? this.#scanRecord(at, final) : this.#skip(at, final);
      if (next < 0) break;
      at = next;
    }
    const used = Math.min(at, this.#text.length);
    this.#counts.bytes += used;
    this.#position += used;
    this.#text = '';
    this.#sink = undefined;
    return used;
  }

  #scanRecord(at: number, final: boolean): number {
    const text = this.#text;
    const newline = this.#newlineFrom(at);
    const lineEnd = newline < 0 ? text.length : newline;
    const start = behindBlanks(text, at);
    // Objects may follow one another without a line break, so they do not wait for one.
    if (text.charCodeAt(start) === 123) return this.#scanObject(start, lineEnd, final);
    if (lineEnd - at > this.#recordBytesMax) return this.#tooLong(at, final);
    if (newline < 0 && !final) return -1;
    const end = this.#format.endOfText(text, at, lineEnd, final);
    if (end === undefined) return this.#scanOther(at, lineEnd);
    if (end < 0) return text.length - at > this.#recordBytesMax + lookAheadMax ? this.#tooLong(at, final) : -1;
    return end - at > this.#recordBytesMax ? this.#tooLong(at, final) : this.#scanText(at, end);
  }

  /** Offset of the next line break, or -1; many records may stand on one line, which is searched once. */
  #newlineFrom(at: number): number {
    if (this.#newline !== -1 && this.#newline < at) this.#newline = this.#text.indexOf('\n', at);
    return this.#newline;
  }

  #scanObject(at: number, lineEnd: number, final: boolean): number {
    const found = scanObject(
      this.#text,
      at,
      lineEnd,
      final,
      this.#recordBytesMax,
      (from, to) => this.#slice(from, to),
      this.#midLine,
    );
    if (found === 'unfinished') return -1;
    if (found === 'too-long') return this.#tooLong(at, final);
    this.#countLines(found.lines, found.midLine);
    const title = parseTitleObject(found.object);
    if (title !== undefined) {
      this.#title = { ...this.#title, ...title };
      this.#counts.continuations++;
      return found.behind;
    }
    const rec = this.#createRec();
    const raw = this.#slice(at, found.end);
    const kept = found.kind === 'object' ? this.#format.decodeObject(found.object, raw, rec, found.broken) : undefined;
    if (kept === undefined) {
      this.#dead(raw, at, found.kind === 'object' ? 'unknown-object' : 'broken-json');
      return found.behind;
    }
    if (found.broken) addTag(rec, 'truncated');
    this.#give(rec, kept, at);
    return found.behind;
  }

  #scanText(at: number, end: number): number {
    const text = this.#text;
    const behind = text.charCodeAt(end) === 10 ? end + 1 : end;
    let last = end;
    while (last > at && isLineEnd(text.charCodeAt(last - 1))) last--;
    const lines = linesIn(text, at, end);
    this.#countLines(lines, behind < text.length && behind === end);
    const rec = this.#createRec();
    const raw = this.#slice(at, last);
    const kept = this.#format.decodeText(raw, rec);
    if (kept === undefined) this.#dead(raw, at, 'unreadable-record');
    else this.#give(rec, kept, at);
    return behind;
  }

  /** The title, blank lines, and what is no record. */
  #scanOther(at: number, lineEnd: number): number {
    const line = this.#slice(at, lineEnd);
    this.#countLines(1, false);
    const title = line.trim() === '' ? {} : parseTitleLine(line);
    if (title === undefined) {
      this.#dead(line, at, 'unreadable-line');
    } else {
      this.#title = { ...this.#title, ...title };
      this.#counts.continuations++;
    }
    return lineEnd + 1;
  }

  #give(rec: Rec, raw: string, at: number): void {
    rec.raw = raw;
    rec.position = this.#position + at;
    if (rec.EventTime === undefined) {
      // The form of times can be configured to be anything; the record before is the best there is.
      rec.EventTime = this.#latest;
      addTag(rec, 'time-unknown');
    } else {
      this.#latest = rec.EventTime;
    }
    // A start of the server names its version, which may be newer than the title of the log.
    if (rec.serverVersion !== this.#title.version) this.#title = { ...this.#title, version: rec.serverVersion };
    this.#counts.records++;
    this.#sink?.record(rec);
  }

  #dead(raw: string, at: number, code: string): void {
    this.#counts.deadLetters++;
    this.#sink?.dead({
      stream: this.#stream,
      generation: this.#generation,
      position: this.#position + at,
      log: this.#format.log,
      source: sourceId,
      code,
      reason: `this is no record of the ${this.#format.log} log`,
      raw: this.#format.censor(raw.slice(0, deadCharactersMax)),
    });
  }

  /** Counts the lines of a record; its first is the record itself, or the title's own. */
  #countLines(lines: number, midLine: boolean): void {
    this.#counts.lines += lines;
    this.#counts.continuations += lines - 1;
    if (this.#midLine) {
      this.#counts.lines--;
      this.#counts.glued++;
    }
    this.#midLine = midLine;
  }

  #createRec(): Rec {
    const rec = createRec();
    rec.source = sourceId;
    rec.DeviceModel = deviceModel;
    rec.DeviceType = deviceType;
    rec.log = this.#format.log;
    rec.stream = this.#stream;
    rec.generation = this.#generation;
    rec.host = this.#title.host;
    rec.instance = this.#title.instance;
    rec.serverVersion = this.#title.version;
    rec.correlation = 'none';
    return rec;
  }

  #slice(from: number, to: number): string {
    return decodeBinary(this.#text.slice(from, to));
  }

  #tooLong(at: number, final: boolean): number {
    this.#countLines(1, false);
    this.#dead(this.#slice(at, at + Math.min(this.#recordBytesMax, deadCharactersMax)), at, 'record-too-long');
    this.#skipping = 'line';
    return this.#skip(at, final);
  }

  /**
   * Passes over the rest of an overlong record, all lines of it: they would be no records by themselves, and may go on
   * with a secret.
   */
  #skip(at: number, final: boolean): number {
    const text = this.#text;
    const newline = text.indexOf('\n', at);
    if (this.#skipping === 'lines') {
      if (newline < 0 && !final && text.length - at <= this.#recordBytesMax) return -1;
      const lineEnd = newline < 0 ? text.length : newline;
      const start = behindBlanks(text, at);
      // The first key of a pretty object stands on the next line.
      if (text.charCodeAt(start) === 123 && text.length - start < firstKeyMax && !final) return -1;
      if (beginsRecord(text, start) || this.#format.endOfText(text, at, lineEnd, final) !== undefined) {
        this.#skipping = 'no';
        return at;
      }
      this.#countLines(1, false);
      this.#counts.continuations++;
    }
    this.#skipping = newline < 0 ? 'line' : 'lines';
    return newline < 0 ? text.length : newline + 1;
  }
}

function isPieceState(state: ReaderState): state is PieceState {
  const { version, counts, title, skipping, midLine, latest } = state as Partial<PieceState>;
  return (
    version === stateVersion &&
    typeof counts === 'object' &&
    typeof title === 'object' &&
    (skipping === 'no' || skipping === 'line' || skipping === 'lines') &&
    typeof midLine === 'boolean' &&
    (latest === null || typeof latest === 'number')
  );
}

/** Line break, or the NUL that stands for it behind a record of exactly the longest length. */
function isLineEnd(code: number): boolean {
  return code === 10 || code === 13 || code === 0;
}
