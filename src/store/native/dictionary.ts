import { Bytes } from './bytes.ts';

/** The dictionary comes with the block, and holds keys of its own (indexes of two bytes). */
const serializationVersion = 1;
const indexTypeUint16 = 1;
const hasAdditionalKeys = 0x200;
const needsUpdate = 0x400;

/** The words of one `LowCardinality(String)` block: each once, in the order met; index 0 is the empty text. */
export class Dictionary {
  readonly #codes: Map<string, number> = new Map();
  readonly #keys: Bytes = new Bytes(1024);
  #count = 1;
  #last = '';
  #lastCode = 0;

  constructor() {
    this.clear();
  }

  /** Index of a word. */
  codeOf(word: string): number {
    // Neighbouring records often say the same, and comparing is cheaper than hashing.
    if (word === this.#last) return this.#lastCode;
    let code = this.#codes.get(word);
    if (code === undefined) {
      code = this.#count++;
      this.#codes.set(word, code);
      this.#keys.text(word);
    }
    this.#last = word;
    this.#lastCode = code;
    return code;
  }

  /** Words so far, the empty one included. */
  get count(): number {
    return this.#count;
  }

  /** The part of the format that stands before everything else of the column. */
  static prefix(): Uint8Array {
    const bytes = new Bytes(8);
    bytes.uint64(serializationVersion);
    return bytes.view();
  }

  /** What stands before the indexes. */
  finish(indexes: number): readonly Uint8Array[] {
    const head = new Bytes(16);
    head.uint64(indexTypeUint16 + hasAdditionalKeys + needsUpdate);
    head.uint64(this.#count);
    const tail = new Bytes(8);
    tail.uint64(indexes);
    return [head.view(), this.#keys.view(), tail.view()];
  }

  clear(): void {
    this.#codes.clear();
    this.#keys.clear();
    this.#keys.zeros(1);
    this.#codes.set('', 0);
    this.#count = 1;
    this.#last = '';
    this.#lastCode = 0;
  }
}
