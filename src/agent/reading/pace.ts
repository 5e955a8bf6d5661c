import type { Clock } from './reading.ts';

/** Keeps reading to a number of lines a second. */
export class Pace {
  /** Null: as fast as it goes. */
  linesPerSecond: number | null = null;
  readonly #clock: Clock;
  /** Lines that may be read; below zero after a piece that held more. */
  #free = 0;
  #at: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#at = clock.now();
  }

  /** Whether more may be read now. */
  get free(): boolean {
    if (this.linesPerSecond === null) return true;
    const now = this.#clock.now();
    // A clock that went back gives nothing, and takes nothing.
    const seconds = Math.max(0, (now - this.#at) / 1000);
    this.#at = now;
    this.#free = Math.min(this.linesPerSecond, this.#free + seconds * this.linesPerSecond);
    return this.#free > 0;
  }

  took(lines: number): void {
    if (this.linesPerSecond !== null) this.#free -= lines;
  }
}
