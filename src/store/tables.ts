import { type Column, columns } from './columns.ts';
import { quoteText } from './engine.ts';
import { rawWordsIndex } from './raw-words.ts';
import type { Retention } from './store.ts';

/** A column of one of the small tables. */
interface PlainColumn {
  readonly name: string;
  readonly type: string;
}

/** How a table is kept, whatever the number of servers. */
interface Table {
  readonly name: TableName;
  /** Lines between the parentheses: columns and indexes. */
  readonly lines: readonly string[];
  /** `ReplacingMergeTree(version)`: rows of one key replace one another; undefined: rows are kept as they come. */
  readonly version?: string;
  readonly partition?: string;
  readonly order: string;
  readonly primary?: string;
  readonly settings: readonly string[];
  /** On a cluster: rows of one key go to the same shard. */
  readonly shard: string;
}

export const tableNames = ['events', 'dead_letters', 'streams', 'coverage', 'meta'] as const;
export type TableName = (typeof tableNames)[number];

/** What makes an insert durable before it is acknowledged. */
const durable = ['fsync_after_insert = 1', 'fsync_part_directory = 1'];

/** Blocks remembered by their token; a block said again is not stored again. */
const deduplicationWindow = 10_000;

export const deadLetterColumns: readonly PlainColumn[] = [
  { name: 'stream', type: 'LowCardinality(String)' },
  { name: 'generation', type: 'Int64' },
  { name: 'position', type: 'UInt64' },
  { name: 'log', type: 'LowCardinality(String)' },
  { name: 'source', type: 'LowCardinality(String)' },
  { name: 'code', type: 'LowCardinality(String)' },
  { name: 'reason', type: 'String' },
  { name: 'raw', type: 'String' },
  { name: 'time', type: 'Int64' },
  { name: 'removed', type: 'Int64' },
];

export const streamColumns: readonly PlainColumn[] = [
  { name: 'stream', type: 'String' },
  { name: 'generation', type: 'Int64' },
  { name: 'source', type: 'LowCardinality(String)' },
  { name: 'log', type: 'LowCardinality(String)' },
  { name: 'file', type: 'String' },
  { name: 'position', type: 'UInt64' },
  { name: 'lines', type: 'UInt64' },
  { name: 'events', type: 'UInt64' },
  { name: 'deadLetters', type: 'UInt64' },
  { name: 'continuations', type: 'UInt64' },
  { name: 'state', type: 'String' },
  { name: 'updated', type: 'Int64' },
];

export const coverageColumns: readonly PlainColumn[] = [
  { name: 'stream', type: 'String' },
  { name: 'generation', type: 'Int64' },
  { name: 'firstByte', type: 'UInt64' },
  { name: 'endByte', type: 'UInt64' },
  { name: 'source', type: 'LowCardinality(String)' },
  { name: 'log', type: 'LowCardinality(String)' },
  { name: 'place', type: 'LowCardinality(String)' },
  { name: 'agent', type: 'LowCardinality(String)' },
  { name: 'lines', type: 'UInt64' },
  { name: 'records', type: 'UInt64' },
  { name: 'deadLetters', type: 'UInt64' },
  { name: 'oldest', type: 'Int64' },
  { name: 'newest', type: 'Int64' },
  { name: 'kinds', type: 'String' },
  { name: 'received', type: 'Int64' },
];

export const metaColumns: readonly PlainColumn[] = [
  { name: 'name', type: 'String' },
  { name: 'value', type: 'String' },
  { name: 'updated', type: 'Int64' },
];

/** One column of the table of events, as it stands in its definition: two lines where it is kept in another form. */
export function columnLines({ label, type, codec, expression, kept }: Column): readonly string[] {
  const compressed = codec === '' ? '' : ` CODEC(${codec})`;
  if (expression === undefined) return [`${label} ${type}${compressed}`];
  const computed = `${label} ${type} ALIAS ${expression}`;
  return kept === undefined ? [computed] : [`${kept.name} ${kept.type}${compressed}`, computed];
}

function plainLines(plain: readonly PlainColumn[]): readonly string[] {
  return plain.map(({ name, type }) => `${name} ${type}${type === 'String' ? ' CODEC(ZSTD(3))' : ''}`);
}

/**
 * Rows lie minute by minute, and within a minute like beside like: it takes a tenth less than plain order of time, and
 * queries still read only the minutes they ask for. The pages of a search are cut out of ever wider windows, so that
 * they need no order within the minute.
 */
const eventOrder = 'toStartOfMinute(eventTime), eventSubType, requestType';

const tables: readonly Table[] = [
  {
    name: 'events',
    lines: [
      ...columns.flatMap(columnLines),
      rawWordsIndex,
      // For finding a record again by its identity, and a session by its key.
      'INDEX streams stream TYPE set(100) GRANULARITY 1',
      'INDEX positions position TYPE minmax GRANULARITY 1',
      'INDEX sessions sessionKey TYPE bloom_filter(0.05) GRANULARITY 1',
    ],
    partition: 'toDate(eventTime)',
    order: `(${eventOrder}, sessionKey, eventTime, stream, generation, position)`,
    primary: `(${eventOrder})`,
    settings: [
      ...durable,
      `non_replicated_deduplication_window = ${deduplicationWindow}`,
      "nullable_serialization_version = 'allow_sparse'",
      // A part of a block keeps its hundred columns in one file: hundreds of files would cost memory, and each a flush.
      'min_bytes_for_wide_part = 67108864',
      'min_columns_to_activate_adaptive_write_buffer = 1',
      // Merging many parts at a time writes each event fewer times.
      'min_parts_to_merge_at_once = 10',
      // A day that is over, or pauses, is merged into one part: a fifth smaller, and quicker to ask.
      'min_age_to_force_merge_seconds = 60',
      'min_age_to_force_merge_on_partition_only = 1',
      "auto_statistics_types = ''",
      // A new retention looks at each part, but rewrites only what it removes from.
      'materialize_ttl_recalculate_only = 1',
      'merge_with_ttl_timeout = 3600',
    ],
    shard: 'cityHash64(stream, generation)',
  },
  {
    name: 'dead_letters',
    lines: plainLines(deadLetterColumns),
    // A removed letter stays removed when its log is read again.
    version: 'removed',
    order: '(stream, generation, position)',
    settings: durable,
    shard: 'cityHash64(stream, generation)',
  },
  {
    name: 'streams',
    lines: plainLines(streamColumns),
    version: 'updated',
    order: '(stream, generation)',
    settings: durable,
    shard: 'cityHash64(stream, generation)',
  },
  {
    name: 'coverage',
    lines: plainLines(coverageColumns),
    // The same stretch again replaces itself.
    version: 'received',
    order: '(stream, generation, firstByte, endByte)',
    settings: durable,
    shard: 'cityHash64(stream, generation)',
  },
  { name: 'meta', lines: plainLines(metaColumns), version: 'updated', order: 'name', settings: durable, shard: '1' },
];

function settingsOf(table: Table): string {
  return table.settings.length === 0 ? '' : ` SETTINGS ${table.settings.join(', ')}`;
}

function definition(table: Table, engine: string): string {
  const partition = table.partition === undefined ? '' : ` PARTITION BY ${table.partition}`;
  const primary = table.primary === undefined ? '' : ` PRIMARY KEY ${table.primary}`;
  return `(\n  ${table.lines.join(',\n  ')}\n) ENGINE = ${engine}${partition}${primary} ORDER BY ${table.order}${settingsOf(table)}`;
}

/** `Default` compression on a server: what the embedded engine is told in its configuration cannot be told there. */
export const serverCompression = "default_compression_codec = 'ZSTD(3)'";

/** Statements that make the tables on one server, or in this process; with settings for the table of events. */
export function tableStatements(database: string, eventSettings: readonly string[] = []): readonly string[] {
  return [
    `CREATE DATABASE IF NOT EXISTS ${database}`,
    ...tables.map((table) => {
      const engine = table.version === undefined ? 'MergeTree' : `ReplacingMergeTree(${table.version})`;
      const settings = table.name === 'events' ? [...table.settings, ...eventSettings] : table.settings;
      return `CREATE TABLE IF NOT EXISTS ${database}.${table.name} ${definition({ ...table, settings }, engine)}`;
    }),
  ];
}

/** Suffix of the tables that hold a server's own part of the rows. */
const localSuffix = '_local';

/**
 * Statements that make the tables on a cluster: on each server a replicated part, whose place in Keeper is given by the
 * server's macros `{shard}` and `{replica}`, and over all parts one distributed table of the usual name.
 */
export function clusterStatements(database: string, cluster: string): readonly string[] {
  const on = `ON CLUSTER ${cluster}`;
  return [
    `CREATE DATABASE IF NOT EXISTS ${database} ${on}`,
    ...tables.flatMap((table) => {
      const path = quoteText(`/clickhouse/tables/{shard}/${database}/${table.name}`);
      const version = table.version === undefined ? '' : `, ${table.version}`;
      const kind = table.version === undefined ? 'ReplicatedMergeTree' : 'ReplicatedReplacingMergeTree';
      const local = `${table.name}${localSuffix}`;
      const own = table.settings.filter((setting) => !setting.startsWith('non_replicated'));
      const settings = table.name === 'events' ? [...own, serverCompression] : own;
      const replicated = definition({ ...table, settings }, `${kind}(${path}, '{replica}'${version})`);
      return [
        `CREATE TABLE IF NOT EXISTS ${database}.${local} ${on} ${replicated}`,
        `CREATE TABLE IF NOT EXISTS ${database}.${table.name} ${on} AS ${database}.${local} ` +
          `ENGINE = Distributed(${cluster}, ${database}, ${local}, ${table.shard})`,
      ];
    }),
  ];
}

/** Name of the table that holds rows of its own: the distributed one has none. */
export function ownTable(name: TableName, cluster: string | undefined): string {
  return cluster === undefined ? name : `${name}${localSuffix}`;
}

/** The rule by which the engine removes old events; '' when all are kept for ever. Days are checked numbers. */
export function retentionRule(retention: Retention): string {
  const age = (days: number): string => `toDateTime(eventTime) + toIntervalDay(${days})`;
  const named = Object.entries(retention.sources).sort(([a], [b]) => (a < b ? -1 : 1));
  const rules = named.flatMap(([source, days]) =>
    days === null ? [] : [`${age(days)} DELETE WHERE source = ${quoteText(source)}`],
  );
  if (retention.days !== null) {
    const others = named.map(([source]) => quoteText(source)).join(', ');
    rules.push(`${age(retention.days)} DELETE${others === '' ? '' : ` WHERE source NOT IN (${others})`}`);
  }
  return rules.join(', ');
}
