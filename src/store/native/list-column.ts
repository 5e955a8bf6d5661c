import { Bytes } from './bytes.ts';
import { blockRowsMax, bytesOf, type ColumnBuilder } from './column.ts';

/** Most values one row may hold; more are left out and counted. */
export const listValuesMax = 10_000;

/** `Array(String)`: where each row's values end, then all values. */
export class ListColumn implements ColumnBuilder<readonly string[]> {
  readonly type = 'Array(String)';
  used = false;
  unfit = 0;
  #next = 0;
  #total = 0;
  /** Ends of the rows' values, as pairs of 32 bits: the format wants 64. */
  #ends: Uint32Array | undefined;
  readonly #values: Bytes = new Bytes();

  put(row: number, values: readonly string[]): void {
    if (values.length === 0) return;
    this.used = true;
    this.#ends ??= new Uint32Array(blockRowsMax * 2);
    this.#fillTo(this.#ends, row);
    const count = Math.min(values.length, listValuesMax);
    for (let at = 0; at < count; at++) this.#values.text(values[at] ?? '');
    this.unfit += values.length - count;
    this.#total += count;
    this.#ends[row * 2] = this.#total;
    this.#next = row + 1;
  }

  #fillTo(ends: Uint32Array, row: number): void {
    for (let at = this.#next; at < row; at++) ends[at * 2] = this.#total;
    this.#next = Math.max(this.#next, row);
  }

  finish(rows: number): readonly Uint8Array[] {
    const ends = this.#ends ?? new Uint32Array(rows * 2);
    this.#fillTo(ends, rows);
    return [bytesOf(ends, rows * 2), this.#values.view()];
  }

  reset(): void {
    this.used = false;
    this.#next = 0;
    this.#total = 0;
    this.#values.clear();
  }
}
