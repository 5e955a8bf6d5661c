import { readdir } from 'node:fs/promises';
import { AppError } from '#error';
import type { Source } from './source.ts';

/** The folder of all sources beside `src/`, in a checkout and in the built package. */
const sourcesFolder = new URL('../../sources/', import.meta.url);
/** `ts` in a checkout, `js` in the built package. */
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

let loaded: Promise<readonly Source[]> | undefined;

/**
 * Loads every data source: each folder in `sources/` has a `source.ts` that exports `source`. Sorted by id; loaded once
 * a process. Throws `source-broken` with the folder's name.
 */
export function loadSources(): Promise<readonly Source[]> {
  loaded ??= loadSourcesFrom(sourcesFolder);
  return loaded;
}

/** Gives one source by id, ignoring case. Throws `source-unknown` with the ids there are. */
export async function findSource(id: string): Promise<Source> {
  const sources = await loadSources();
  const source = sources.find((one) => one.id === id.toLowerCase());
  if (source !== undefined) return source;
  throw new AppError('source-unknown', `There is no source "${id}".`, {
    place: { found: id, expected: sources.map((one) => one.id).join(', ') },
    hint: `Use one of: ${sources.map((one) => one.id).join(', ')}.`,
  });
}

/** Loads the sources of a folder. */
export async function loadSourcesFrom(folder: URL): Promise<readonly Source[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name);
  return Promise.all(names.sort().map((name) => loadSource(folder, name)));
}

async function loadSource(folder: URL, name: string): Promise<Source> {
  const file = `${name}/source.${extension}`;
  let module: { source?: Source };
  try {
    module = await import(new URL(file, folder).href);
  } catch (thrown) {
    throw new AppError('source-broken', `The data source in sources/${file} cannot be loaded.`, {
      place: { file: `sources/${file}` },
      cause: thrown,
    });
  }
  const { source } = module;
  if (source === undefined || source.id !== name) {
    throw new AppError('source-broken', `sources/${file} does not export a source with the id "${name}".`, {
      place: { file: `sources/${file}`, expected: name, ...(source === undefined ? {} : { found: String(source.id) }) },
    });
  }
  return source;
}
