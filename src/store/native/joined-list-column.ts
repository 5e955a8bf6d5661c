import { joinList } from '../joined-list.ts';
import type { ColumnBuilder } from './column.ts';
import { listValuesMax } from './list-column.ts';
import { WordsColumn } from './words-column.ts';

function isSame(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}

/** Lists as words: each different list once. */
export class JoinedListColumn implements ColumnBuilder<readonly string[]> {
  readonly type = 'LowCardinality(String)';
  unfit = 0;
  readonly #words: WordsColumn = new WordsColumn();
  /** A result says the list of its request again, and neighbouring requests ask for the same. */
  #last: readonly string[] = [];
  #lastJoined = '';

  get used(): boolean {
    return this.#words.used;
  }

  put(row: number, values: readonly string[]): void {
    if (values.length === 0) return;
    if (!isSame(values, this.#last)) {
      const count = Math.min(values.length, listValuesMax);
      this.unfit += values.length - count;
      this.#lastJoined = joinList(count === values.length ? values : values.slice(0, count));
      this.#last = [...values];
    }
    this.#words.put(row, this.#lastJoined);
  }

  finish(rows: number): readonly Uint8Array[] {
    return this.#words.finish(rows);
  }

  reset(rows: number): void {
    this.#words.reset(rows);
    this.#last = [];
    this.#lastJoined = '';
  }
}
