/** One thing that differs between two versions of a profile. */
export interface ProfileChange {
  /** Where, e.g. `profile.sources.0.paths.1`. */
  readonly field: string;
  /** undefined: it was not there. */
  readonly before?: unknown;
  /** undefined: it is not there any more. */
  readonly after?: unknown;
}

/** Differences told of; beyond, {@link ProfileDifference.more} counts. */
const changesMax = 1_000;

/** What differs between two versions. */
export interface ProfileDifference {
  readonly changes: readonly ProfileChange[];
  readonly more: number;
}

/** Compares two values of JSON, field by field. */
export function differenceOf(before: unknown, after: unknown): ProfileDifference {
  const changes: ProfileChange[] = [];
  compare('', before, after, changes);
  return { changes: changes.slice(0, changesMax), more: Math.max(0, changes.length - changesMax) };
}

function compare(field: string, before: unknown, after: unknown, changes: ProfileChange[]): void {
  if (isParts(before) && isParts(after) && Array.isArray(before) === Array.isArray(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    for (const name of names) {
      compare(field === '' ? name : `${field}.${name}`, Reflect.get(before, name), Reflect.get(after, name), changes);
    }
    return;
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  changes.push({
    field,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  });
}

function isParts(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
