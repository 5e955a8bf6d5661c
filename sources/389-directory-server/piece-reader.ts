/**
 * Reads the logs whose records stand for themselves: security, audit, auditfail, error. It cuts bytes into records, JSON
 * or text, in any mix; a {@link PieceFormat} says where a text record ends and what a record says.
 *
 * As in the access reader, bytes are held as one character each, and `position` never lies inside a record given out.
 */
import { AppError } from '#error';
import { createRec, decodeBinary, type Rec } from '#event';
import type { FileIdentity, LogReader, ReadCounts, ReaderOptions, ReaderState, RecordSink } from '#source';
import { scanObject } from './scan-object.ts';
import { deviceModel, deviceType, sourceId } from './source-id.ts';
import { parseTitleLine, parseTitleObject, type Title } from './title.ts';

/** Longest record kept whole, unless the reader is told otherwise. */
const recordBytesMaxDefault = 1024 * 1024;
/** Characters of an unreadable record that a dead letter keeps. */
const deadCharactersMax = 65_536;
const stateVersion = 1;

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
  /** Reads a JSON record likewise. */
  decodeObject(object: Readonly<Record<string, unknown>>, raw: string, rec: Rec): string | undefined;
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

class PieceReader implements LogReader {
  readonly #format: PieceFormat;
  readonly #recordBytesMax: number;
  #counts: ReadCounts = { lines: 0, bytes: 0, records: 0, deadLetters: 0, continuations: 0, glued: 0 };
  #title: Title = {};
  #stream = '';
  #generation = 0;
  #position = 0;
  #carry: Buffer | undefined;
  #skipping = false;
  #midLine = false;
  #text = '';
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
    this.#skipping = false;
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

  save(): ReaderState {
    return {
      version: stateVersion,
      counts: { ...this.#counts },
      title: { ...this.#title },
      skipping: this.#skipping,
      midLine: this.#midLine,
      format: this.#format.save(),
    };
  }

  restore(state: ReaderState): void {
    const saved = state as ReaderState & {
      readonly counts: ReadCounts;
      readonly title: Title;
      readonly skipping: boolean;
      readonly midLine: boolean;
      readonly format: unknown;
    };
    if (saved.version !== stateVersion || typeof saved.counts !== 'object' || typeof saved.title !== 'object') {
      throw new AppError('state-damaged', `the saved reader state is damaged, or not of version ${stateVersion}`);
    }
    this.#counts = { ...saved.counts };
    this.#title = { ...saved.title };
    this.#skipping = saved.skipping;
    this.#midLine = saved.midLine;
    this.#format.restore(saved.format);
  }

  #scan(data: Buffer, sink: RecordSink, final: boolean): number {
    this.#text = data.toString('latin1');
    this.#sink = sink;
    let at = 0;
    while (at < this.#text.length) {
      const next = this.#skipping ? this.#skip(at) : this.#scanRecord(at, final);
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
    const newline = text.indexOf('\n', at);
    if (newline < 0 && !final) return text.length - at > this.#recordBytesMax ? this.#tooLong(at) : -1;
    const lineEnd = newline < 0 ? text.length : newline;
    if (text.charCodeAt(at) === 123) return this.#scanObject(at, lineEnd, final);
    const end = this.#format.endOfText(text, at, lineEnd, final);
    if (end === undefined) return this.#scanOther(at, lineEnd);
    if ((end < 0 ? text.length : end) - at > this.#recordBytesMax) return this.#tooLong(at);
    return end < 0 ? -1 : this.#scanText(at, end);
  }

  #scanObject(at: number, lineEnd: number, final: boolean): number {
    const found = scanObject(this.#text, at, lineEnd, final, this.#recordBytesMax, (from, to) => this.#slice(from, to));
    if (found === 'unfinished') return -1;
    if (found === 'too-long') return this.#tooLong(at);
    this.#countLines(found.lines, found.midLine);
    const title = parseTitleObject(found.object);
    if (title !== undefined) {
      this.#title = { ...this.#title, ...title };
      this.#counts.continuations++;
      return found.behind;
    }
    const rec = this.#createRec();
    // What broke off may hold more than was read of it, secrets among them.
    const raw = found.broken ? JSON.stringify(found.object) : this.#slice(at, found.end);
    const kept = found.kind === 'object' ? this.#format.decodeObject(found.object, raw, rec) : undefined;
    if (kept === undefined) {
      this.#dead(raw, at, found.kind === 'object' ? 'unknown-object' : 'broken-json');
      return found.behind;
    }
    if (found.broken) rec.tags = ['truncated'];
    this.#give(rec, kept, at);
    return found.behind;
  }

  #scanText(at: number, end: number): number {
    const text = this.#text;
    const behind = text.charCodeAt(end) === 10 ? end + 1 : end;
    let last = end;
    while (last > at && text.charCodeAt(last - 1) <= 32) last--;
    let lines = 1;
    for (let newline = text.indexOf('\n', at); newline >= 0 && newline < end; newline = text.indexOf('\n', newline + 1)) lines++;
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

  #tooLong(at: number): number {
    this.#countLines(1, false);
    this.#dead(this.#slice(at, Math.min(this.#text.length, at + deadCharactersMax)), at, 'record-too-long');
    this.#skipping = true;
    return this.#skip(at);
  }

  /** Passes over the rest of an overlong record, up to the end of its line. */
  #skip(at: number): number {
    const end = this.#text.indexOf('\n', at);
    if (end < 0) return this.#text.length;
    this.#skipping = false;
    return end + 1;
  }
}
