import { isAbsolute } from 'node:path';
import type { FileSystem } from '../file-system.ts';
import { readingLimits } from '../limits.ts';

/** Folders `**` looks into below the one it stands in. */
const depthMax = 8;

/** What the patterns of a profile found. */
export interface FoundPaths {
  /** Paths of files, by folder; names as in the folder. */
  readonly folders: ReadonlyMap<string, readonly string[]>;
  /** Patterns that found nothing. */
  readonly unmatched: readonly string[];
  /** True when there was more than a limit allows. */
  readonly more: boolean;
}

/**
 * Whether a name fits one segment of a pattern: `*` is any text, `?` one character, `[a-z]` and `[!a-z]` one of a set. In
 * linear time for each `*`, whatever the name holds.
 */
export function matchesName(pattern: string, name: string): boolean {
  let at = 0;
  let on = 0;
  let star = -1;
  let mark = 0;
  while (on < name.length) {
    const step = pattern[at] === '*' ? undefined : stepOf(pattern, at, name[on] ?? '');
    if (pattern[at] === '*') {
      star = at++;
      mark = on;
    } else if (step !== undefined && at < pattern.length) {
      at = step;
      on++;
    } else if (star >= 0) {
      at = star + 1;
      on = ++mark;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

/** Offset behind the part of a pattern that stands for one character; undefined when the character does not fit. */
function stepOf(pattern: string, at: number, character: string): number | undefined {
  const part = pattern[at];
  if (part === '?') return at + 1;
  const end = part === '[' ? pattern.indexOf(']', at + 2) : -1;
  if (end < 0) return part === character ? at + 1 : undefined;
  const negated = pattern[at + 1] === '!' || pattern[at + 1] === '^';
  const inside = isInSet(pattern.slice(at + (negated ? 2 : 1), end), character);
  return inside === negated ? undefined : end + 1;
}

function isInSet(set: string, character: string): boolean {
  for (let at = 0; at < set.length; at++) {
    const from = set[at] ?? '';
    const to = set[at + 1] === '-' ? set[at + 2] : undefined;
    if (to === undefined) {
      if (from === character) return true;
      continue;
    }
    if (from <= character && character <= to) return true;
    at += 2;
  }
  return false;
}

/**
 * Finds the folders of absolute patterns, and in each the names that `fits` takes for its last segment. Wildcards do not
 * find what begins with a point.
 */
export async function findPaths(
  fileSystem: FileSystem,
  patterns: readonly string[],
  fits: (name: string, segment: string) => boolean,
): Promise<FoundPaths> {
  const walk = new Walk(fileSystem);
  const found = new Map<string, Set<string>>();
  const unmatched: string[] = [];
  for (const pattern of patterns.filter((one) => isAbsolute(one))) {
    const segments = pattern.split('/').filter((segment) => segment !== '');
    const last = segments.pop() ?? '';
    let matches = false;
    for (const folder of await walk.folders(segments)) {
      const names = found.get(folder) ?? new Set();
      found.set(folder, names);
      for (const name of await walk.names(folder)) {
        if (!fits(name, last)) continue;
        names.add(name);
        matches = true;
      }
    }
    if (!matches) unmatched.push(pattern);
  }
  let left: number = readingLimits.filesMax;
  const folders = new Map<string, readonly string[]>();
  for (const [folder, names] of found) {
    folders.set(folder, [...names].slice(0, Math.max(0, left)));
    left -= names.size;
  }
  return { folders, unmatched, more: left < 0 || walk.more };
}

/** Goes down folders by the segments of patterns; looks into each once. */
class Walk {
  more = false;
  readonly #fileSystem: FileSystem;
  readonly #lists = new Map<string, Promise<readonly string[] | undefined>>();

  constructor(fileSystem: FileSystem) {
    this.#fileSystem = fileSystem;
  }

  /** Names in a folder that wildcards may find. */
  async names(folder: string): Promise<readonly string[]> {
    return ((await this.#list(folder)) ?? []).filter((name) => !name.startsWith('.'));
  }

  #list(folder: string): Promise<readonly string[] | undefined> {
    const known = this.#lists.get(folder);
    if (known !== undefined) return known;
    const list = this.#fileSystem.list(folder).catch(() => undefined);
    this.#lists.set(folder, list);
    return list;
  }

  async folders(segments: readonly string[]): Promise<readonly string[]> {
    let folders: readonly string[] = ['/'];
    for (const segment of segments) {
      const next: string[] = [];
      for (const folder of folders) next.push(...(await this.#step(folder, segment)));
      if (next.length > readingLimits.foldersMax) this.more = true;
      folders = next.slice(0, readingLimits.foldersMax);
    }
    return folders;
  }

  async #step(folder: string, segment: string): Promise<readonly string[]> {
    if (segment === '**') return [folder, ...(await this.#below(folder, depthMax))];
    if (!/[*?[]/.test(segment)) {
      const path = join(folder, segment);
      return (await this.#isFolder(path)) ? [path] : [];
    }
    return this.#matching(folder, (name) => matchesName(segment, name));
  }

  async #below(folder: string, depth: number): Promise<string[]> {
    const found: string[] = [];
    for (const path of await this.#matching(folder, () => true)) {
      found.push(path);
      if (depth > 1 && found.length < readingLimits.foldersMax) found.push(...(await this.#below(path, depth - 1)));
    }
    return found;
  }

  async #matching(folder: string, matches: (name: string) => boolean): Promise<string[]> {
    const found: string[] = [];
    for (const name of await this.names(folder)) {
      if (!matches(name)) continue;
      const path = join(folder, name);
      if (await this.#isFolder(path)) found.push(path);
    }
    return found;
  }

  async #isFolder(path: string): Promise<boolean> {
    try {
      return (await this.#fileSystem.facts(path))?.kind === 'folder';
    } catch {
      // A folder that may not be looked at is told by the file that is missed, not by each pattern that passes it.
      return false;
    }
  }
}

function join(folder: string, name: string): string {
  return folder === '/' ? `/${name}` : `${folder}/${name}`;
}
