import { join } from 'node:path';
import { Session } from 'chdb';

/**
 * Tries compressions on what a store holds, kind of column by kind: `tsx bench/store-codecs.ts DATA-DIRECTORY`. Nothing
 * else may use the directory meanwhile; what is made for the trial is removed again. The choice made from its figures
 * stands in `src/store/columns.ts`.
 */

const candidates: Readonly<Record<string, readonly string[]>> = {
  'DateTime64(9': ['Delta, ZSTD(3)', 'Delta, T64, ZSTD(3)', 'DoubleDelta, ZSTD(3)', 'T64, ZSTD(3)'],
  'Nullable(DateTime64(3': ['Delta, ZSTD(3)', 'DoubleDelta, ZSTD(3)', 'T64, ZSTD(3)'],
  'Nullable(Decimal': ['ZSTD(3)', 'T64, ZSTD(3)', 'Delta, ZSTD(3)'],
  'Nullable(Int64)': ['ZSTD(3)', 'T64, ZSTD(3)', 'Delta, ZSTD(3)'],
  'Nullable(UInt64)': ['ZSTD(3)', 'T64, ZSTD(3)', 'Delta, ZSTD(3)'],
  UInt64: ['Delta, ZSTD(3)', 'Delta, T64, ZSTD(3)', 'DoubleDelta, ZSTD(3)'],
  'LowCardinality(String)': ['LZ4', 'ZSTD(1)', 'ZSTD(3)', 'ZSTD(9)'],
  String: ['LZ4', 'ZSTD(1)', 'ZSTD(3)', 'ZSTD(6)', 'ZSTD(9)'],
  'Array(String)': ['LZ4', 'ZSTD(3)', 'ZSTD(9)'],
};

interface Trial {
  readonly bytesPerEvent: number;
  readonly microsecondsPerEvent: number;
}

const order =
  'toStartOfMinute(eventTime), eventSubType, requestType, sessionKey, eventTime, stream, generation, position';

function columnsOfType(session: Session, type: string): readonly string[] {
  const sql = `SELECT name FROM system.columns WHERE database = 'meridian' AND table = 'events'
    AND default_kind = '' AND startsWith(type, '${type}') AND position(type, '${type}') = 1`;
  return session.query(sql, 'TSV').trim().split('\n').filter(Boolean);
}

/** Copies the columns, in the order they lie in, into a table with that compression. */
function tryCodec(session: Session, columns: readonly string[], codec: string, events: number): Trial {
  session.query('DROP TABLE IF EXISTS meridian.trial SYNC');
  const list = columns.join(', ');
  session.query(`CREATE TABLE meridian.trial ENGINE = MergeTree ORDER BY tuple()
    SETTINGS min_bytes_for_wide_part = 0, nullable_serialization_version = 'allow_sparse' EMPTY AS SELECT ${list} FROM meridian.events`);
  for (const column of columns) session.query(`ALTER TABLE meridian.trial MODIFY COLUMN ${column} CODEC(${codec})`);
  const before = process.cpuUsage();
  session.query(`INSERT INTO meridian.trial SELECT ${list} FROM meridian.events ORDER BY ${order}`);
  session.query('OPTIMIZE TABLE meridian.trial FINAL');
  const { user, system } = process.cpuUsage(before);
  const bytes = session.query(
    "SELECT sum(data_compressed_bytes) FROM system.parts WHERE active AND table = 'trial'",
    'TSV',
  );
  session.query('DROP TABLE meridian.trial SYNC');
  return { bytesPerEvent: Number(bytes) / events, microsecondsPerEvent: (user + system) / events };
}

function run(directory: string): void {
  const session = new Session(join(directory, 'engine'));
  session.query('SET max_threads = 1');
  const events = Number(session.query('SELECT count() FROM meridian.events', 'TSV'));
  process.stdout.write(`${events} events\n`);
  for (const [type, codecs] of Object.entries(candidates)) {
    const columns = columnsOfType(session, type);
    if (columns.length === 0) continue;
    process.stdout.write(`\n${type}… (${columns.length} columns)\n`);
    for (const codec of codecs) {
      const { bytesPerEvent, microsecondsPerEvent } = tryCodec(session, columns, codec, events);
      process.stdout.write(
        `  ${codec.padEnd(22)} ${bytesPerEvent.toFixed(2).padStart(6)} bytes  ${microsecondsPerEvent.toFixed(2)} µs an event\n`,
      );
    }
  }
  session.close();
}

const [, , directory] = process.argv;
if (directory === undefined) {
  process.stderr.write('usage: tsx bench/store-codecs.ts DATA-DIRECTORY\n');
  process.exitCode = 2;
} else {
  run(directory);
}
