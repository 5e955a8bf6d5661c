/**
 * Reads an access log: cuts bytes into records, decodes them, has them correlated.
 *
 * A text record begins with a bracketed time and lasts until the next one begins, because values may hold line breaks; so the
 * last record always waits for the next line, or for the end of the file. What is not yet a whole record stays in
 * `#carry` and is read again with the next bytes: `position` never lies inside a record that was given out.
 */
import { AppError } from '#error';
import type { Rec } from '#event';
import type { FileIdentity, LogReader, ReadCounts, ReaderOptions, ReaderState, RecordSink } from '#source';
import { looksLikeTime } from './access-clock.ts';
import { AccessIntake, deadBytesMax, type IntakeState } from './access-intake.ts';
import { complete, type Decoded, unreadable } from './decoded.ts';
import { RecordCutter } from './record-cutter.ts';
import { createAccessRec } from './text-access-decoder.ts';
import { parseTitleLine, parseTitleObject } from './title.ts';

/** Longest record kept whole, unless the reader is told otherwise. */
const recordBytesMaxDefault = 1024 * 1024;
/** Sessions remembered, unless the reader is told otherwise: as many as a server has descriptors. */
const sessionsMaxDefault = 65_536;
/** How far behind an operation the RESULT of the BIND before it is looked for, in bytes: some four hundred records. */
const aheadBytesMax = 65_536;
/** Bytes that may be looked through twice in all: these, and so many for each line read, however the log is made. */
const aheadBytesFree = 1024 * 1024;
const aheadBytesPerLine = 1024;
const stateVersion = 2;
const notAccess = 'the line is not a record of an access log';

interface AccessState extends ReaderState, IntakeState {
  readonly lenient: boolean;
  readonly begun: boolean;
  readonly skipping: boolean;
  readonly midLine: boolean;
  readonly aheadBytes: number;
}

/** Makes a reader of access logs, text and JSON. */
export function createAccessReader(options: ReaderOptions): LogReader {
  return new AccessReader(options);
}

class AccessReader implements LogReader {
  readonly #recordBytesMax: number;
  readonly #cutter: RecordCutter;
  readonly #intake: AccessIntake;
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
  /** Whether whole records wait for the answer of a bind. */
  #awaits = false;
  /** Bytes looked through for answers of binds. */
  #aheadBytes = 0;

  constructor(options: ReaderOptions) {
    this.#recordBytesMax = options.recordBytesMax ?? recordBytesMaxDefault;
    this.#cutter = new RecordCutter(this.#recordBytesMax);
    this.#intake = new AccessIntake(options.sessionsMax ?? sessionsMaxDefault, options.restarts ?? []);
  }

  get position(): number {
    return this.#position;
  }

  get counts(): Readonly<ReadCounts> {
    return this.#intake.counts;
  }

  get awaits(): boolean {
    return this.#awaits;
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
      aheadBytes: this.#aheadBytes,
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
      this.#aheadBytes = saved.aheadBytes;
    } catch (cause) {
      throw new AppError('state-damaged', 'the saved reader state is damaged', { cause });
    }
  }

  /** Reads as many whole records as there are; gives the number of bytes done with. */
  #scan(data: Buffer, sink: RecordSink, final: boolean): number {
    this.#cutter.start(data);
    this.#awaits = false;
    this.#intake.sink = sink;
    const used = this.#scanLines(final);
    this.#intake.settle();
    this.#intake.counts.bytes += used;
    this.#intake.sink = undefined;
    this.#position += used;
    this.#cutter.end();
    return used;
  }

  #scanLines(final: boolean): number {
    const text = this.#cutter.text;
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
    const text = this.#cutter.text;
    const end = text.indexOf('\n', at);
    if (end < 0 && !final) return text.length - at > this.#recordBytesMax ? this.#tooLong(at) : -1;
    const lineEnd = end < 0 ? text.length : end;
    if (lineEnd - at > this.#recordBytesMax) return this.#tooLong(at);
    if (this.#begun && !this.#lenient && looksLikeTime(text, at)) return this.#scanText(at, lineEnd, final);
    return this.#scanOther(at, lineEnd, final);
  }

  /** A line that is not a plain text record: the title, a blank, JSON, or what other hands made of a record. */
  #scanOther(at: number, lineEnd: number, final: boolean): number {
    const line = this.#cutter.slice(at, lineEnd);
    if (line.trim() === '') return this.#continuation(lineEnd);
    if (line.charCodeAt(0) === 123) return this.#scanJson(at, lineEnd, final);
    if (!this.#begun) {
      const title = parseTitleLine(line);
      if (title !== undefined) {
        this.#intake.learnTitle(title);
        return this.#continuation(lineEnd);
      }
      if (this.#cutter.decoder.decode(line, this.#cutter.clean()) !== unreadable) {
        this.#begun = true;
        return this.#scanText(at, lineEnd, final);
      }
    }
    if (!this.#begun || this.#lenient) {
      const rec = createAccessRec();
      const decoded = this.#cutter.decoder.decodeLenient(line, rec);
      if (decoded !== unreadable) {
        this.#begun = true;
        this.#lenient = true;
        this.#unglue();
        this.#intake.give(rec, line, this.#position + at, decoded, 1, this.#cutter.decoder.fine);
        return lineEnd + 1;
      }
    }
    return this.#dead(at, lineEnd, 1, 'unreadable-line', notAccess);
  }

  /** The JSON object at `at`: a record, or the title. */
  #scanJson(at: number, lineEnd: number, final: boolean): number {
    const found = this.#cutter.cutObject(at, lineEnd, final, this.#midLine);
    if (found === 'unfinished') return -1;
    if (found === 'too-long') return this.#tooLong(at);
    const title = parseTitleObject(found.object);
    const rec = title === undefined ? this.#cutter.decodeObject(found) : undefined;
    if (rec !== undefined && this.#waitsForBind(rec, complete, true, found.behind, final)) return -1;
    this.#unglue();
    this.#midLine = found.midLine;
    if (title !== undefined) {
      this.#intake.learnTitle(title);
      for (let line = 0; line < found.lines; line++) this.#intake.continuation();
      return found.behind;
    }
    const raw = this.#cutter.slice(at, found.end);
    if (rec === undefined) {
      const code = found.kind === 'object' ? 'unknown-object' : 'broken-json';
      this.#intake.dead(raw.slice(0, deadBytesMax), this.#position + at, found.lines, code, notAccess);
      return found.behind;
    }
    this.#begun = true;
    this.#intake.give(rec, raw, this.#position + at, complete, found.lines, true);
    return found.behind;
  }

  /** The text record at `at`, whose first line ends at `lineEnd`. */
  #scanText(at: number, lineEnd: number, final: boolean): number {
    const cut = this.#cutter.cutText(at, lineEnd, final);
    switch (cut.kind) {
      case 'wait':
        this.#awaits = this.#wouldAwait(at, lineEnd);
        return -1;
      case 'too-long':
        return this.#tooLong(at);
      case 'dead':
        return this.#dead(at, cut.end, cut.lines, 'unreadable-line', notAccess);
      case 'record':
        if (this.#waitsForBind(cut.rec, cut.decoded, cut.fine, cut.behind, final)) return -1;
        this.#unglue();
        this.#intake.give(cut.rec, cut.line, this.#position + at, cut.decoded, cut.lines, cut.fine);
        return cut.behind;
    }
  }

  /** Whether the last record would wait for the answer of a bind, if it were known to be whole. */
  #wouldAwait(at: number, lineEnd: number): boolean {
    const cut = this.#cutter.cutText(at, lineEnd, true);
    return cut.kind === 'record' && this.#intake.awaitedBind(cut.rec, cut.decoded, cut.fine) !== undefined;
  }

  /**
   * Whether a record has to wait until the outcome of a bind before it is known. The RESULT of a BIND may stand behind
   * operations that were asked after it; it is looked for there, so that these carry the identity they ran under. What is
   * decided does not depend on how the bytes are cut.
   */
  #waitsForBind(rec: Rec, decoded: Decoded, fine: boolean, behind: number, final: boolean): boolean {
    const bind = this.#intake.awaitedBind(rec, decoded, fine);
    const { conn } = rec;
    if (bind === undefined || conn === undefined) return false;
    let at = behind;
    let answer: Rec | undefined;
    const mayLook = this.#aheadBytes < aheadBytesFree + this.#intake.counts.lines * aheadBytesPerLine;
    while (mayLook && answer === undefined && at < behind + aheadBytesMax) {
      const next = this.#cutter.next(at, final);
      if (next === 'wait') {
        this.#awaits = true;
        return true;
      }
      if (next === 'none') break;
      at = next.behind;
      if (next.rec.conn !== conn) continue;
      // The number opens again: this connection is over.
      if (next.rec.verb === 'CONNECTION') break;
      if (next.rec.verb !== 'RESULT' || next.rec.op !== bind.op || next.rec.internal === true) continue;
      if (!this.#intake.speaksAgainst(next.rec, next.decoded, next.fine)) answer = next.rec;
    }
    this.#aheadBytes += at - behind;
    this.#intake.settleBind(conn, bind, answer);
    return false;
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
    const raw = this.#cutter.recordText(at, Math.min(end, at + deadBytesMax));
    this.#intake.dead(raw, this.#position + at, lines, code, reason);
    return end + 1;
  }

  #tooLong(at: number): number {
    this.#skipping = true;
    const end = this.#cutter.text.length;
    this.#dead(at, end, 1, 'record-too-long', `the record is longer than ${this.#recordBytesMax} bytes`);
    return this.#skip(at);
  }

  /** Passes over the rest of an overlong record, up to the end of its line. */
  #skip(at: number): number {
    const end = this.#cutter.text.indexOf('\n', at);
    if (end < 0) return this.#cutter.text.length;
    this.#skipping = false;
    return end + 1;
  }
}
