import { Bytes } from './bytes.ts';
import { blockRowsMax, bytesOf, type ColumnBuilder } from './column.ts';

/** The dictionary comes with the block, and holds keys of its own (indexes of two bytes). */
const serializationVersion = 1;
const indexTypeUint16 = 1;
const hasAdditionalKeys = 0x200;
const needsUpdate = 0x400;

const none: Uint16Array = new Uint16Array(0);

/**
 * `LowCardinality(String)`: each different text once, and an index per row. Index 0 is the empty text, and absent.
 *
 * This is the hottest place of all writing: some thirty columns of each event come by. Neighbouring records say the
 * same, or two things in turn, so the last two words are compared before the dictionary is asked; all that is not of
 * that kind is done in the slower part.
 */
export class WordsColumn implements ColumnBuilder<string> {
  readonly type = 'LowCardinality(String)';
  readonly unfit = 0;
  used = false;
  #codes: Uint16Array = none;
  #last = '';
  #lastCode = 0;
  #previous = '';
  #previousCode = 0;
  readonly #known: Map<string, number> = new Map();
  readonly #keys: Bytes = new Bytes(1024);
  #count = 1;

  put(row: number, value: string): void {
    if (value !== this.#last) {
      if (value === this.#previous) this.#swap();
      else this.#look(value);
    }
    this.#codes[row] = this.#lastCode;
  }

  #swap(): void {
    const word = this.#previous;
    const code = this.#previousCode;
    this.#previous = this.#last;
    this.#previousCode = this.#lastCode;
    this.#last = word;
    this.#lastCode = code;
  }

  /** Finds the word in the dictionary, or adds it. The first word of a block comes through here, too. */
  #look(value: string): void {
    if (!this.used) this.#begin();
    let code = this.#known.get(value);
    if (code === undefined) {
      code = this.#count++;
      this.#known.set(value, code);
      this.#keys.text(value);
    }
    this.#previous = this.#last;
    this.#previousCode = this.#lastCode;
    this.#last = value;
    this.#lastCode = code;
  }

  #begin(): void {
    this.used = true;
    if (this.#codes === none) this.#codes = new Uint16Array(blockRowsMax);
    this.#keys.clear();
    this.#keys.zeros(1);
  }

  finish(rows: number): readonly Uint8Array[] {
    const head = new Bytes(24);
    head.uint64(serializationVersion);
    head.uint64(indexTypeUint16 + hasAdditionalKeys + needsUpdate);
    head.uint64(this.#count);
    const tail = new Bytes(8);
    tail.uint64(rows);
    return [head.view(), this.#keys.view(), tail.view(), bytesOf(this.#codes, rows)];
  }

  reset(rows: number): void {
    if (!this.used) return;
    this.used = false;
    this.#codes.fill(0, 0, rows);
    this.#known.clear();
    this.#count = 1;
    this.#last = '';
    this.#lastCode = 0;
    this.#previous = '';
    this.#previousCode = 0;
  }
}
