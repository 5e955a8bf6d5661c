import { isAscii } from 'node:buffer';
import { decodeBinary, type Rec } from '#event';
import { looksLikeTime } from './access-clock.ts';
import { addTag } from './access-intake.ts';
import { decodeAccessJson } from './access-json.ts';
import { complete, type Decoded, open, unreadable } from './decoded.ts';
import { OpenRecord, wasCut } from './forgery.ts';
import { JsonClock } from './json-clock.ts';
import { type ScannedObject, scanObject } from './scan-object.ts';
import { createAccessRec, TextAccessDecoder } from './text-access-decoder.ts';

/** Bytes that tell whether a line begins with a time. */
const timeBytes = 22;
const emptyRec: Readonly<Rec> = createAccessRec();

/** A record cut out of the log and decoded. */
export interface CutRecord {
  readonly kind: 'record';
  readonly rec: Rec;
  /** Its text, without the line breaks behind it. */
  readonly line: string;
  readonly decoded: Decoded;
  /** Whether its time has a fraction of a second. */
  readonly fine: boolean;
  /** Physical lines it takes. */
  readonly lines: number;
  /** Offset behind it. */
  readonly behind: number;
}

/** Text that begins like a record and is none. */
export interface CutDead {
  readonly kind: 'dead';
  readonly end: number;
  readonly lines: number;
}

const wait = { kind: 'wait' } as const;
const tooLong = { kind: 'too-long' } as const;

/** What stands at a place; `wait`: that can only be told with more of the log. */
export type Cut = CutRecord | CutDead | typeof wait | typeof tooLong;

/**
 * Cuts a stretch of an access log into records and decodes them; it remembers nothing from record to record. The bytes
 * are held as a string of one character a byte, so that an offset in the text is an offset in the stretch.
 */
export class RecordCutter {
  readonly decoder: TextAccessDecoder = new TextAccessDecoder();
  readonly #recordBytesMax: number;
  readonly #jsonClock = new JsonClock();
  readonly #open = new OpenRecord();
  readonly #scratch: Rec = createAccessRec();
  text = '';
  #bytes: Uint8Array = new Uint8Array();
  /** Offset of the next byte that is not ASCII, at or behind the last place asked about. */
  #nextHigh = -1;
  #highFrom = 0;

  constructor(recordBytesMax: number) {
    this.#recordBytesMax = recordBytesMax;
  }

  start(data: Buffer): void {
    this.text = data.toString('latin1');
    this.#bytes = data;
    this.#nextHigh = -1;
    this.#highFrom = 0;
  }

  /** Lets go of the stretch. */
  end(): void {
    this.text = '';
    this.#bytes = new Uint8Array();
  }

  /** The text record at `at`, whose first line ends at `lineEnd`, with the lines that go on with it. */
  cutText(at: number, lineEnd: number, final: boolean): Cut {
    const text = this.text;
    let end = lineEnd;
    let lines = 1;
    while (end + 1 < text.length || !final) {
      // Whether the next line begins a record can only be told from its first bytes.
      if (text.length - end - 1 < timeBytes && !final) return wait;
      if (startsRecord(text, end + 1)) break;
      const next = text.indexOf('\n', end + 1);
      if (next < 0 && !final) return text.length - at > this.#recordBytesMax ? tooLong : wait;
      end = next < 0 ? text.length : next;
      lines++;
      if (end - at > this.#recordBytesMax) return tooLong;
    }
    const rec = createAccessRec();
    const line = this.recordText(at, end);
    const decoded = this.decoder.decode(line, rec);
    if (decoded === unreadable) return { kind: 'dead', end, lines };
    if (decoded === open && !wasCut(line)) return this.#follow(at, end, lines, final);
    if (decoded === open) addTag(rec, 'truncated');
    return { kind: 'record', rec, line, decoded, fine: this.decoder.fine, lines, behind: end + 1 };
  }

  /** A record with an open value: what follows belongs to it, however much it looks like records of its own. */
  #follow(at: number, firstEnd: number, firstLines: number, final: boolean): Cut {
    const text = this.text;
    let end = firstEnd;
    let lines = firstLines;
    this.#open.start(firstEnd - at);
    for (;;) {
      const next = text.indexOf('\n', end + 1);
      if (next < 0 && !final) return wait;
      if (end >= text.length - 1) break;
      const lineEnd = next < 0 ? text.length : next;
      lines++;
      const whole = this.decoder.decode(this.recordText(at, lineEnd), this.clean());
      const alone = this.decoder.decode(this.recordText(end + 1, lineEnd), this.clean());
      const step = this.#open.step(lineEnd - end - 1, whole, alone);
      if (step === 'gives-up') break;
      end = lineEnd;
      if (step === 'closes') return this.#decodeOpen(at, end, lines, 'embedded-line-break');
    }
    return this.#decodeOpen(at, firstEnd, firstLines, 'truncated');
  }

  #decodeOpen(at: number, end: number, lines: number, tag: string): CutRecord {
    const rec = createAccessRec();
    const line = this.recordText(at, end);
    const decoded = this.decoder.decode(line, rec);
    addTag(rec, tag);
    return { kind: 'record', rec, line, decoded, fine: this.decoder.fine, lines, behind: end + 1 };
  }

  /** The JSON object at `at`, whose first line ends at `lineEnd`. */
  cutObject(at: number, lineEnd: number, final: boolean, glued: boolean): ScannedObject | 'unfinished' | 'too-long' {
    const slice = (from: number, to: number): string => this.slice(from, to);
    return scanObject(this.text, at, lineEnd, final, this.#recordBytesMax, slice, glued);
  }

  /** Decodes an object; undefined when it is no record of an access log. */
  decodeObject(found: ScannedObject): Rec | undefined {
    const rec = createAccessRec();
    if (!decodeAccessJson(found.object, rec)) return undefined;
    const time = found.object['local_time'];
    if (typeof time === 'string' && this.#jsonClock.read(time)) {
      rec.EventTime = this.#jsonClock.ms;
      rec.nanos = this.#jsonClock.nanos;
    }
    if (found.broken) addTag(rec, 'truncated');
    return rec;
  }

  /** The next record at or behind `at`, text or JSON; what is none is passed over. For looking ahead. */
  next(at: number, final: boolean): CutRecord | 'wait' | 'none' {
    const text = this.text;
    let from = at;
    while (from < text.length) {
      const end = text.indexOf('\n', from);
      if (end < 0 && !final) return 'wait';
      const lineEnd = end < 0 ? text.length : end;
      const cut = this.#cutAny(from, lineEnd, final);
      if (cut.kind === 'record') return cut;
      if (cut.kind === 'wait') return 'wait';
      if (cut.kind === 'too-long') return 'none';
      from = cut.end + 1;
    }
    return final ? 'none' : 'wait';
  }

  #cutAny(at: number, lineEnd: number, final: boolean): Cut {
    if (looksLikeTime(this.text, at)) return this.cutText(at, lineEnd, final);
    if (this.text.charCodeAt(at) !== 123) return { kind: 'dead', end: lineEnd, lines: 1 };
    const found = this.cutObject(at, lineEnd, final, false);
    if (found === 'unfinished') return wait;
    if (found === 'too-long') return tooLong;
    const rec = this.decodeObject(found);
    if (rec === undefined) return { kind: 'dead', end: found.behind - 1, lines: found.lines };
    return { kind: 'record', rec, line: '', decoded: complete, fine: true, lines: found.lines, behind: found.behind };
  }

  /** The record between two offsets as text, without the line breaks and blank lines behind it. */
  recordText(at: number, end: number): string {
    const text = this.text;
    let last = end;
    while (last > at && (text.charCodeAt(last - 1) === 10 || text.charCodeAt(last - 1) === 13)) last--;
    return this.slice(at, last);
  }

  slice(at: number, end: number): string {
    const binary = this.text.slice(at, end);
    // Asked again further up after a look ahead, it has to look again.
    if (this.#nextHigh < at || at < this.#highFrom) {
      this.#nextHigh = nextHighByte(this.#bytes, at);
      this.#highFrom = at;
    }
    return this.#nextHigh >= end ? binary : decodeBinary(binary);
  }

  /** A record to decode into and throw away. */
  clean(): Rec {
    return Object.assign(this.#scratch, emptyRec);
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
