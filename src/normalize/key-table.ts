import { type Field, fieldOf, type RecKey, recKeyNames, recKeys } from '#event';
import type { Source } from '#source';
import { rowsOf } from './compile-mapping.ts';
import type { ValueKind } from './read-value.ts';

/** A key under another name, and which keys of the record it may fill; the first that is free. */
interface OtherName {
  /** 0: the key itself in another case; then other writers' names in their order; labels last. */
  readonly rank: number;
  readonly targets: readonly RecKey[];
}

/** How the keys of records of one source are read. */
export interface KeyTable {
  readonly exact: ReadonlyMap<string, RecKey>;
  /** By name in lower case. */
  readonly others: ReadonlyMap<string, OtherName>;
  readonly kinds: Readonly<Record<RecKey, ValueKind>>;
}

/** Makes the table of a source; without one, only the keys of the record itself are known. */
export function keyTableOf(source: Source | undefined): KeyTable {
  const others = new Map<string, OtherName>();
  const aliases = Object.entries(source?.mapping.aliases ?? {});
  for (const row of source === undefined ? [] : rowsOf(source.mapping)) {
    const name = row.to.toLowerCase();
    if (!others.has(name)) others.set(name, { rank: aliases.length + 1, targets: [row.from] });
  }
  for (const [index, [name, target]] of aliases.entries()) {
    others.set(name.toLowerCase(), { rank: index + 1, targets: typeof target === 'string' ? [target] : target });
  }
  for (const key of recKeyNames) others.set(key.toLowerCase(), { rank: 0, targets: [key] });
  return { exact: new Map(recKeyNames.map((key) => [key, key])), others, kinds: kindsOf(source) };
}

/** A key that becomes a whole number as it is must be one. */
function kindsOf(source: Source | undefined): Record<RecKey, ValueKind> {
  const kinds: Record<RecKey, ValueKind> = { ...recKeys, generation: 'count', position: 'count', nanos: 'count' };
  for (const row of source === undefined ? [] : rowsOf(source.mapping)) {
    const field: Field = fieldOf(row.to);
    if (recKeys[row.from] !== 'number' || row.as !== undefined) continue;
    if (field.type === 'integer') kinds[row.from] = 'integer';
    if (field.type === 'unsigned' || field.type === 'instant') kinds[row.from] = 'count';
  }
  return kinds;
}
