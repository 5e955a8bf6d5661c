import { encodeText } from '#event';

/** Bytes a text of this many UTF-16 units can take at most, length prefix included. */
const bytesPerUnitMax = 3;
const prefixBytesMax = 5;

/** A growing run of bytes, written front to back and used again and again. */
export class Bytes {
  #buffer: Buffer;
  #length = 0;

  constructor(bytes = 4096) {
    this.#buffer = Buffer.allocUnsafeSlow(bytes);
  }

  get length(): number {
    return this.#length;
  }

  /** Gives what was written so far; valid until the next write or `clear`. */
  view(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  #room(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }

  /** Writes an unsigned number in the engine's variable length (LEB128). */
  varint(value: number): void {
    this.#room(10);
    let rest = value;
    while (rest >= 0x80) {
      this.#buffer[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[this.#length++] = rest;
  }

  /** Writes a UInt64 below 2^53. */
  uint64(value: number): void {
    this.#room(8);
    this.#buffer.writeUInt32LE(value % 4_294_967_296, this.#length);
    this.#buffer.writeUInt32LE(Math.floor(value / 4_294_967_296), this.#length + 4);
    this.#length += 8;
  }

  /** Writes that many zero bytes: so many empty texts. */
  zeros(count: number): void {
    this.#room(count);
    this.#buffer.fill(0, this.#length, this.#length + count);
    this.#length += count;
  }

  /** Writes bytes as they are. */
  raw(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Writes a text with its length before it, in the very bytes it came from. */
  text(text: string): void {
    const units = text.length;
    this.#room(units * bytesPerUnitMax + prefixBytesMax);
    const start = this.#length;
    this.varint(units);
    // Each unit takes at least one byte, so an equal count means ASCII: the length written before was right.
    const written = this.#buffer.write(text, this.#length, 'utf8');
    if (written === units) {
      this.#length += written;
      return;
    }
    this.#length = start;
    const bytes = encodeText(text);
    this.varint(bytes.length);
    this.raw(bytes);
  }
}
