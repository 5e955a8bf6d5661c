import { joinList } from '../joined-list.ts';
import type { ColumnBuilder } from './column.ts';
import { listValuesMax } from './list-column.ts';
import { WordsColumn } from './words-column.ts';

/** Lists remembered with their text until the block is done. */
const rememberedMax = 4_096;

/** Lists as words: each different list once. */
export class JoinedListColumn implements ColumnBuilder<readonly string[]> {
  readonly type = 'LowCardinality(String)';
  unfit = 0;
  readonly #words: WordsColumn = new WordsColumn();
  #last: readonly string[] | undefined;
  #lastJoined = '';
  /** By the list itself: a result says the list of its request again, and lists that repeat are made once. */
  readonly #known: Map<readonly string[], string> = new Map();

  get used(): boolean {
    return this.#words.used;
  }

  put(row: number, values: readonly string[]): void {
    if (values.length === 0) return;
    if (values !== this.#last) {
      this.#lastJoined = this.#known.get(values) ?? this.#join(values);
      this.#last = values;
    }
    this.#words.put(row, this.#lastJoined);
  }

  #join(values: readonly string[]): string {
    const count = Math.min(values.length, listValuesMax);
    this.unfit += values.length - count;
    const joined = joinList(count === values.length ? values : values.slice(0, count));
    if (count === values.length && this.#known.size < rememberedMax) this.#known.set(values, joined);
    return joined;
  }

  finish(rows: number): readonly Uint8Array[] {
    return this.#words.finish(rows);
  }

  reset(rows: number): void {
    this.#words.reset(rows);
    this.#last = undefined;
    this.#lastJoined = '';
    this.#known.clear();
  }
}
