import { Bytes } from './bytes.ts';
import type { ColumnBuilder } from './column.ts';

/** `String`: every value written out. For texts that rarely repeat. */
export class TextColumn implements ColumnBuilder<string> {
  readonly type = 'String';
  readonly unfit = 0;
  used = false;
  #next = 0;
  readonly #bytes: Bytes = new Bytes();

  put(row: number, value: string): void {
    this.used = true;
    if (row > this.#next) this.#bytes.zeros(row - this.#next);
    this.#bytes.text(value);
    this.#next = row + 1;
  }

  /** Bytes taken so far. */
  get length(): number {
    return this.#bytes.length;
  }

  finish(rows: number): readonly Uint8Array[] {
    if (rows > this.#next) this.#bytes.zeros(rows - this.#next);
    this.#next = rows;
    return [this.#bytes.view()];
  }

  reset(): void {
    this.used = false;
    this.#next = 0;
    this.#bytes.clear();
  }
}
