import { rowsNamedMax, rowsToldMax } from './limits.ts';
import { type Notice, notice } from './notice.ts';
import type { FileContent } from './read-file.ts';

/** A row that cannot be used, and why. */
export interface SkippedRow {
  /** Line of the file, or number of the item; from 1. */
  readonly at: number;
  readonly reason: string;
}

/** What a part says of the rows that are not used. */
export interface ToldRows {
  readonly notices: readonly Notice[];
  readonly skipped: number;
  /** The first of them. */
  readonly skippedRows: readonly SkippedRow[];
  /** Rows left out because there are too many. */
  readonly exceeded: number;
}

/** Rows of one file that could not be used. */
export class SkippedRows {
  readonly #rows: SkippedRow[] = [];
  #count = 0;

  add(at: number, reason: string): void {
    this.#count++;
    if (this.#rows.length < rowsToldMax) this.#rows.push({ at, reason });
  }

  get count(): number {
    return this.#count;
  }

  /** Gives what the part of the file says of them. */
  told(content: FileContent, exceeded = 0): ToldRows {
    return { notices: this.#notices(content, exceeded), skipped: this.#count, skippedRows: this.#rows, exceeded };
  }

  /** Rows that were skipped, and rows that were too many. */
  #notices(content: FileContent, exceeded: number): readonly Notice[] {
    const notices: Notice[] = [];
    if (this.#count > 0) {
      const named = this.#rows.slice(0, rowsNamedMax).map(({ at, reason }) => `row ${at}: ${reason}`);
      const more = this.#count > named.length ? '; and more' : '';
      const sentence = `${this.#count} rows of ${content.path} are not used: ${named.join('; ')}${more}.`;
      notices.push(notice('enrichment-rows-skipped', content.path, sentence));
    }
    if (exceeded > 0) {
      const sentence = `${content.path} has ${exceeded} rows more than are used.`;
      notices.push(notice('enrichment-rows-exceeded', content.path, sentence));
    }
    return notices;
  }
}
