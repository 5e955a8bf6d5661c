import type { Source } from '#source';

/** Ids of the sources whose records the product makes itself. */
export function ownSources(sources: readonly Source[]): ReadonlySet<string> {
  return new Set(sources.filter(({ own }) => own === true).map(({ id }) => id));
}

/**
 * Time of the newest event of all other sources, epoch milliseconds; undefined when there is none. What the product records of
 * itself is always new, and would hide that logs no longer come in.
 */
export function newestOfOthers(
  sources: readonly { readonly source: string; readonly newest: number }[],
  own: ReadonlySet<string>,
): number | undefined {
  const times = sources.filter(({ source }) => !own.has(source)).map(({ newest }) => newest);
  return times.length === 0 ? undefined : Math.max(...times);
}
