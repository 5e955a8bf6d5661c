import { type Field, fieldOf, type Label, labels } from '#event';
import { splitExpression } from './joined-list.ts';

/** How a label's values are kept. */
export type Storage =
  | 'words' // LowCardinality(String): repeats
  | 'text' // String: rarely repeats
  | 'list' // Array(String): a dictionary in lists costs the engine ten times the time
  | 'unsigned'
  | 'integer'
  | 'decimal'
  | 'boolean'
  | 'instant'
  | 'nanosecond' // eventTime: milliseconds and eventNanos in one
  | 'address'
  | 'ipv4'
  | 'position' // UInt64, always there
  | 'number' // Int64, always there
  | 'computed'; // not kept: made from other columns when asked for

/** A column of the table of events. */
export interface Column {
  readonly label: Label;
  readonly storage: Storage;
  /** The engine's type, as it writes it. */
  readonly type: string;
  /** Compression; empty: the table's. */
  readonly codec: string;
  /** For computed columns: what they are made of. */
  readonly expression?: string;
  /** Where the values lie in another form than the label has; then the label is computed, too. */
  readonly kept?: KeptForm;
}

/**
 * A value as a text that repeats. An address takes sixteen bytes in its own type, a list of attributes many more, and a
 * log has few different ones: as texts with a dictionary they take a quarter of the disk.
 */
export interface KeptForm {
  readonly name: string;
  readonly type: 'LowCardinality(String)';
}

const typeOfStorage: Readonly<Record<Storage, string>> = {
  words: 'LowCardinality(String)',
  text: 'String',
  list: 'Array(String)',
  unsigned: 'Nullable(UInt64)',
  integer: 'Nullable(Int64)',
  decimal: 'Nullable(Decimal(18, 9))',
  boolean: 'Nullable(Bool)',
  instant: "Nullable(DateTime64(3, 'UTC'))",
  nanosecond: "DateTime64(9, 'UTC')",
  address: 'Nullable(IPv6)',
  ipv4: 'Nullable(IPv4)',
  position: 'UInt64',
  number: 'Int64',
  computed: '',
};

/**
 * Compression per kind of column, chosen with `bench/store-codecs.ts`. `Default` is what the store says for small and for
 * large parts (see `partCompression`): a new part is written quickly, a merged one is made small.
 */
const codecOfStorage: Readonly<Record<Storage, string>> = {
  words: 'Default',
  text: 'Default',
  list: 'Default',
  unsigned: 'Delta, ZSTD(3)',
  integer: 'T64, ZSTD(3)',
  decimal: 'T64, ZSTD(3)',
  boolean: 'ZSTD(3)',
  instant: 'DoubleDelta, ZSTD(3)',
  nanosecond: 'T64, ZSTD(3)',
  address: 'Default',
  ipv4: 'Default',
  position: 'Delta, T64, ZSTD(3)',
  number: 'T64, ZSTD(3)',
  computed: '',
};

/** `Default` compression of a part by its size; on a server, whose configuration is its own, the first for all. */
export const partCompression: readonly { readonly bytesMin: number; readonly zstdLevel: number }[] = [
  { bytesMin: 0, zstdLevel: 1 },
  { bytesMin: 4 * 1024 ** 2, zstdLevel: 9 },
];

/** Labels whose values are mostly different from record to record: a dictionary would only cost. */
const rarelyRepeating: ReadonlySet<Label> = new Set<Label>([
  'rawEvent',
  'message',
  'changeNumber',
  'internalId',
  'extra',
]);

/** Lists of which a log has few different ones, and that are more often shown than asked for. */
const joinedLists: ReadonlySet<Label> = new Set<Label>([
  'requestedAttributes',
  'searchFilterAttributes',
  'changedAttributes',
  'objectClasses',
  'controls',
  'enrichedBy',
  'actorGroups',
  'sourceAssetTags',
]);

/** Identity and time: every event has them. */
const alwaysThere: Readonly<Partial<Record<Label, Storage>>> = {
  eventTime: 'nanosecond',
  position: 'position',
  generation: 'number',
};

const computed: Readonly<Partial<Record<Label, { readonly type: string; readonly expression: string }>>> = {
  eventId: { type: 'String', expression: "concat(stream, '-', toString(generation), '-', toString(position))" },
  // Absent for logs that tell no nanoseconds, as the label is.
  eventNanos: { type: 'Nullable(Int64)', expression: 'nullIf(toInt64(toUnixTimestamp64Nano(eventTime) % 1000000), 0)' },
};

function storageOf(label: Label, field: Field): Storage {
  const fixed = alwaysThere[label];
  if (fixed !== undefined) return fixed;
  if (computed[label] !== undefined) return 'computed';
  if (field.many === true) return 'list';
  switch (field.type) {
    case 'unsigned':
    case 'integer':
    case 'decimal':
    case 'boolean':
    case 'instant':
    case 'ipv4':
      return field.type;
    case 'ip':
    case 'ipv6':
      return 'address';
    default:
      return rarelyRepeating.has(label) ? 'text' : 'words';
  }
}

/** How a label is kept in another form, and what makes it of that; undefined when it lies there as it is. */
function keptFormOf(
  label: Label,
  storage: Storage,
): { readonly kept: KeptForm; readonly expression: string } | undefined {
  const name = `${label}Kept`;
  const kept: KeptForm = { name, type: 'LowCardinality(String)' };
  if (storage === 'address') return { kept, expression: `toIPv6OrNull(${name})` };
  if (storage === 'ipv4') return { kept, expression: `toIPv4OrNull(${name})` };
  return joinedLists.has(label) ? { kept, expression: splitExpression(name) } : undefined;
}

function columnOfLabel(label: Label): Column {
  const storage = storageOf(label, fieldOf(label));
  const made = computed[label];
  if (made !== undefined) return { label, storage, type: made.type, codec: '', expression: made.expression };
  return {
    label,
    storage,
    type: typeOfStorage[storage],
    codec: codecOfStorage[storage],
    ...keptFormOf(label, storage),
  };
}

/** All columns of the table of events, in dictionary order: one per label, of the same name. */
export const columns: readonly Column[] = labels.map(columnOfLabel);

const byLabel: ReadonlyMap<Label, Column> = new Map(columns.map((column) => [column.label, column]));

/** Gives the column of a label. */
export function columnOf(label: Label): Column {
  const column = byLabel.get(label);
  if (column === undefined) throw new TypeError(`no column for ${label}`);
  return column;
}

/** Columns that are kept: those an insert may name. */
export const keptColumns: readonly Column[] = columns.filter((column) => column.storage !== 'computed');
