import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#error';

/** A server that owns a data directory, for other commands over the same directory to go to. */
export interface Serving {
  readonly url: string;
  readonly token: string;
}

const name = 'serving';
const tokenName = 'token';

/** Notes in the data directory where its server answers; gives what takes the note away. */
export function noteServing(directory: string, url: string): () => void {
  const path = join(directory, name);
  writeFileSync(path, `${url}\n`, { mode: 0o600 });
  return () => rmSync(path, { force: true });
}

/** Finds the server that holds a data directory, when opening the store failed because of it; else throws that failure. */
export function servingInstead(failure: unknown, directory: string): Serving {
  const serving = failure instanceof AppError && failure.code === 'store-in-use' ? findServing(directory) : undefined;
  if (serving === undefined) throw failure;
  return serving;
}

/** Finds the server of a data directory; undefined when there is no note, or its token may not be read. */
export function findServing(directory: string): Serving | undefined {
  try {
    const url = readFileSync(join(directory, name), 'utf8').trim();
    const token = readFileSync(join(directory, tokenName), 'utf8').trim();
    return /^http:\/\/\S+$/.test(url) && token !== '' ? { url, token } : undefined;
  } catch {
    return undefined;
  }
}
