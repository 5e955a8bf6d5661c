import { createRec, type Rec } from '#event';
import { AccessClock, looksLikeTime } from './access-clock.ts';
import { decodeAccessBody } from './access-text.ts';
import { Cursor } from './cursor.ts';
import { type Decoded, unreadable } from './decoded.ts';
import { deviceModel, deviceType, sourceId } from './source-id.ts';

/** How far into a line another program's prefix may reach before the time (syslog, journald). */
const prefixMax = 128;

/** Decodes whole text records, time and body. One instance keeps the clock's memory. */
export class TextAccessDecoder {
  readonly #clock = new AccessClock();
  readonly #cursor = new Cursor();

  /** Whether the record decoded last had a time with a fraction. */
  get fine(): boolean {
    return this.#clock.fine;
  }

  /** Decodes a record as a server writes it. */
  decode(line: string, rec: Rec): Decoded {
    const behind = this.#clock.read(line, 0);
    if (behind < 0 || line.charCodeAt(behind) !== 32) return unreadable;
    rec.EventTime = this.#clock.ms;
    rec.nanos = this.#clock.nanos;
    this.#cursor.start(line, behind + 1);
    return decodeAccessBody(this.#cursor, rec);
  }

  /**
   * Decodes a record that went through other hands (§12): no-break spaces, dashes, indentation, a syslog prefix, a time
   * nobody can read. Without a readable time the record has none.
   */
  decodeLenient(line: string, rec: Rec): Decoded {
    const plain = line
      .replace(/\u00a0/g, ' ')
      .replace(/[\u2013\u2014]/g, '-')
      .trim();
    const at = bracketAt(plain);
    if (at >= 0) {
      const decoded = this.decode(at === 0 ? plain : plain.slice(at), rec);
      if (decoded !== unreadable) return decoded;
    }
    const body = plain.indexOf('conn=');
    if (body < 0 || body > prefixMax) return unreadable;
    // What stands before must be a bracket that holds no usable time, or nothing.
    if (body > 0 && plain.charCodeAt(0) !== 91) return unreadable;
    this.#cursor.start(plain, body);
    return decodeAccessBody(this.#cursor, rec);
  }
}

/** Offset of the time in a line that may have a prefix of another program; -1 when there is none. */
function bracketAt(line: string): number {
  for (let at = line.indexOf('['); at >= 0 && at <= prefixMax; at = line.indexOf('[', at + 1)) {
    if (looksLikeTime(line, at)) return at;
  }
  return -1;
}

/** Makes a record with what all records of this source share. */
export function createAccessRec(): Rec {
  const rec = createRec();
  rec.source = sourceId;
  rec.DeviceModel = deviceModel;
  rec.DeviceType = deviceType;
  rec.log = 'access';
  return rec;
}
