/** Bounds of a {@link createMemo}. */
export interface MemoLimits {
  /** Answers kept at most. */
  readonly entriesMax: number;
  /** Longer keys are computed each time, so that memory stays bounded. UTF-16 units. */
  readonly keyLengthMax: number;
}

/**
 * Remembers what a pure function of a string gave, within fixed bounds.
 *
 * Answers live in two generations. When the young one is full it becomes the old one and the old one goes, so that
 * what is asked again stays and no bookkeeping is needed per hit.
 */
export function createMemo<Value>(compute: (key: string) => Value, limits: MemoLimits): (key: string) => Value {
  const half = Math.max(1, limits.entriesMax >> 1);
  let young = new Map<string, { readonly value: Value }>();
  let old = new Map<string, { readonly value: Value }>();
  return (key) => {
    let found = young.get(key);
    if (found !== undefined) return found.value;
    if (key.length > limits.keyLengthMax) return compute(key);
    found = old.get(key);
    const own = ownCopy(key);
    found ??= { value: compute(own) };
    if (young.size >= half) {
      old = young;
      young = new Map();
    }
    young.set(own, found);
    return found.value;
  };
}

/**
 * Copies a string. A part of a log line is a view into the whole chunk it was cut from, and keeping the part as a key
 * would keep the chunk.
 */
function ownCopy(text: string): string {
  return String(JSON.parse(JSON.stringify(text)));
}
