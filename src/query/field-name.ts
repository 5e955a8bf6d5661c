import { findLabel, type Label, labels } from '#event';

/** Longest name looked at: longer ones are none, and near ones are looked for by their beginning. */
const nameLengthMax = 64;

/** Most names suggested. */
const suggestionsMax = 3;

/**
 * Finds the label a name means. Case does not count (qql §4.14), and a dotted name is the label that its parts make:
 * `source.ip` is `sourceIp`.
 */
export function findField(name: string): Label | undefined {
  if (name.length > nameLengthMax) return undefined;
  return findLabel(name) ?? (name.includes('.') ? findLabel(name.replaceAll('.', '')) : undefined);
}

/** Gives the labels whose names are nearest to a name that is none, nearest first. */
export function nearestFields(name: string): Label[] {
  return nearestNames(name, labels);
}

/** Gives those of some names that are nearest to one that is none of them, nearest first. Case and dots do not count. */
export function nearestNames<Name extends string>(name: string, candidates: readonly Name[]): Name[] {
  const folded = name.replaceAll('.', '').toLowerCase().slice(0, nameLengthMax);
  const distanceMax = Math.max(2, Math.floor(folded.length / 3));
  const near: { one: Name; distance: number }[] = [];
  for (const one of candidates) {
    const candidate = one.toLowerCase();
    // A name that goes on, or ends so, is near however long it is: "ip" for sourceIp.
    const part = folded.length >= 2 && (candidate.startsWith(folded) || candidate.endsWith(folded));
    const distance = part ? 1 + (candidate.length - folded.length) / 100 : editDistance(folded, candidate, distanceMax);
    if (distance <= distanceMax) near.push({ one, distance });
  }
  near.sort((one, other) => one.distance - other.distance);
  return near.slice(0, suggestionsMax).map(({ one }) => one);
}

/** Insertions, deletions, replacements and swaps of neighbours that make one text the other; more than `most` is Infinity. */
function editDistance(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let last: number[] = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1];
      const swapped = row > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current.push(
        Math.min(
          (last[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (last[column - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    before = last;
    last = current;
  }
  const distance = last[other.length] ?? 0;
  return distance <= most ? distance : Number.POSITIVE_INFINITY;
}
