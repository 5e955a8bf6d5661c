import { AppError } from '#error';
import type { FileSystem } from '../file-system.ts';
import { shipLimits } from '../limits.ts';
import { type BatchPart, recordsOf } from './batch-part.ts';

/** Keeps records that a server takes in no form, as files people can look at. */
export class RefusedRecords {
  readonly #fileSystem: FileSystem;
  readonly #folder: string;

  constructor(fileSystem: FileSystem, folder: string) {
    this.#fileSystem = fileSystem;
    this.#folder = folder;
  }

  /**
   * Writes a record down; resolves with the path when it lies on the disk. Throws `batch-refused` when there are so many
   * that something else must be wrong.
   */
  async keep(stream: string, part: BatchPart): Promise<string> {
    await this.#fileSystem.makeFolder(this.#folder);
    const names = (await this.#fileSystem.list(this.#folder)) ?? [];
    if (names.length >= shipLimits.refusedRecords) {
      throw new AppError('batch-refused', `${names.length} records were set aside already; no more are.`, {
        place: { file: this.#folder },
        hint: 'Look at them, report them, and remove them; shipping of this log goes on then.',
      });
    }
    const numbers = names.map((name) => Number(/^(\d{1,12})-/.exec(name)?.[1] ?? 0));
    const number = 1 + Math.max(0, ...numbers);
    const name = `${String(number).padStart(12, '0')}-${stream.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64)}-${part.from}.ndjson`;
    const path = `${this.#folder}/${name}`;
    const file = await this.#fileSystem.open(path, 'create');
    try {
      await file.write(Buffer.from(`${recordsOf(part).join('\n')}\n`), 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await this.#fileSystem.syncFolder(this.#folder);
    return path;
  }
}
