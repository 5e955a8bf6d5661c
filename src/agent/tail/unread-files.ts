import { placeInSet } from '#source';
import { readingLimits } from '../limits.ts';
import type { LogSet } from './log-set.ts';

/** A file that could not be looked at, by its place in its log. */
export interface UnreadFile {
  readonly path: string;
  readonly order: string;
}

/** Files that could not be looked at, or hold no whole record yet, and since when. */
export class UnreadFiles {
  /** By path; times are of the steady clock. */
  readonly #since = new Map<string, number>();
  readonly #steady: () => number;

  constructor(steady: () => number) {
    this.#steady = steady;
  }

  add(path: string): void {
    if (!this.#since.has(path)) this.#since.set(path, this.#steady());
  }

  remove(path: string): void {
    this.#since.delete(path);
  }

  /** Forgets those that are no more. */
  keep(there: ReadonlySet<string>): void {
    for (const path of this.#since.keys()) if (!there.has(path)) this.#since.delete(path);
  }

  /**
   * Whether one of a log that is waited for is such a one: a disk that failed once mostly answers the next time. After a
   * while the log goes on without it. This is asked for each piece that is read.
   */
  some(set: LogSet, test: (file: UnreadFile) => boolean): boolean {
    if (this.#since.size === 0) return false;
    const now = this.#steady();
    for (const [path, since] of this.#since) {
      if (now - since >= readingLimits.heldUpMs) continue;
      const { key, order } = placeInSet(set.source, set.log, path);
      if (key === set.key && test({ path, order })) return true;
    }
    return false;
  }
}
