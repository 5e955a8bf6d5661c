import { readFile, truncate, writeFile } from 'node:fs/promises';
import { AppError } from '#error';
import type { FileFacts, FileSystem, FolderWatch, OpenFile, OpenMode } from './file-system.ts';
import { nodeFileSystem } from './node-file-system.ts';

/** An operation on a file, before it is done. */
export interface Operation {
  readonly name:
    | 'open'
    | 'list'
    | 'facts'
    | 'read'
    | 'write'
    | 'sync'
    | 'truncate'
    | 'rename'
    | 'remove'
    | 'syncFolder';
  readonly path: string;
}

/**
 * The real file system, as long as all is well. It can refuse operations, die in the middle of anything as a killed
 * process does, and afterwards tear what had not been synced, as a machine without power does.
 */
export class TestFileSystem implements FileSystem {
  /** Asked before each operation; an error refuses it. */
  refuse: (operation: Operation) => AppError | undefined = () => undefined;
  /** Called before each operation. */
  before: (operation: Operation) => Promise<void> | void = () => {};
  #dead = false;
  readonly #files = new Set<OpenFile>();
  readonly #written = new Map<string, { synced: number; size: number }>();

  /** From now on nothing reaches the disk, and nothing answers. */
  async kill(): Promise<void> {
    this.#dead = true;
    for (const file of this.#files) await file.close();
  }

  /** Cuts files somewhere behind what was synced of them; sometimes what is left there is garbage. */
  async tear(random: () => number): Promise<void> {
    for (const [path, { synced, size }] of this.#written) {
      if (size <= synced) continue;
      const length = synced + Math.floor(random() * (size - synced + 1));
      try {
        await truncate(path, length);
        if (random() < 0.5 || length === synced) continue;
        const content = await readFile(path);
        const from = synced + Math.floor(random() * (length - synced));
        content.fill(0, from);
        await writeFile(path, content);
      } catch {
        // It was renamed or removed since.
      }
    }
  }

  async open(path: string, mode: OpenMode): Promise<OpenFile> {
    await this.#pass('open', path);
    const file = await nodeFileSystem.open(path, mode);
    if (mode !== 'read') {
      const { bytes } = await file.facts();
      const known = this.#written.get(path);
      this.#written.set(path, { synced: mode === 'create' ? 0 : (known?.synced ?? bytes), size: bytes });
    }
    this.#files.add(file);
    return this.#wrap(path, file);
  }

  async list(folder: string): Promise<readonly string[] | undefined> {
    await this.#pass('list', folder);
    return nodeFileSystem.list(folder);
  }

  async facts(path: string): Promise<FileFacts | undefined> {
    await this.#pass('facts', path);
    return nodeFileSystem.facts(path);
  }

  async realPath(path: string): Promise<string | undefined> {
    await this.#pass('facts', path);
    return nodeFileSystem.realPath(path);
  }

  async makeFolder(path: string): Promise<void> {
    await nodeFileSystem.makeFolder(path);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#pass('rename', from);
    await nodeFileSystem.rename(from, to);
    const written = this.#written.get(from);
    if (written !== undefined) this.#written.set(to, written);
    this.#written.delete(from);
  }

  async remove(path: string): Promise<void> {
    await this.#pass('remove', path);
    await nodeFileSystem.remove(path);
    this.#written.delete(path);
  }

  async syncFolder(path: string): Promise<void> {
    await this.#pass('syncFolder', path);
  }

  watch(folder: string, changed: (name: string | undefined) => void): FolderWatch | undefined {
    return nodeFileSystem.watch(folder, changed);
  }

  #wrap(path: string, file: OpenFile): OpenFile {
    return {
      read: async (into, position) => {
        await this.#pass('read', path);
        return file.read(into, position);
      },
      write: async (bytes, position) => {
        await this.#pass('write', path);
        const written = this.#written.get(path);
        // A write is done in two parts, so that a kill may come in between.
        const half = Math.floor(bytes.length / 2);
        await file.write(bytes.subarray(0, half), position);
        if (written !== undefined) written.size = Math.max(written.size, position + half);
        await this.#pass('write', path);
        await file.write(bytes.subarray(half), position + half);
        if (written !== undefined) written.size = Math.max(written.size, position + bytes.length);
      },
      sync: async () => {
        await this.#pass('sync', path);
        const written = this.#written.get(path);
        if (written !== undefined) written.synced = written.size;
      },
      truncate: async (bytes) => {
        await this.#pass('truncate', path);
        await file.truncate(bytes);
        this.#written.set(path, { synced: bytes, size: bytes });
      },
      facts: async () => {
        await this.#pass('facts', path);
        return file.facts();
      },
      close: async () => {
        if (this.#files.delete(file)) await file.close();
      },
    };
  }

  async #pass(name: Operation['name'], path: string): Promise<void> {
    const operation = { name, path };
    await this.before(operation);
    if (this.#dead) await new Promise(() => {});
    const error = this.refuse(operation);
    if (error !== undefined) throw error;
  }
}

/** The error of a full disk. */
export function diskFull(path: string): AppError {
  return new AppError('file-unreadable', `"${path}" cannot be written: ENOSPC.`, { place: { file: path } });
}
