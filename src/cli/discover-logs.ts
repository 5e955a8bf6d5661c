import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ByteSource, fileError, openFile } from '#delivery';
import { AppError } from '#error';
import { isBinary, placeInSet, type Recognition, recognizeLog, type Source, sampleBytes } from '#source';

/** Folders below a named folder that are looked into. */
const depthMax = 3;
/** Files of all named folders together. */
const filesMax = 100_000;

/** A file that is a log of some source. */
export interface LogFile {
  readonly path: string;
  readonly recognition: Recognition;
  /** Bytes as it lies there. */
  readonly bytes: number;
}

/** One log: all files of one kind of one server, oldest first; its reader goes on from file to file. */
export interface LogSet {
  readonly source: Source;
  readonly log: string;
  readonly files: readonly LogFile[];
}

/** A file that is not read, and why. */
export interface Ignored {
  readonly path: string;
  readonly why: 'empty' | 'binary' | 'unknown' | 'neighbour' | 'forbidden' | 'unreadable';
}

export interface Discovery {
  readonly sets: readonly LogSet[];
  readonly ignored: readonly Ignored[];
}

/** Files that servers keep beside their logs; they are no logs, and nobody wonders. */
const neighbour = /\.rotationinfo$/;

/**
 * Finds the logs among files and folders, by their content. Throws `file-missing` for a path that is not there, and for
 * a named file that cannot be read; what cannot be read in a folder is reported as ignored.
 */
export async function discoverLogs(paths: readonly string[], sources: readonly Source[]): Promise<Discovery> {
  const ignored: Ignored[] = [];
  const found: { source: Source; file: LogFile }[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    const isFolder = await statOf(path);
    const candidates = isFolder ? await filesBelow(path, depthMax, ignored) : [path];
    for (const candidate of candidates) {
      if (seen.has(candidate)) continue;
      seen.add(candidate);
      if (seen.size > filesMax)
        throw new AppError('too-many-files', `There are more than ${filesMax} files.`, { place: { file: path } });
      const looked = await look(candidate, sources, !isFolder);
      if ('why' in looked) ignored.push(looked);
      else found.push(looked);
    }
  }
  return { sets: group(found), ignored };
}

async function statOf(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (thrown) {
    throw fileError(path, thrown);
  }
}

async function filesBelow(folder: string, depth: number, ignored: Ignored[]): Promise<string[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (thrown) {
    const error = fileError(folder, thrown);
    if (depth === depthMax) throw error;
    ignored.push({ path: folder, why: error.code === 'file-forbidden' ? 'forbidden' : 'unreadable' });
    return [];
  }
  const files: string[] = [];
  for (const entry of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isFile() || entry.isSymbolicLink()) files.push(path);
    else if (entry.isDirectory() && depth > 1) files.push(...(await filesBelow(path, depth - 1, ignored)));
  }
  return files;
}

async function look(
  path: string,
  sources: readonly Source[],
  named: boolean,
): Promise<Ignored | { source: Source; file: LogFile }> {
  if (neighbour.test(path)) return { path, why: 'neighbour' };
  let bytes: ByteSource | undefined;
  try {
    bytes = await openFile(path);
    const sample = await bytes.peek(sampleBytes);
    if (sample.length === 0) return { path, why: 'empty' };
    const best = recognizeLog(sample, sources);
    if (best === undefined) return { path, why: isBinary(sample) ? 'binary' : 'unknown' };
    const { fileBytes = 0 } = bytes;
    return { source: best.source, file: { path, recognition: best.recognition, bytes: fileBytes } };
  } catch (thrown) {
    const error = fileError(path, thrown);
    if (named) throw error;
    return { path, why: error.code === 'file-forbidden' ? 'forbidden' : 'unreadable' };
  } finally {
    await bytes?.close();
  }
}

/** Puts the files of one log together, oldest first. */
function group(found: readonly { readonly source: Source; readonly file: LogFile }[]): LogSet[] {
  const sets = new Map<string, { source: Source; log: string; files: { order: string; file: LogFile }[] }>();
  for (const { source, file } of found) {
    const { log } = file.recognition;
    const { key, order } = placeInSet(source, log, file.path);
    const set = sets.get(key) ?? { source, log, files: [] };
    sets.set(key, set);
    set.files.push({ order, file });
  }
  return [...sets.values()].map(({ source, log, files }) => ({
    source,
    log,
    files: files.toSorted((one, other) => compare(one.order, other.order)).map(({ file }) => file),
  }));
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
