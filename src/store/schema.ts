import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '#error';
import { finishRestore } from './backup.ts';
import { columns } from './columns.ts';
import type { Engine } from './engine.ts';
import { storeError } from './engine-error.ts';
import { insertRows } from './plain-rows.ts';
import { numberOf, type Reading, textOf } from './reading.ts';
import { clusterStatements, columnLines, metaColumns, ownTable, serverCompression, tableStatements } from './tables.ts';

/** Version of the tables. A migration leads from each to the next. */
export const schemaVersion = 1;

/** What leads from the version before to this one: statements, given the database. */
interface Migration {
  readonly to: number;
  readonly statements: (database: string) => readonly string[];
}

/** In rising order. Labels that are new in the dictionary need none: their columns are added by {@link addColumns}. */
const migrations: readonly Migration[] = [];

/** Runs a statement that answers nothing. */
export async function run(engine: Engine, sql: string, doing: string): Promise<void> {
  try {
    await engine.control.command({ query: sql });
  } catch (thrown) {
    throw storeError(thrown, doing);
  }
}

/** Reads a remark of the store about itself. */
export async function readMeta(engine: Engine, reading: Reading, name: string): Promise<string | undefined> {
  const rows = await reading.rows({
    sql: `SELECT value FROM ${engine.database}.meta FINAL WHERE name = {name:String}`,
    params: { name },
    doing: 'read what the store knows of itself',
  });
  return rows[0] === undefined ? undefined : textOf(rows[0]['value']);
}

/** Writes a remark of the store about itself. */
export async function writeMeta(engine: Engine, name: string, value: string): Promise<void> {
  const updated = Date.now();
  await insertRows(
    engine,
    'meta',
    metaColumns,
    [{ name, value, updated }],
    `meta:${name}:${updated}:${process.hrtime.bigint()}`,
  );
}

/** Refuses tables of a version this program does not know. */
export function checkVersion(text: string, place: string): number {
  const version = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (version === 0)
    throw new AppError('store-damaged', `The store at ${place} tells no version.`, {
      place: { file: place, found: text },
    });
  if (version > schemaVersion) {
    throw new AppError(
      'store-newer',
      `The store at ${place} has version ${version}; this program knows versions up to ${schemaVersion}.`,
      {
        place: { file: place, found: text, expected: String(schemaVersion) },
      },
    );
  }
  return version;
}

async function migrate(engine: Engine, reading: Reading): Promise<void> {
  const known = await readMeta(engine, reading, 'schema-version');
  const version = known === undefined ? schemaVersion : checkVersion(known, engine.place);
  for (const { to, statements } of migrations) {
    if (to <= version) continue;
    for (const sql of statements(engine.database)) await run(engine, sql, `bring the store to version ${to}`);
  }
  if (known !== String(schemaVersion)) await writeMeta(engine, 'schema-version', String(schemaVersion));
}

/** Adds the columns of labels that the dictionary got since the table was made; gives their names. */
async function addColumns(engine: Engine, reading: Reading): Promise<readonly string[]> {
  const rows = await reading.rows({
    sql: `SELECT name FROM system.columns WHERE database = {database:String} AND table = 'events'`,
    params: { database: engine.database },
    doing: 'look at the columns of the store',
  });
  const there = new Set(rows.map(({ name }) => textOf(name)));
  const missing = columns.filter(({ label }) => !there.has(label));
  const tables = engine.cluster === undefined ? ['events'] : [ownTable('events', engine.cluster), 'events'];
  const on = engine.cluster === undefined ? '' : ` ON CLUSTER ${engine.cluster}`;
  for (const table of tables) {
    for (const column of missing) {
      const added = columnLines(column).map((line) => `ADD COLUMN IF NOT EXISTS ${line}`);
      await run(
        engine,
        `ALTER TABLE ${engine.database}.${table}${on} ${added.join(', ')}`,
        `add the column ${column.label}`,
      );
    }
  }
  return missing.map(({ label }) => label);
}

function statementsFor({ kind, database, cluster }: Engine): readonly string[] {
  if (cluster !== undefined) return clusterStatements(database, cluster);
  return tableStatements(database, kind === 'remote' ? [serverCompression] : []);
}

/** Makes the tables where there are none, and brings older ones up to date. */
export async function prepareTables(
  engine: Engine,
  reading: Reading,
  notice: (sentence: string) => void,
): Promise<void> {
  if (engine.cluster === undefined) await finishRestore(engine);
  const statements = statementsFor(engine);
  for (const sql of statements) await run(engine, sql, 'make the tables of the store');
  await migrate(engine, reading);
  const added = await addColumns(engine, reading);
  if (added.length > 0) notice(`Added ${added.length} columns to the store: ${added.join(', ')}.`);
}

/** Times parts are merged when merges under way kept some of them back, and the pause between, in milliseconds. */
const compactTriesMax = 10;
const compactPauseMs = 500;

/** Merges the parts of each day into one. */
export async function compactTables(engine: Engine, reading: Reading): Promise<void> {
  const on = engine.cluster === undefined ? '' : ` ON CLUSTER ${engine.cluster}`;
  const table = `${engine.database}.${ownTable('events', engine.cluster)}${on}`;
  for (let tries = 1; ; tries++) {
    await run(engine, `OPTIMIZE TABLE ${table} FINAL`, 'merge the parts of the store');
    // Parts that the engine is merging at the moment are left out without a word.
    if (tries === compactTriesMax || (await unmergedDays(engine, reading)) === 0) return;
    await wait(compactPauseMs);
  }
}

async function unmergedDays(engine: Engine, reading: Reading): Promise<number> {
  const [row] = await reading.rows({
    sql: `SELECT count() AS days FROM (SELECT partition FROM system.parts WHERE active AND database = {database:String}
      AND table = {table:String} GROUP BY partition HAVING count() > 1)`,
    params: { database: engine.database, table: ownTable('events', engine.cluster) },
    doing: 'count the parts of a day',
  });
  return numberOf(row?.['days']);
}
