import type { Rec, RecKey } from '#event';

/** Different keys counted for one source; further ones are counted together. */
export const coverageKeysMax = 256;
/** Name under which keys past the limit are counted. */
export const furtherKeys = '(further keys)';

/** How often each key was seen that no row of the mapping takes, most often first. */
export interface Coverage {
  readonly source: string;
  readonly records: number;
  readonly unmapped: readonly { readonly key: string; readonly records: number }[];
}

/** Counts keys of records that no row takes: known keys without a row, and unknown ones kept in `extra`. */
export class CoverageCounter {
  records = 0;
  readonly #keys: readonly RecKey[];
  readonly #counts = new Map<string, number>();

  constructor(unmapped: readonly RecKey[]) {
    this.#keys = unmapped;
  }

  /** Takes in one record. */
  count(rec: Rec): void {
    this.records++;
    for (const key of this.#keys) {
      if (rec[key] !== undefined) this.#add(key);
    }
    if (rec.extra !== undefined) this.#addExtra(rec.extra);
  }

  /** What was counted so far. */
  report(source: string): Coverage {
    const unmapped = [...this.#counts].map(([key, records]) => ({ key, records }));
    unmapped.sort((one, other) => other.records - one.records || (one.key < other.key ? -1 : 1));
    return { source, records: this.records, unmapped };
  }

  #addExtra(extra: string): void {
    let parsed: unknown;
    try {
      parsed = JSON.parse(extra);
    } catch {
      this.#add('extra');
      return;
    }
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) this.#add('extra');
    else for (const key of Object.keys(parsed)) this.#add(key);
  }

  #add(key: string): void {
    const counted = this.#counts.has(key) || this.#counts.size < coverageKeysMax ? key : furtherKeys;
    this.#counts.set(counted, (this.#counts.get(counted) ?? 0) + 1);
  }
}
