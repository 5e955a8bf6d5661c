import { basename, dirname } from 'node:path';
import { AppError } from '#error';
import type { Source } from '#source';
import type { FileFacts, FileSystem } from '../file-system.ts';
import type { ReadingSource } from '../reading/reading.ts';
import type { Reports } from '../reports.ts';
import { findPaths, matchesName } from './path-pattern.ts';

/** A file that may be a log. */
export interface Candidate {
  readonly path: string;
  readonly facts: FileFacts;
  readonly wanted: ReadingSource;
}

/** What the patterns of a profile led to. */
export interface FoundLogs {
  readonly candidates: readonly Candidate[];
  readonly folders: readonly string[];
  /** Patterns that no file fits. */
  readonly unmatched: readonly string[];
  /** Files that cannot be looked at, and the error's code. */
  readonly failures: ReadonlyMap<string, AppError>;
}

/** Finds the files that the patterns of a profile mean, under the folders that may be read. */
export class LogFinder {
  readonly #fileSystem: FileSystem;
  readonly #sources: readonly Source[];
  readonly #allowed: readonly string[];
  readonly #reports: Reports;

  constructor(fileSystem: FileSystem, sources: readonly Source[], allowed: readonly string[], reports: Reports) {
    this.#fileSystem = fileSystem;
    this.#sources = sources;
    this.#allowed = allowed;
    this.#reports = reports;
  }

  async find(wanted: readonly ReadingSource[]): Promise<FoundLogs> {
    const candidates: Candidate[] = [];
    const failures = new Map<string, AppError>();
    const folders = new Set<string>();
    const unmatched = new Set<string>();
    const inodes = new Set<string>();
    const roots = await this.#roots();
    for (const one of wanted) {
      const source = this.#sources.find(({ id }) => id === one.source);
      if (source === undefined) continue;
      const found = await findPaths(this.#fileSystem, one.paths, (name, segment) => isMeant(source, name, segment));
      if (found.more)
        this.#reports.error(new AppError('too-many-logs', 'The patterns find too many files or folders.'));
      for (const pattern of found.unmatched) unmatched.add(pattern);
      for (const [folder, names] of found.folders) {
        folders.add(folder);
        for (const name of names) {
          await this.#look({ path: `${folder}/${name}`, wanted: one, roots }, inodes, candidates, failures);
        }
      }
    }
    return { candidates, folders: [...folders], unmatched: [...unmatched], failures };
  }

  async #look(
    { path, wanted, roots }: { path: string; wanted: ReadingSource; roots: readonly string[] },
    inodes: Set<string>,
    candidates: Candidate[],
    failures: Map<string, AppError>,
  ): Promise<void> {
    try {
      const facts = await this.#fileSystem.facts(path);
      if (facts?.kind !== 'file') return;
      const inode = `${facts.device}:${facts.inode}`;
      // Two names of one file are one file.
      if (inodes.has(inode)) return;
      const real = await this.#fileSystem.realPath(path);
      if (real === undefined) return;
      if (!roots.some((root) => real.startsWith(`${root}/`) || root === '/')) throw notAllowed(path);
      inodes.add(inode);
      candidates.push({ path, facts, wanted });
    } catch (thrown) {
      failures.set(path, this.#reports.error(thrown));
    }
  }

  async #roots(): Promise<readonly string[]> {
    const roots: string[] = [];
    for (const folder of this.#allowed) {
      const real = await this.#fileSystem.realPath(folder).catch(() => undefined);
      if (real !== undefined) roots.push(real);
    }
    return roots;
  }
}

/** A name is meant by a pattern when it fits, or when the log it is a rotated file of does. */
function isMeant(source: Source, name: string, segment: string): boolean {
  const place = source.rotation(name);
  return place !== undefined && (matchesName(segment, name) || matchesName(segment, place.set));
}

function notAllowed(path: string): AppError {
  return new AppError('file-not-allowed', `"${path}" lies outside the folders that may be read.`, {
    place: { file: path },
  });
}

/** Where files of each log stand, by their names alone: what is newest of them. */
export class Newest {
  readonly #orders = new Map<string, string>();

  note(source: Source, path: string): void {
    const place = source.rotation(basename(path));
    if (place === undefined) return;
    const key = `${dirname(path)}\0${place.set}`;
    const known = this.#orders.get(key);
    if (known === undefined || known < place.order) this.#orders.set(key, place.order);
  }

  /** Whether a newer file stands beside this one. */
  isRotated(source: Source, path: string): boolean {
    const place = source.rotation(basename(path));
    if (place === undefined) return false;
    const newest = this.#orders.get(`${dirname(path)}\0${place.set}`);
    return newest !== undefined && place.order < newest;
  }
}
