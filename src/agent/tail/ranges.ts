/** A range of bytes: `from` ≤ byte < `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Ranges of a file whose records are in the spool or at the server already; sorted, apart from each other. */
export class Ranges {
  #ranges: Range[] = [];

  constructor(ranges: readonly Range[] = []) {
    for (const range of ranges) this.add(range);
  }

  get all(): readonly Range[] {
    return this.#ranges;
  }

  add({ from, to }: Range): void {
    if (to <= from) return;
    const apart = this.#ranges.filter((range) => range.to < from || range.from > to);
    const touching = this.#ranges.filter((range) => range.to >= from && range.from <= to);
    const joined = {
      from: Math.min(from, ...touching.map((range) => range.from)),
      to: Math.max(to, ...touching.map((range) => range.to)),
    };
    this.#ranges = [...apart, joined].sort((one, other) => one.from - other.from);
  }

  has(position: number): boolean {
    return this.#ranges.some((range) => range.from <= position && position < range.to);
  }

  /** The next position behind this one at which being covered begins or ends; infinite when it stays as it is. */
  boundary(position: number): number {
    for (const { from, to } of this.#ranges) {
      if (from > position) return from;
      if (to > position) return to;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** Forgets what lies before a position. */
  forget(position: number): void {
    if ((this.#ranges[0]?.from ?? position) >= position) return;
    this.#ranges = this.#ranges
      .filter((range) => range.to > position)
      .map((range) => ({ from: Math.max(range.from, position), to: range.to }));
  }
}
