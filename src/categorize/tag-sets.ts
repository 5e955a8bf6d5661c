/** Sets of tags as numbers, one bit a tag, so that events with the same tags share one list. */
export class TagSets {
  readonly #tags: readonly string[];
  readonly #lists = new Map<number, readonly string[]>();

  constructor(tags: readonly string[]) {
    this.#tags = tags;
  }

  /** Gives the tags of a set, in the order of the table, behind those the event came with. */
  join(before: readonly string[] | undefined, set: number): readonly string[] | undefined {
    if (set === 0) return before;
    const tags = this.#list(set);
    if (before === undefined || before.length === 0) return tags;
    return [...new Set([...before, ...tags])];
  }

  #list(set: number): readonly string[] {
    let list = this.#lists.get(set);
    if (list === undefined) {
      list = this.#tags.filter((_, index) => (set & (1 << index)) !== 0);
      this.#lists.set(set, list);
    }
    return list;
  }
}
