/**
 * Reads an access log: cuts bytes into records, decodes them, has them correlated.
 *
 * The bytes are held as a string of one character a byte, so that an offset in the text is an offset in the file. A text
 * record begins with a bracketed time and lasts until the next one begins, because values may hold line breaks; so the
 * last record always waits for the next line, or for the end of the file. What is not yet a whole record stays in
 * `#carry` and is read again with the next bytes: `position` never lies inside a record that was given out.
 */
import { isAscii } from 'node:buffer';
import { AppError } from '#error';
import { decodeBinary, type Rec } from '#event';
import type { FileIdentity, LogReader, ReadCounts, ReaderOptions, ReaderState, RecordSink } from '#source';
import { looksLikeTime } from './access-clock.ts';
import { AccessIntake, addTag, deadBytesMax, type IntakeState } from './access-intake.ts';
import { decodeAccessJson } from './access-json.ts';
import { complete, type Decoded, open, unreadable } from './decoded.ts';
import { OpenRecord, wasCut } from './forgery.ts';
import { JsonClock } from './json-clock.ts';
import { scanObject } from './scan-object.ts';
import { createAccessRec, TextAccessDecoder } from './text-access-decoder.ts';
import { parseTitleLine, parseTitleObject } from './title.ts';

/** Longest record kept whole, unless the reader is told otherwise. */
const recordBytesMaxDefault = 1024 * 1024;
/** Sessions remembered, unless the reader is told otherwise: as many as a server has descriptors. */
const sessionsMaxDefault = 65_536;
/** Bytes that tell whether a line begins with a time. */
const timeBytes = 22;
const stateVersion = 1;
const notAccess = 'the line is not a record of an access log';
const emptyRec: Readonly<Rec> = createAccessRec();

interface AccessState extends ReaderState, IntakeState {
  readonly lenient: boolean;
  readonly begun: boolean;
  readonly skipping: boolean;
  readonly midLine: boolean;
}

/** Makes a reader of access logs, text and JSON. */
export function createAccessReader(options: ReaderOptions): LogReader {
  return new AccessReader(options);
}

class AccessReader implements LogReader {
  readonly #recordBytesMax: number;
  readonly #decoder = new TextAccessDecoder();
  readonly #intake: AccessIntake;
  readonly #jsonClock = new JsonClock();
  readonly #open = new OpenRecord();
  readonly #scratch: Rec = createAccessRec();
  #position = 0;
  #carry: Buffer | undefined;
  /** Whether a record of this file was seen: only before that can a title stand. */
  #begun = false;
  /** Whether the file went through other hands: every line is a record of its own, and is cleaned first. */
  #lenient = false;
  /** Whether the rest of an overlong record is being passed over. */
  #skipping = false;
  /** Whether the last record ended within a line. */
  #midLine = false;

  // What is being scanned: set for the time of one call.
  #text = '';
  #bytes: Uint8Array = new Uint8Array();
  /** Offset of the next byte that is not ASCII, at or behind the last place asked about. */
  #nextHigh = 0;

  constructor(options: ReaderOptions) {
    this.#recordBytesMax = options.recordBytesMax ?? recordBytesMaxDefault;
    this.#intake = new AccessIntake(options.sessionsMax ?? sessionsMaxDefault, options.restarts ?? []);
  }

  get position(): number {
    return this.#position;
  }

  get counts(): Readonly<ReadCounts> {
    return this.#intake.counts;
  }

  get sessionsOpen(): number {
    return this.#intake.sessionsOpen;
  }

  startFile(file: FileIdentity): void {
    this.#intake.startFile(file);
    this.#position = file.position;
    this.#carry = undefined;
    if (file.position > 0) return;
    this.#begun = false;
    this.#lenient = false;
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

  save(): AccessState {
    return {
      version: stateVersion,
      ...this.#intake.save(),
      lenient: this.#lenient,
      begun: this.#begun,
      skipping: this.#skipping,
      midLine: this.#midLine,
    };
  }

  restore(state: ReaderState): void {
    if (state.version !== stateVersion) {
      throw new AppError('state-damaged', `expected reader state of version ${stateVersion}, found ${state.version}`);
    }
    const saved = state as AccessState;
    try {
      this.#intake.restore(saved);
      this.#lenient = saved.lenient;
      this.#begun = saved.begun;
      this.#skipping = saved.skipping;
      this.#midLine = saved.midLine;
    } catch (cause) {
      throw new AppError('state-damaged', 'the saved reader state is damaged', { cause });
    }
  }

  /** Reads as many whole records as there are; gives the number of bytes done with. */
  #scan(data: Buffer, sink: RecordSink, final: boolean): number {
    this.#text = data.toString('latin1');
    this.#bytes = data;
    this.#nextHigh = -1;
    this.#intake.sink = sink;
    const used = this.#scanLines(final);
    this.#intake.settle();
    this.#intake.counts.bytes += used;
    this.#intake.sink = undefined;
    this.#position += used;
    this.#text = '';
    this.#bytes = new Uint8Array();
    return used;
  }

  #scanLines(final: boolean): number {
    const text = this.#text;
    let at = 0;
    while (at < text.length) {
      const next = this.#skipping ? this.#skip(at) : this.#scanRecord(at, final);
      if (next < 0) break;
      at = next;
    }
    return Math.min(at, text.length);
  }

  /** Reads the record at `at`; gives the offset behind it, or -1 when it is not whole yet. */
  #scanRecord(at: number, final: boolean): number {
    const text = this.#text;
    const end = text.indexOf('\n', at);
    if (end < 0 && !final) return text.length - at > this.#recordBytesMax ? this.#tooLong(at) : -1;
    const lineEnd = end < 0 ? text.length : end;
    if (lineEnd - at > this.#recordBytesMax) return this.#tooLong(at);
    if (this.#begun && !this.#lenient && looksLikeTime(text, at)) return this.#scanText(at, lineEnd, final);
    return this.#scanOther(at, lineEnd, final);
  }

  /** A line that is not a plain text record: the title, a blank, JSON, or what other hands made of a record. */
  #scanOther(at: number, lineEnd: number, final: boolean): number {
    const line = this.#slice(at, lineEnd);
    if (line.trim() === '') return this.#continuation(lineEnd);
    if (line.charCodeAt(0) === 123) return this.#scanJson(at, lineEnd, final);
    if (!this.#begun) {
      const title = parseTitleLine(line);
      if (title !== undefined) {
        this.#intake.learnTitle(title);
        return this.#continuation(lineEnd);
      }
      if (this.#decoder.decode(line, this.#clean()) !== unreadable) {
        this.#begun = true;
        return this.#scanText(at, lineEnd, final);
      }
    }
    if (!this.#begun || this.#lenient) {
      const rec = createAccessRec();
      const decoded = this.#decoder.decodeLenient(line, rec);
      if (decoded !== unreadable) {
        this.#begun = true;
        this.#lenient = true;
        this.#give(rec, line, at, decoded, 1);
        return lineEnd + 1;
      }
    }
    return this.#dead(at, lineEnd, 1, 'unreadable-line', notAccess);
  }

  /** The JSON object at `at`: a record, or the title. */
  #scanJson(at: number, lineEnd: number, final: boolean): number {
    const slice = (from: number, to: number): string => this.#slice(from, to);
    const found = scanObject(this.#text, at, lineEnd, final, this.#recordBytesMax, slice, this.#midLine);
    if (found === 'unfinished') return -1;
    if (found === 'too-long') return this.#tooLong(at);
    this.#unglue();
    this.#midLine = found.midLine;
    const title = parseTitleObject(found.object);
    if (title !== undefined) {
      this.#intake.learnTitle(title);
      for (let line = 0; line < found.lines; line++) this.#intake.continuation();
      return found.behind;
    }
    const rec = createAccessRec();
    const raw = this.#slice(at, found.end);
    if (!decodeAccessJson(found.object, rec)) {
      const code = found.kind === 'object' ? 'unknown-object' : 'broken-json';
      this.#intake.dead(raw.slice(0, deadBytesMax), this.#position + at, found.lines, code, notAccess);
      return found.behind;
    }
    this.#begun = true;
    const time = found.object['local_time'];
    if (typeof time === 'string' && this.#jsonClock.read(time)) {
      rec.EventTime = this.#jsonClock.ms;
      rec.nanos = this.#jsonClock.nanos;
    }
    if (found.broken) addTag(rec, 'truncated');
    this.#intake.give(rec, raw, this.#position + at, complete, found.lines, true);
    return found.behind;
  }

  /** The text record at `at`, whose first line ends at `lineEnd`, with the lines that go on with it. */
  #scanText(at: number, lineEnd: number, final: boolean): number {
    const text = this.#text;
    let end = lineEnd;
    let lines = 1;
    while (end + 1 < text.length || !final) {
      // Whether the next line begins a record can only be told from its first bytes.
      if (text.length - end - 1 < timeBytes && !final) return -1;
      if (startsRecord(text, end + 1)) break;
      const next = text.indexOf('\n', end + 1);
      if (next < 0 && !final) return text.length - at > this.#recordBytesMax ? this.#tooLong(at) : -1;
      end = next < 0 ? text.length : next;
      lines++;
      if (end - at > this.#recordBytesMax) return this.#tooLong(at);
    }
    const rec = createAccessRec();
    const line = this.#recordText(at, end);
    const decoded = this.#decoder.decode(line, rec);
    if (decoded === unreadable) return this.#dead(at, end, lines, 'unreadable-line', notAccess);
    if (decoded === open && !wasCut(line)) return this.#follow(at, end, lines, final);
    if (decoded === open) addTag(rec, 'truncated');
    this.#give(rec, line, at, decoded, lines);
    return end + 1;
  }

  /** A record with an open value: what follows belongs to it, however much it looks like records of its own. */
  #follow(at: number, firstEnd: number, firstLines: number, final: boolean): number {
    const text = this.#text;
    let end = firstEnd;
    let lines = firstLines;
    this.#open.start(firstEnd - at);
    for (;;) {
      const next = text.indexOf('\n', end + 1);
      if (next < 0 && !final) return -1;
      if (end >= text.length - 1) break;
      const lineEnd = next < 0 ? text.length : next;
      lines++;
      const whole = this.#decoder.decode(this.#recordText(at, lineEnd), this.#clean());
      const alone = this.#decoder.decode(this.#recordText(end + 1, lineEnd), this.#clean());
      const step = this.#open.step(lineEnd - end - 1, whole, alone);
      if (step === 'gives-up') break;
      end = lineEnd;
      if (step === 'goes-on') continue;
      const rec = createAccessRec();
      const line = this.#recordText(at, end);
      const decoded = this.#decoder.decode(line, rec);
      addTag(rec, 'embedded-line-break');
      this.#give(rec, line, at, decoded, lines);
      return end + 1;
    }
    const rec = createAccessRec();
    const line = this.#recordText(at, firstEnd);
    const decoded = this.#decoder.decode(line, rec);
    addTag(rec, 'truncated');
    this.#give(rec, line, at, decoded, firstLines);
    return firstEnd + 1;
  }

  #give(rec: Rec, raw: string, at: number, decoded: Decoded, lines: number): void {
    this.#unglue();
    this.#intake.give(rec, raw, this.#position + at, decoded, lines, this.#decoder.fine);
  }

  /** The record between two offsets as text, without the line breaks and blank lines behind it. */
  #recordText(at: number, end: number): string {
    const text = this.#text;
    let last = end;
    while (last > at && (text.charCodeAt(last - 1) === 10 || text.charCodeAt(last - 1) === 13)) last--;
    return this.#slice(at, last);
  }

  #slice(at: number, end: number): string {
    const binary = this.#text.slice(at, end);
    if (this.#nextHigh < at) this.#nextHigh = nextHighByte(this.#bytes, at);
    return this.#nextHigh >= end ? binary : decodeBinary(binary);
  }

  #clean(): Rec {
    return Object.assign(this.#scratch, emptyRec);
  }

  /** Counts what begins now as glued, if the record before it ended within this line. */
  #unglue(): void {
    if (this.#midLine) this.#intake.glue();
    this.#midLine = false;
  }

  #continuation(lineEnd: number): number {
    this.#unglue();
    this.#intake.continuation();
    return lineEnd + 1;
  }

  #dead(at: number, end: number, lines: number, code: string, reason: string): number {
    this.#unglue();
    const raw = this.#recordText(at, Math.min(end, at + deadBytesMax));
    this.#intake.dead(raw, this.#position + at, lines, code, reason);
    return end + 1;
  }

  #tooLong(at: number): number {
    this.#skipping = true;
    const end = this.#text.length;
    this.#dead(at, end, 1, 'record-too-long', `the record is longer than ${this.#recordBytesMax} bytes`);
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

/** Whether a record begins at `at`: a bracketed time, or a JSON object on a line of its own. */
function startsRecord(text: string, at: number): boolean {
  return looksLikeTime(text, at) || (text.charCodeAt(at) === 123 && startsObject(text, at));
}

function startsObject(text: string, at: number): boolean {
  const next = text.charCodeAt(at + 1);
  return next === 34 || next === 10 || next === 32;
}

/** Offset of the first byte above 0x7f at or behind `at`; the length when there is none. */
function nextHighByte(bytes: Uint8Array, at: number): number {
  let from = at;
  // Whole blocks are tested at once, natively.
  while (from < bytes.length && isAscii(bytes.subarray(from, from + 4096))) from += 4096;
  while (from < bytes.length && (bytes[from] ?? 0) < 0x80) from++;
  return Math.min(from, bytes.length);
}
