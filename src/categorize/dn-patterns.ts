import { createMemo, dnLengthMax } from '#event';

/** DNs remembered with the patterns that fit them. */
const dnsMax = 65_536;
/** Longer DNs are not remembered, but for the last one. UTF-16 units. */
const keyLengthMax = 1024;

/** `entry`: the DN itself is such a one; `under`: it is, or lies below one. */
export type Place = 'entry' | 'under';

interface Pattern {
  readonly place: Place;
  /** From the entry upwards. */
  readonly rdns: readonly string[];
  /** Whether the pattern ends in `*`: any suffix. */
  readonly open: boolean;
}

/**
 * All DN patterns of a table. A DN is compared with every one of them once, and the answers are remembered, so that a
 * rule costs one look-up however many patterns there are.
 */
export class DnPatterns {
  readonly #patterns: Pattern[] = [];
  #last = '';
  #lastFits: Uint8Array = new Uint8Array();
  #fits = this.#remember();

  /** Adds a pattern; gives its number. */
  add(pattern: string, place: Place): number {
    const rdns = pattern.split(',');
    const open = rdns.at(-1) === '*';
    if (open) rdns.pop();
    this.#patterns.push({ place, rdns, open });
    this.#fits = this.#remember();
    return this.#patterns.length - 1;
  }

  /** For each pattern by number, 1 where it fits the folded DN. */
  fits(folded: string): Uint8Array {
    if (folded === this.#last && this.#lastFits.length > 0) return this.#lastFits;
    this.#last = folded;
    this.#lastFits = this.#fits(folded);
    return this.#lastFits;
  }

  #remember(): (folded: string) => Uint8Array {
    return createMemo(
      (folded) => {
        // A longer text is no DN, and may hold any number of commas.
        if (folded.length > dnLengthMax) return new Uint8Array(this.#patterns.length);
        // A comma within a value is folded to \2c.
        const rdns = folded.split(',');
        return Uint8Array.from(this.#patterns, (pattern) => (fits(pattern, rdns) ? 1 : 0));
      },
      { entriesMax: dnsMax, keyLengthMax },
    );
  }
}

function fits(pattern: Pattern, rdns: readonly string[]): boolean {
  const { length } = pattern.rdns;
  const spare = rdns.length - length;
  if (spare < 0) return false;
  if (pattern.place === 'entry') return (pattern.open || spare === 0) && fitsAt(pattern, rdns, 0);
  if (!pattern.open) return fitsAt(pattern, rdns, spare);
  for (let at = 0; at <= spare; at++) if (fitsAt(pattern, rdns, at)) return true;
  return false;
}

function fitsAt(pattern: Pattern, rdns: readonly string[], at: number): boolean {
  return pattern.rdns.every((wanted, index) => {
    const rdn = rdns[at + index] ?? '';
    return wanted.endsWith('=*') ? rdn.startsWith(wanted.slice(0, -1)) : rdn === wanted;
  });
}
