import type { Writable } from 'node:stream';

/** Characters held before they are written. */
const heldMax = 64 * 1024;

/** Writes text to a stream in large pieces, no faster than its reader takes them. */
export class LineOutput {
  readonly #stream: Writable;
  #held: string[] = [];
  #length = 0;
  #full = false;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  /** Takes text; a line break is the caller's. */
  write(text: string): void {
    this.#held.push(text);
    this.#length += text.length;
    if (this.#length >= heldMax) this.#pass();
  }

  /** Resolves when the reader is not behind. */
  async room(): Promise<void> {
    if (!this.#full) return;
    this.#full = false;
    if (this.#stream.writableNeedDrain) await new Promise<void>((resolve) => this.#stream.once('drain', resolve));
  }

  /** Resolves when everything is written. */
  async end(): Promise<void> {
    this.#pass();
    await new Promise<void>((resolve) => this.#stream.write('', () => resolve()));
  }

  #pass(): void {
    if (this.#length === 0) return;
    this.#full = !this.#stream.write(this.#held.join(''));
    this.#held = [];
    this.#length = 0;
  }
}
