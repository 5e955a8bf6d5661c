/** Sources of the values in one event, as `enrichedBy` shows them. Equal sets are one object. */
export interface SourceSet {
  /** Number of the set; -1 for one that is not remembered. */
  readonly id: number;
  readonly names: readonly string[];
}

/** Sets that are remembered. With few files there are few; a client cannot make more. */
const setsMax = 8192;

/** The set without sources. */
export const noSources: SourceSet = { id: 0, names: [] };

/** Makes and joins sets of sources, so that events share their lists instead of each having its own. */
export class SourceSets {
  readonly #byNames = new Map<string, SourceSet>([['', noSources]]);
  readonly #single = new Map<string, SourceSet>();
  readonly #joined = new Map<number, SourceSet>();

  /** The set of one source. There are as many as files, and two more. */
  only(name: string): SourceSet {
    let set = this.#single.get(name);
    if (set === undefined) {
      set = this.of([name]);
      this.#single.set(name, set);
    }
    return set;
  }

  of(names: Iterable<string>): SourceSet {
    const list = [...new Set(names)];
    const key = list.join('\n');
    let set = this.#byNames.get(key);
    if (set === undefined) {
      const id = this.#byNames.size;
      if (id >= setsMax) return { id: -1, names: list };
      set = { id, names: list };
      this.#byNames.set(key, set);
    }
    return set;
  }

  join(one: SourceSet, other: SourceSet): SourceSet {
    if (one === other || other.id === 0) return one;
    if (one.id === 0) return other;
    if (one.id < 0 || other.id < 0) return this.of([...one.names, ...other.names]);
    const key = one.id * setsMax + other.id;
    let set = this.#joined.get(key);
    if (set === undefined) {
      set = this.of([...one.names, ...other.names]);
      if (this.#joined.size < setsMax) this.#joined.set(key, set);
    }
    return set;
  }
}
