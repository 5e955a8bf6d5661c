import type { FileSystem, FolderWatch } from '../file-system.ts';

/**
 * Watches folders while nothing happens, to be woken when something does. While logs grow they are looked at many times
 * a second anyway, and a watch would call for each line that is written.
 */
export class FolderWatches {
  readonly #fileSystem: FileSystem;
  readonly #changed: () => void;
  readonly #watches = new Map<string, FolderWatch>();

  constructor(fileSystem: FileSystem, changed: () => void) {
    this.#fileSystem = fileSystem;
    this.#changed = changed;
  }

  get armed(): boolean {
    return this.#watches.size > 0;
  }

  /** Watches exactly these folders, as far as the system can. */
  arm(folders: readonly string[]): void {
    const wanted = new Set(folders);
    for (const [folder, watch] of this.#watches) {
      if (wanted.has(folder)) continue;
      watch.close();
      this.#watches.delete(folder);
    }
    for (const folder of wanted) {
      if (this.#watches.has(folder)) continue;
      const watch = this.#fileSystem.watch(folder, () => this.#changed());
      if (watch !== undefined) this.#watches.set(folder, watch);
    }
  }

  disarm(): void {
    for (const watch of this.#watches.values()) watch.close();
    this.#watches.clear();
  }
}
