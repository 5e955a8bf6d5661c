import { rowsNamedMax } from './limits.ts';
import { type Notice, notice } from './notice.ts';
import type { FileContent } from './read-file.ts';

/** Rows of one file that could not be used. */
export class SkippedRows {
  readonly #reasons: string[] = [];
  #count = 0;

  add(at: number, reason: string): void {
    this.#count++;
    if (this.#reasons.length < rowsNamedMax) this.#reasons.push(`row ${at}: ${reason}`);
  }

  get count(): number {
    return this.#count;
  }

  /** Gives the notices on the file: rows that were skipped, and rows that were too many. */
  notices(content: FileContent, exceeded = 0): readonly Notice[] {
    const notices: Notice[] = [];
    if (this.#count > 0) {
      const more = this.#count > this.#reasons.length ? '; and more' : '';
      const sentence = `${this.#count} rows of ${content.path} are not used: ${this.#reasons.join('; ')}${more}.`;
      notices.push(notice('enrichment-rows-skipped', content.path, sentence));
    }
    if (exceeded > 0) {
      const sentence = `${content.path} has ${exceeded} rows more than are used.`;
      notices.push(notice('enrichment-rows-exceeded', content.path, sentence));
    }
    return notices;
  }
}
