import { createHash } from 'node:crypto';
import { blockRowsMax } from './native/column.ts';

/** A run of rows of one stream's generation within a block. */
export interface Run {
  readonly stream: string;
  readonly generation: number;
  /** First row, and the one behind the last. */
  readonly first: number;
  readonly end: number;
}

interface OpenRun {
  readonly stream: string;
  readonly generation: number;
  readonly first: number;
}

/** Key of a stream's generation in maps. */
export function streamKey(stream: string, generation: number): string {
  return `${generation} ${stream}`;
}

/** Who the rows of a block are: stream, generation and position of each. */
export class BlockIdentity {
  readonly positions: Float64Array = new Float64Array(blockRowsMax);
  #rows = 0;
  #runs: Run[] = [];
  #open: OpenRun | undefined;

  get rows(): number {
    return this.#rows;
  }

  add(stream: string, generation: number, position: number): void {
    const open = this.#open;
    if (open === undefined || open.stream !== stream || open.generation !== generation) {
      this.#endRun();
      this.#open = { stream, generation, first: this.#rows };
    }
    this.positions[this.#rows] = position;
    this.#rows += 1;
  }

  #endRun(): void {
    if (this.#open !== undefined) this.#runs.push({ ...this.#open, end: this.#rows });
    this.#open = undefined;
  }

  /** The rows by stream, in the order added. */
  runs(): readonly Run[] {
    this.#endRun();
    return this.#runs;
  }

  /** A word for exactly these rows, in this order, less the ones left out. */
  token(skipped: Uint8Array | undefined): string {
    const hash = createHash('sha256');
    for (const { stream, generation, first, end } of this.runs()) {
      hash.update(`${streamKey(stream, generation)}\0${first} ${end}\0`);
    }
    hash.update(new Uint8Array(this.positions.buffer, 0, this.#rows * 8));
    if (skipped !== undefined) hash.update(skipped);
    return hash.digest('hex');
  }

  reset(): void {
    this.#rows = 0;
    this.#runs = [];
    this.#open = undefined;
  }
}
