import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#error';

/** Who holds a data directory. */
interface Holder {
  readonly pid: number;
  /** When the process began, in the kernel's own count; tells a process from a later one with the same number. */
  readonly started: string;
}

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

function refuse(directory: string, holder: Holder): never {
  throw new AppError('store-in-use', `The data directory ${directory} is used by process ${holder.pid}.`, {
    place: { file: directory },
  });
}

/** Moves a dead holder's lock away. A live one that came in between is put back. */
function removeStale(path: string, directory: string): void {
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
    refuse(directory, holder);
  }
  unlinkSync(aside);
}

/** Attempts at taking a lock that others take and leave meanwhile. */
const attemptsMax = 5;

/** A data directory taken for this process alone. */
export class DataLock {
  readonly #path: string;
  readonly #text: string;
  /** True when the lock of a process that had died was taken over. */
  readonly tookOver: boolean;

  private constructor(path: string, text: string, tookOver: boolean) {
    this.#path = path;
    this.#text = text;
    this.tookOver = tookOver;
  }

  /** Takes the directory; throws `store-in-use` when a live process has it. */
  static take(directory: string): DataLock {
    const path = join(directory, 'lock');
    const text = `${process.pid} ${startOf(process.pid)}\n`;
    let tookOver = false;
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      // Written whole under another name and linked, so that nobody reads half a lock.
      const draft = `${path}.${process.pid}`;
      writeFileSync(draft, text, { mode: 0o600 });
      try {
        linkSync(draft, path);
        return new DataLock(path, text, tookOver);
      } catch (thrown) {
        if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown;
      } finally {
        unlinkSync(draft);
      }
      const holder = readHolder(path);
      if (holder === undefined) continue;
      if (holder.pid !== 0 && isAlive(holder)) refuse(directory, holder);
      removeStale(path, directory);
      tookOver = true;
    }
    throw new AppError('store-in-use', `The lock of the data directory ${directory} changes hands all the time.`, {
      place: { file: directory },
    });
  }

  /** Gives the directory free, unless somebody else has taken it. */
  release(): void {
    try {
      if (readFileSync(this.#path, 'utf8') === this.#text) unlinkSync(this.#path);
    } catch {
      // gone already
    }
  }
}
