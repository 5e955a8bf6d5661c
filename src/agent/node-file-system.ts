import { constants, watch } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { fileError } from '#delivery';
import { AppError } from '#error';
import type { FileFacts, FileSystem, FolderWatch, OpenFile, OpenMode } from './file-system.ts';

/** Rights of the agent's own files and folders: its owner's alone, as they hold parts of logs. */
const fileMode = 0o600;
const folderMode = 0o700;

const flags: Readonly<Record<OpenMode, number>> = {
  read: constants.O_RDONLY,
  write: constants.O_RDWR | constants.O_CREAT,
  create: constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC,
};

/** The real file system. */
export const nodeFileSystem: FileSystem = {
  async open(path, mode) {
    return tell(path, async () => new NodeFile(path, await open(path, flags[mode], fileMode)));
  },

  async list(folder) {
    return tellUnlessMissing(folder, async () => (await readdir(folder)).sort());
  },

  async facts(path) {
    return tellUnlessMissing(path, async () => factsOf(await stat(path)));
  },

  async realPath(path) {
    return tellUnlessMissing(path, () => realpath(path));
  },

  async makeFolder(path) {
    await tell(path, () => mkdir(path, { recursive: true, mode: folderMode }));
  },

  async rename(from, to) {
    await tell(from, () => rename(from, to));
  },

  async remove(path) {
    await tell(path, () => rm(path, { force: true }));
  },

  async syncFolder(path) {
    await tell(path, async () => {
      const folder = await open(path, 'r');
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    });
  },

  watch(folder, changed): FolderWatch | undefined {
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => changed(name ?? undefined));
      // A watch that breaks is no loss: the folder is looked at in any case, only less often.
      watcher.on('error', () => watcher.close());
      return watcher;
    } catch {
      return undefined;
    }
  },
};

class NodeFile implements OpenFile {
  readonly #path: string;
  readonly #handle: FileHandle;

  constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  read(into: Buffer, position: number): Promise<number> {
    return tell(this.#path, async () => {
      let length = 0;
      while (length < into.length) {
        const { bytesRead } = await this.#handle.read(into, length, into.length - length, position + length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return length;
    });
  }

  write(bytes: Buffer, position: number): Promise<void> {
    return tell(this.#path, async () => {
      let length = 0;
      while (length < bytes.length) {
        const { bytesWritten } = await this.#handle.write(bytes, length, bytes.length - length, position + length);
        length += bytesWritten;
      }
    });
  }

  sync(): Promise<void> {
    return tell(this.#path, () => this.#handle.datasync());
  }

  truncate(bytes: number): Promise<void> {
    return tell(this.#path, () => this.#handle.truncate(bytes));
  }

  facts(): Promise<FileFacts> {
    return tell(this.#path, async () => factsOf(await this.#handle.stat()));
  }

  close(): Promise<void> {
    return tell(this.#path, () => this.#handle.close());
  }
}

interface Stats {
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
  readonly nlink: number;
  isFile(): boolean;
  isDirectory(): boolean;
}

function factsOf(stats: Stats): FileFacts {
  const { dev: device, ino: inode, size: bytes, mtimeMs: modified, nlink: links } = stats;
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
  return { device, inode, bytes, modified, links, kind };
}

async function tell<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw fileError(path, thrown);
  }
}

async function tellUnlessMissing<T>(path: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await tell(path, work);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'file-missing') return undefined;
    throw thrown;
  }
}
