import { parseAddress } from '#event';
import { blockRowsMax, bytesOf, type ColumnBuilder } from './column.ts';

/** Addresses remembered with their bytes; beyond, the memory starts afresh. */
const rememberedMax = 65_536;

/** Turns the bytes of a word around: the format has the address's first byte first. */
function swap(word: number): number {
  return (((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}

/** Bytes of an address as four words of 32 bits, IPv4 mapped into IPv6; undefined for a text that is no address. */
function wordsOf(text: string): Uint32Array | undefined {
  const address = parseAddress(text);
  if (address === undefined) return undefined;
  const words = address.family === 4 ? [0, 0, 0xffff, address.words[3]] : address.words;
  return Uint32Array.from(words, swap);
}

/** Remembers the bytes of addresses met: a log has few, and says them again and again. */
class AddressBook {
  readonly #known: Map<string, Uint32Array | undefined> = new Map();

  lookUp(text: string): Uint32Array | undefined {
    const known = this.#known.get(text);
    if (known !== undefined || this.#known.has(text)) return known;
    if (this.#known.size >= rememberedMax) this.#known.clear();
    const words = wordsOf(text);
    this.#known.set(text, words);
    return words;
  }
}

abstract class Addresses implements ColumnBuilder<string> {
  abstract readonly type: string;
  used = false;
  unfit = 0;
  readonly #wordsPerRow: number;
  #words: Uint32Array | undefined;
  #nulls: Uint8Array | undefined;
  readonly #book: AddressBook = new AddressBook();

  constructor(wordsPerRow: number) {
    this.#wordsPerRow = wordsPerRow;
  }

  protected abstract setWords(target: Uint32Array, row: number, words: Uint32Array): boolean;

  put(row: number, value: string): void {
    const words = this.#book.lookUp(value);
    this.#words ??= new Uint32Array(blockRowsMax * this.#wordsPerRow);
    this.#nulls ??= new Uint8Array(blockRowsMax).fill(1);
    if (words === undefined || !this.setWords(this.#words, row, words)) {
      this.unfit += 1;
      return;
    }
    this.used = true;
    this.#nulls[row] = 0;
  }

  finish(rows: number): readonly Uint8Array[] {
    return [
      bytesOf(this.#nulls ?? new Uint8Array(rows).fill(1), rows),
      bytesOf(this.#words ?? new Uint32Array(rows * this.#wordsPerRow), rows * this.#wordsPerRow),
    ];
  }

  reset(rows: number): void {
    if (!this.used) return;
    this.used = false;
    this.#words?.fill(0, 0, rows * this.#wordsPerRow);
    this.#nulls?.fill(1, 0, rows);
  }
}

/** `Nullable(IPv6)`; IPv4 stands in it mapped. */
export class AddressColumn extends Addresses {
  readonly type = 'Nullable(IPv6)';

  constructor() {
    super(4);
  }

  protected setWords(target: Uint32Array, row: number, words: Uint32Array): boolean {
    target.set(words, row * 4);
    return true;
  }
}

/** `Nullable(IPv4)`: a number whose highest byte comes first in the text. */
export class Ipv4Column extends Addresses {
  readonly type = 'Nullable(IPv4)';

  constructor() {
    super(1);
  }

  protected setWords(target: Uint32Array, row: number, words: Uint32Array): boolean {
    const mapped = words[0] === 0 && words[1] === 0 && words[2] === 0xffff_0000;
    if (mapped) target[row] = swap(words[3] ?? 0);
    return mapped;
  }
}
