import { blockRowsMax, bytesOf, type ColumnBuilder } from './column.ts';
import { Dictionary } from './dictionary.ts';

/** `LowCardinality(String)`: each different text once, and an index per row. */
export class WordsColumn implements ColumnBuilder<string> {
  readonly type = 'LowCardinality(String)';
  readonly unfit = 0;
  used = false;
  #codes: Uint16Array | undefined;
  readonly #dictionary: Dictionary = new Dictionary();

  put(row: number, value: string): void {
    this.used = true;
    this.#codes ??= new Uint16Array(blockRowsMax);
    this.#codes[row] = this.#dictionary.codeOf(value);
  }

  finish(rows: number): readonly Uint8Array[] {
    const codes = this.#codes ?? new Uint16Array(rows);
    return [Dictionary.prefix(), ...this.#dictionary.finish(rows), bytesOf(codes, rows)];
  }

  reset(rows: number): void {
    if (!this.used) return;
    this.used = false;
    this.#codes?.fill(0, 0, rows);
    this.#dictionary.clear();
  }
}
