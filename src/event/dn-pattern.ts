/** `entry`: the DN itself is such a one; `under`: it is, or lies below one. */
export type DnPlace = 'entry' | 'under';

/**
 * A pattern of DNs: a folded DN whose RDNs may have the value `*`, and that may end in `*`: any suffix.
 * `uid=*,ou=people,*` is every entry that is named by uid and lies right below an `ou=people`.
 */
export interface DnPattern {
  readonly place: DnPlace;
  /** From the entry upwards. */
  readonly rdns: readonly string[];
  /** Whether any suffix may follow. */
  readonly open: boolean;
}

/** Reads a pattern. */
export function dnPattern(text: string, place: DnPlace): DnPattern {
  const rdns = text.split(',');
  const open = rdns.at(-1) === '*';
  if (open) rdns.pop();
  return { place, rdns, open };
}

/** Takes a folded DN apart; folding writes a comma within a value as `\2c`. */
export function rdnsOf(folded: string): readonly string[] {
  return folded.split(',');
}

/** Whether a DN, taken apart, fits a pattern. */
export function fitsDnPattern(pattern: DnPattern, rdns: readonly string[]): boolean {
  const spare = rdns.length - pattern.rdns.length;
  if (spare < 0) return false;
  if (pattern.place === 'entry') return (pattern.open || spare === 0) && fitsAt(pattern, rdns, 0);
  if (!pattern.open) return fitsAt(pattern, rdns, spare);
  for (let at = 0; at <= spare; at++) if (fitsAt(pattern, rdns, at)) return true;
  return false;
}

function fitsAt(pattern: DnPattern, rdns: readonly string[], at: number): boolean {
  for (const [index, wanted] of pattern.rdns.entries()) {
    const rdn = rdns[at + index] ?? '';
    if (wanted.endsWith('=*') ? !rdn.startsWith(wanted.slice(0, -1)) : rdn !== wanted) return false;
  }
  return true;
}
