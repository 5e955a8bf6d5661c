import { collectLimits } from '../limits.ts';

const newline = 0x0a;
const space = 0x20;
const zero = 0x30;
const nine = 0x39;
const { lengthDigits, messageBytes } = collectLimits;

/** Takes one message; `cut` when it was longer than is kept. */
export type TakeFrame = (frame: Buffer, cut: boolean) => void;

/**
 * Cuts the bytes of a syslog connection into messages (RFC 6587). Both framings are told apart message by message, for
 * senders mix them: one that begins with a number and a blank is counted in bytes (octet counting), any other ends with
 * a line break. However the bytes are cut on their way, the same messages come out.
 */
export class FrameReader {
  readonly #counted: boolean;
  /** What was taken of a message so far. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** Bytes of the message still to come; undefined while its kind is not known, -1 when a line break ends it. */
  #missing: number | undefined;
  #cut = false;
  /** Digits of a length so far. */
  #digits = '';

  /** `counted` false: every message ends with a line break, as JSON lines do. */
  constructor(counted = true) {
    this.#counted = counted;
    this.#begin();
  }

  /** True between two messages. */
  get idle(): boolean {
    return this.#heldBytes === 0 && this.#digits === '' && !this.#cut && (this.#missing ?? -1) === -1;
  }

  push(bytes: Buffer, take: TakeFrame): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#missing === undefined) at = this.#readLength(bytes, at);
      else if (this.#missing === -1) at = this.#readLine(bytes, at, take);
      else at = this.#readCounted(bytes, at, this.#missing, take);
    }
  }

  /** The connection has ended: what is there is given out, as far as it came. */
  end(take: TakeFrame): void {
    if (this.#digits !== '') this.#holdDigits();
    if (this.#heldBytes > 0) this.#give(take);
    this.#begin();
  }

  #begin(): void {
    this.#held = [];
    this.#heldBytes = 0;
    this.#digits = '';
    this.#cut = false;
    this.#missing = this.#counted ? undefined : -1;
  }

  /** Reads digits up to a blank; anything else means that a line break ends the message. */
  #readLength(bytes: Buffer, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      const isDigit = byte >= zero && byte <= nine;
      if (isDigit && !(this.#digits === '' && byte === zero) && this.#digits.length < lengthDigits) {
        this.#digits += String.fromCharCode(byte);
        continue;
      }
      // Senders that count often put a line break behind what they counted.
      if (this.#digits === '' && byte === newline) continue;
      if (this.#digits !== '' && byte === space) {
        this.#missing = Number(this.#digits);
        this.#digits = '';
        return at + 1;
      }
      this.#holdDigits();
      return at;
    }
    return bytes.length;
  }

  /** The digits were no length, but the beginning of a line. */
  #holdDigits(): void {
    if (this.#digits !== '') this.#hold(Buffer.from(this.#digits, 'latin1'));
    this.#digits = '';
    this.#missing = -1;
  }

  #readLine(bytes: Buffer, from: number, take: TakeFrame): number {
    const end = bytes.indexOf(newline, from);
    this.#hold(bytes.subarray(from, end === -1 ? bytes.length : end));
    if (end === -1) return bytes.length;
    this.#give(take);
    return end + 1;
  }

  #readCounted(bytes: Buffer, from: number, missing: number, take: TakeFrame): number {
    const end = Math.min(bytes.length, from + missing);
    this.#hold(bytes.subarray(from, end));
    this.#missing = missing - (end - from);
    if (this.#missing === 0) this.#give(take);
    return end;
  }

  /** Keeps bytes of a message, up to the limit. */
  #hold(bytes: Buffer): void {
    const kept = bytes.subarray(0, messageBytes - this.#heldBytes);
    if (kept.length < bytes.length) this.#cut = true;
    if (kept.length === 0) return;
    // A copy: the socket's buffer may be used again.
    this.#held.push(Buffer.from(kept));
    this.#heldBytes += kept.length;
  }

  #give(take: TakeFrame): void {
    const frame = Buffer.concat(this.#held);
    const cut = this.#cut;
    this.#begin();
    take(frame, cut);
  }
}
