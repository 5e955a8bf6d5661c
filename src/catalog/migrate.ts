import { type Kysely, Migrator, sql } from 'kysely';
import { AppError } from '#error';
import { catalogError } from './catalog-error.ts';
import { migrations } from './migrations.ts';
import type { CatalogTables } from './tables.ts';

const migrationTable = 'catalog_migrations';
const lockTable = 'catalog_migration_lock';

/** Brings the catalog to the version of this program, one process at a time. Throws `catalog-newer` for one of a later version. */
export async function migrate(database: Kysely<CatalogTables>): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: () => Promise.resolve({ ...migrations }) },
    migrationTableName: migrationTable,
    migrationLockTableName: lockTable,
  });
  await refuseNewer(database);
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  // Another server may have been quicker, with a newer program.
  await refuseNewer(database);
  throw catalogError(error);
}

async function refuseNewer(database: Kysely<CatalogTables>): Promise<void> {
  const unknown = (await namesRun(database)).find((name) => !Object.hasOwn(migrations, name));
  if (unknown === undefined) return;
  const newest = Object.keys(migrations).at(-1) ?? '';
  throw new AppError('catalog-newer', 'The catalog was written by a newer version of the program.', {
    place: { found: unknown.slice(0, 100), expected: `at most ${newest}` },
  });
}

/** Names of the migrations that were run; none where there is no table of them yet. */
async function namesRun(database: Kysely<CatalogTables>): Promise<readonly string[]> {
  const tables = await database.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === migrationTable)) return [];
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(migrationTable)}`.execute(database);
  return rows.map(({ name }) => name);
}
