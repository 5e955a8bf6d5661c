import { parseAddress } from '#event';
import type { ColumnBuilder } from './column.ts';
import { WordsColumn } from './words-column.ts';

/** Addresses remembered with their text; beyond, the memory starts afresh. */
const rememberedMax = 65_536;

/** Addresses as words: the canonical text of each. IPv4 written as IPv6 is IPv4, and a scope is left out. */
export class AddressColumn implements ColumnBuilder<string> {
  readonly type = 'LowCardinality(String)';
  unfit = 0;
  readonly #words: WordsColumn = new WordsColumn();
  readonly #isIpv4Only: boolean;
  /** A log has few addresses, and says them again and again. */
  readonly #known: Map<string, string | undefined> = new Map();

  constructor(isIpv4Only: boolean) {
    this.#isIpv4Only = isIpv4Only;
  }

  get used(): boolean {
    return this.#words.used;
  }

  #last = '';
  #lastText: string | undefined;

  put(row: number, value: string): void {
    if (value !== this.#last) {
      this.#lastText = this.#lookUp(value);
      this.#last = value;
    }
    if (this.#lastText === undefined) this.unfit += 1;
    else this.#words.put(row, this.#lastText);
  }

  #lookUp(value: string): string | undefined {
    const known = this.#known.get(value);
    if (known !== undefined || this.#known.has(value)) return known;
    if (this.#known.size >= rememberedMax) this.#known.clear();
    const address = parseAddress(value);
    const fits = address !== undefined && (address.family === 4 || !this.#isIpv4Only);
    const text = fits ? withoutScope(address.text) : undefined;
    this.#known.set(value, text);
    return text;
  }

  finish(rows: number): readonly Uint8Array[] {
    return this.#words.finish(rows);
  }

  reset(rows: number): void {
    this.#words.reset(rows);
  }
}

function withoutScope(text: string): string {
  const scope = text.indexOf('%');
  return scope < 0 ? text : text.slice(0, scope);
}
