import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '#error';
import { codeOf } from './discover-files.ts';
import { databaseBytesMax, tableBytesMax } from './limits.ts';
import type { EnrichFile } from './options.ts';

/** A file as it was read. */
export interface FileContent {
  readonly path: string;
  readonly bytes: Buffer;
  /** File name without its last extension. */
  readonly name: string;
  /** Last extension in lower case, without the point. */
  readonly extension: string;
  /** Beginning of the content's SHA-256: the same data has the same version everywhere. */
  readonly version: string;
  /** Epoch milliseconds of its last change. */
  readonly changed: number;
}

/** What tells whether a file has changed. */
export async function fileSignature(path: string): Promise<string> {
  try {
    const found = await stat(path);
    return `${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}`;
  } catch (thrown) {
    return codeOf(thrown);
  }
}

/** Reads a file whole. Throws `file-missing`, `file-forbidden`, `file-unreadable`, `enrichment-file-too-large`. */
export async function readContent(file: EnrichFile): Promise<FileContent> {
  const { path } = file;
  const bytesMax = file.kind === 'geography' ? databaseBytesMax : tableBytesMax;
  try {
    const found = await stat(path);
    if (!found.isFile())
      throw new AppError('file-unreadable', `${path} is no ordinary file.`, { place: { file: path } });
    if (found.size > bytesMax) {
      throw new AppError(
        'enrichment-file-too-large',
        `${path} has ${found.size} bytes, ${bytesMax} are read at most.`,
        {
          place: { file: path },
        },
      );
    }
    const bytes = await readFile(path);
    const full = basename(path);
    const point = full.lastIndexOf('.');
    return {
      path,
      bytes,
      name: point > 0 ? full.slice(0, point) : full,
      extension: point > 0 ? full.slice(point + 1).toLowerCase() : '',
      version: createHash('sha256').update(bytes).digest('hex').slice(0, 8),
      changed: found.mtimeMs,
    };
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw unreadable(path, codeOf(thrown), thrown);
  }
}

function unreadable(path: string, code: string, cause: unknown): AppError {
  if (code === 'ENOENT')
    return new AppError('file-missing', `${path} does not exist.`, { place: { file: path }, cause });
  if (code === 'EACCES' || code === 'EPERM') {
    return new AppError('file-forbidden', `${path} may not be read by this user.`, { place: { file: path }, cause });
  }
  return new AppError('file-unreadable', `${path} cannot be read (${code}).`, { place: { file: path }, cause });
}
