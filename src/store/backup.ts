import { AppError } from '#error';
import type { Engine } from './engine.ts';
import { storeError } from './engine-error.ts';
import { numberOf, textOf } from './reading.ts';
import { decodeBlocks } from './native/decode-block.ts';
import type { BackupResult } from './store.ts';

function checkName(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name) && !name.includes('..')) return name;
  throw new AppError('backup-name-invalid', 'The name of a backup cannot be used.', { place: { found: name.slice(0, 100) } });
}

/** Runs a statement that answers with the backup's row; gives its id. */
async function runBackup(engine: Engine, sql: string, doing: string): Promise<string> {
  try {
    const { stream } = await engine.control.exec({ query: `${sql} FORMAT Native` });
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk));
    const [block] = decodeBlocks(Buffer.concat(chunks));
    return textOf(block?.columns.find(({ name }) => name === 'id')?.values[0]);
  } catch (thrown) {
    throw storeError(thrown, doing);
  }
}

/** Writes a backup of the database. */
export async function writeBackup(engine: Engine, name: string): Promise<BackupResult> {
  const target = engine.backupTarget(checkName(name));
  const id = await runBackup(engine, `BACKUP DATABASE ${engine.database} TO ${target}`, 'write a backup');
  const { stream } = await engine.control.exec({
    query: 'SELECT total_size FROM system.backups WHERE id = {id:String} FORMAT Native',
    query_params: { id },
  });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk));
  const [block] = decodeBlocks(Buffer.concat(chunks));
  return { name, bytes: numberOf(block?.columns[0]?.values[0]) };
}

/**
 * Puts a backup in the place of the database. It is restored beside it first, so that a backup that cannot be read
 * leaves everything as it is.
 */
export async function restoreBackup(engine: Engine, name: string): Promise<void> {
  const target = engine.backupTarget(checkName(name));
  const { database } = engine;
  const beside = `${database}_restored`;
  const doing = 'restore a backup';
  try {
    await engine.control.command({ query: `DROP DATABASE IF EXISTS ${beside} SYNC` });
    await runBackup(engine, `RESTORE DATABASE ${database} AS ${beside} FROM ${target}`, doing);
    await engine.control.command({ query: `DROP DATABASE ${database} SYNC` });
    await engine.control.command({ query: `RENAME DATABASE ${beside} TO ${database}` });
  } catch (thrown) {
    throw storeError(thrown, doing);
  }
}
