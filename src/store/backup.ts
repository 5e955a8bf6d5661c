import { AppError } from '#error';
import type { Engine } from './engine.ts';
import { storeError } from './engine-error.ts';
import type { BackupResult } from './store.ts';

function checkName(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name) && !name.includes('..')) return name;
  throw new AppError('backup-name-invalid', 'The name of a backup cannot be used.', {
    place: { found: name.slice(0, 100) },
  });
}

/** Asks on the connection for changes; gives the answer's text. */
async function ask(engine: Engine, query: string, params: Record<string, string> = {}): Promise<string> {
  const { stream } = await engine.control.exec({ query: `${query} FORMAT TSVRaw`, query_params: params });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8').trim();
}

/** Writes a backup of the database. */
export async function writeBackup(engine: Engine, name: string): Promise<BackupResult> {
  const target = engine.backupTarget(checkName(name));
  try {
    const [id = ''] = (await ask(engine, `BACKUP DATABASE ${engine.database} TO ${target}`)).split('\t');
    const bytes = await ask(engine, 'SELECT total_size FROM system.backups WHERE id = {id:String}', { id });
    return { name, bytes: Number(bytes) };
  } catch (thrown) {
    throw storeError(thrown, 'write a backup');
  }
}

const besideOf = (database: string): string => `${database}_restored`;
const beforeOf = (database: string): string => `${database}_before`;

/**
 * Puts a backup in the place of the database. It is restored beside it first, so that a backup that cannot be read
 * leaves everything as it is; then the two change places by their names. What a crash leaves of that,
 * {@link finishRestore} brings to its end.
 */
export async function restoreBackup(engine: Engine, name: string): Promise<void> {
  const target = engine.backupTarget(checkName(name));
  const { database } = engine;
  const beside = besideOf(database);
  try {
    await engine.control.command({ query: `DROP DATABASE IF EXISTS ${beside} SYNC` });
    await ask(engine, `RESTORE DATABASE ${database} AS ${beside} FROM ${target}`);
    await engine.control.command({ query: `RENAME DATABASE ${database} TO ${beforeOf(database)}` });
    await engine.control.command({ query: `RENAME DATABASE ${beside} TO ${database}` });
    await engine.control.command({ query: `DROP DATABASE ${beforeOf(database)} SYNC` });
  } catch (thrown) {
    throw storeError(thrown, 'restore a backup');
  }
}

/**
 * Brings a restore that was broken off to its end, or back to its beginning: the old database gave its name away only
 * when the new one was whole.
 */
export async function finishRestore(engine: Engine): Promise<void> {
  const { database } = engine;
  try {
    const names = (await ask(engine, 'SELECT name FROM system.databases')).split('\n');
    if (!names.includes(beforeOf(database))) return;
    if (!names.includes(database) && names.includes(besideOf(database)))
      await engine.control.command({ query: `RENAME DATABASE ${besideOf(database)} TO ${database}` });
    await engine.control.command({ query: `DROP DATABASE ${beforeOf(database)} SYNC` });
  } catch (thrown) {
    throw storeError(thrown, 'finish a restore');
  }
}
