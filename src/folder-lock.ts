import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppError } from '#error';

/** Who holds a folder. */
interface Holder {
  readonly pid: number;
  /** When the process began, in the kernel's own count; tells a process from a later one with the same number. */
  readonly started: string;
}

/** Makes the error for a folder that another process has; `pid` is undefined when the lock changes hands all the time. */
export type InUse = (pid: number | undefined) => AppError;

/** Field 22 of /proc/PID/stat; '' where there is no /proc. The command's name may hold blanks and parentheses. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
  const started = startOf(holder.pid);
  return started === '' || holder.started === '' || started === holder.started;
}

/** Reads a lock file; a damaged one belongs to nobody. */
function readHolder(path: string): Holder | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const [, pid, started] = /^(\d{1,10}) (\d*)\n$/.exec(text) ?? [];
  return pid === undefined ? { pid: 0, started: '' } : { pid: Number(pid), started: started ?? '' };
}

/** Moves a dead holder's lock away. A live one that came in between is put back. */
function removeStale(path: string, inUse: InUse): void {
  const aside = `${path}.stale-${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return; // another process was quicker
  }
  const holder = readHolder(aside);
  if (holder !== undefined && holder.pid !== 0 && isAlive(holder)) {
    linkSync(aside, path);
    unlinkSync(aside);
    throw inUse(holder.pid);
  }
  unlinkSync(aside);
}

/** Attempts at taking a lock that others take and leave meanwhile. */
const attemptsMax = 5;

/** A folder taken for this process alone, by a file `lock` in it. */
export class FolderLock {
  readonly #path: string;
  readonly #text: string;
  /** True when the lock of a process that had died was taken over. */
  readonly tookOver: boolean;

  private constructor(path: string, text: string, tookOver: boolean) {
    this.#path = path;
    this.#text = text;
    this.tookOver = tookOver;
  }

  /** Takes the folder; throws what `inUse` makes when a live process has it. */
  static take(folder: string, inUse: InUse): FolderLock {
    const path = join(folder, 'lock');
    const text = `${process.pid} ${startOf(process.pid)}\n`;
    let tookOver = false;
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      // Written whole under another name and linked, so that nobody reads half a lock.
      const draft = `${path}.${process.pid}`;
      writeFileSync(draft, text, { mode: 0o600 });
      try {
        linkSync(draft, path);
        return new FolderLock(path, text, tookOver);
      } catch (thrown) {
        if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown;
      } finally {
        unlinkSync(draft);
      }
      const holder = readHolder(path);
      if (holder === undefined) continue;
      if (holder.pid !== 0 && isAlive(holder)) throw inUse(holder.pid);
      removeStale(path, inUse);
      tookOver = true;
    }
    throw inUse(undefined);
  }

  /** Gives the folder free, unless somebody else has taken it. */
  release(): void {
    try {
      if (readFileSync(this.#path, 'utf8') === this.#text) unlinkSync(this.#path);
    } catch {
      // gone already
    }
  }
}
