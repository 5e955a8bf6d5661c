import { createMemo, type DnPattern, type DnPlace, dnLengthMax, dnPattern, fitsDnPattern, rdnsOf } from '#event';

/** DNs remembered with the patterns that fit them. */
const dnsMax = 65_536;
/** Longer DNs are not remembered, but for the last one. UTF-16 units. */
const keyLengthMax = 1024;

/**
 * All DN patterns of a table. A DN is compared with every one of them once, and the answers are remembered, so that a
 * rule costs one look-up however many patterns there are.
 */
export class DnPatterns {
  readonly #patterns: DnPattern[] = [];
  readonly #remember: (folded: string) => Uint8Array;
  #last = '';
  #lastFits: Uint8Array = new Uint8Array();

  constructor() {
    this.#remember = createMemo((folded) => this.#compare(folded), { entriesMax: dnsMax, keyLengthMax });
  }

  /** Adds a pattern; gives its number. All patterns are added before the first DN is looked at. */
  add(pattern: string, place: DnPlace): number {
    this.#patterns.push(dnPattern(pattern, place));
    return this.#patterns.length - 1;
  }

  /** For each pattern by number, 1 where it fits the folded DN. */
  fits(folded: string): Uint8Array {
    if (folded === this.#last && this.#lastFits.length > 0) return this.#lastFits;
    this.#last = folded;
    this.#lastFits = this.#remember(folded);
    return this.#lastFits;
  }

  #compare(folded: string): Uint8Array {
    // A longer text is no DN, and may hold any number of commas.
    if (folded.length > dnLengthMax) return new Uint8Array(this.#patterns.length);
    const rdns = rdnsOf(folded);
    return Uint8Array.from(this.#patterns, (pattern) => (fitsDnPattern(pattern, rdns) ? 1 : 0));
  }
}
