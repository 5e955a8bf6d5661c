import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Dialect, PostgresDialect, SqliteDialect } from 'kysely';
import { catalogError } from './catalog-error.ts';

/** Where the catalog is: a file of this process, or a PostgreSQL that several servers share. */
export type CatalogOptions =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'postgres'; readonly url: string };

/** Milliseconds another process may hold the file. */
const busyMs = 5_000;
/** Connections to PostgreSQL. */
const connectionsMax = 8;
/** Milliseconds to wait for a connection, and for an answer. */
const connectMs = 10_000;
const statementMs = 30_000;
/** Type number of a 64-bit integer in PostgreSQL: times and counts, all below 2^53. */
const int8 = 20;

/** Makes the dialect for a place. */
export async function dialectOf(options: CatalogOptions): Promise<Dialect> {
  return options.kind === 'sqlite' ? sqlite(options.file) : postgres(options.url);
}

async function sqlite(file: string): Promise<Dialect> {
  const { default: Database } = await import('libsql');
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // Made before the engine does: keys of the server lie in it, which only its owner may read.
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
    const database = new Database(file, { timeout: busyMs });
    database.exec('PRAGMA journal_mode = WAL');
    // A revocation that was answered must outlast a power cut.
    database.exec('PRAGMA synchronous = FULL');
    database.exec('PRAGMA foreign_keys = ON');
    return new SqliteDialect({ database });
  } catch (thrown) {
    throw catalogError(thrown);
  }
}

async function postgres(url: string): Promise<Dialect> {
  const { default: pg } = await import('pg');
  const types = new pg.TypeOverrides();
  types.setTypeParser(int8, Number);
  const pool = new pg.Pool({
    connectionString: url,
    max: connectionsMax,
    connectionTimeoutMillis: connectMs,
    statement_timeout: statementMs,
    query_timeout: statementMs,
    application_name: 'meridian',
    types,
  });
  // A connection that breaks while idle is replaced; without a listener it would end the process.
  pool.on('error', () => undefined);
  return new PostgresDialect({ pool });
}
