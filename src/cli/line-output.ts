import type { Writable } from 'node:stream';

/** Characters held before they are written. */
const heldMax = 64 * 1024;

/** Writes text to a stream in large pieces, no faster than its reader takes them. */
export class LineOutput {
  readonly #stream: Writable;
  #held: string[] = [];
  #length = 0;
  #full = false;
  #gone = false;
  #wake: () => void = () => {};

  /** `gone` is told when the reader has left: what is written then goes nowhere. */
  constructor(stream: Writable, gone: () => void = () => {}) {
    this.#stream = stream;
    stream.on('drain', () => this.#wake());
    stream.on('error', () => {
      if (this.#gone) return;
      this.#gone = true;
      this.#wake();
      gone();
    });
  }

  /** Takes text; a line break is the caller's. */
  write(text: string): void {
    this.#held.push(text);
    this.#length += text.length;
    if (this.#length >= heldMax) this.#pass();
  }

  /** Resolves when the reader is not behind, or has left. */
  async room(): Promise<void> {
    if (!this.#full) return;
    this.#full = false;
    if (this.#gone || !this.#stream.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Resolves when everything is written, or the reader has left. */
  async end(): Promise<void> {
    this.#pass();
    if (this.#gone) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#stream.write('', () => resolve());
    });
  }

  #pass(): void {
    if (this.#length === 0) return;
    const text = this.#held.join('');
    this.#held = [];
    this.#length = 0;
    if (!this.#gone) this.#full = !this.#stream.write(text);
  }
}
