import type { Source } from '#source';
import type { FileSystem } from '../file-system.ts';
import type { Reports } from '../reports.ts';
import { CheckedFile } from './checked-file.ts';
import { fieldsOf, listOf, textOf } from './fields.ts';
import { parseSetState, printSetState, type SetState, setStateVersion } from './set-state.ts';

const stateForm = /^[0-9a-f]{24}\.log$/;
/** Profile parts remembered to have been looked at. */
const begunMax = 1000;

/** The saved states: a file for each log, and one for what parts of profiles were looked at before. */
export class StateStore {
  readonly #fileSystem: FileSystem;
  readonly #folder: string;
  readonly #reports: Reports;
  readonly #begunFile: CheckedFile;
  #begun: string[] = [];

  constructor(fileSystem: FileSystem, folder: string, reports: Reports) {
    this.#fileSystem = fileSystem;
    this.#folder = folder;
    this.#reports = reports;
    this.#begunFile = new CheckedFile(fileSystem, folder, 'begun', 'begun', 1);
  }

  /** Reads all states. A damaged one is set aside and reported; its log is read as if it were new. */
  async load(sources: readonly Source[]): Promise<readonly SetState[]> {
    await this.#fileSystem.makeFolder(this.#folder);
    this.#begun = [...(await this.#loadBegun())];
    const states: SetState[] = [];
    for (const name of (await this.#fileSystem.list(this.#folder)) ?? []) {
      if (!stateForm.test(name)) continue;
      const state = await this.#loadOne(name, sources);
      if (state !== undefined) states.push(state);
    }
    return states;
  }

  /** Saves a state; resolves when it lies on the disk. */
  async save(state: SetState): Promise<void> {
    await this.#file(`${state.set.id}.log`).save(printSetState(state));
  }

  /** Whether the files of a part of a profile were looked at before. */
  hasBegun(part: string): boolean {
    return this.#begun.includes(part);
  }

  async noteBegun(parts: readonly string[]): Promise<void> {
    const fresh = parts.filter((part) => !this.#begun.includes(part));
    if (fresh.length === 0) return;
    this.#begun = [...this.#begun, ...fresh].slice(-begunMax);
    await this.#begunFile.save(JSON.stringify(this.#begun));
  }

  async #loadOne(name: string, sources: readonly Source[]): Promise<SetState | undefined> {
    const file = this.#file(name);
    const loaded = await file.load();
    if (loaded.found === 'text') {
      try {
        return parseSetState(loaded.text, sources);
      } catch (thrown) {
        this.#reports.error(thrown);
        await file.setAside();
      }
    }
    if (loaded.found !== 'nothing') {
      this.#reports.event('state-damaged', 'A saved reading state was damaged and set aside.', file.path);
    }
    return undefined;
  }

  async #loadBegun(): Promise<readonly string[]> {
    const loaded = await this.#begunFile.load();
    if (loaded.found !== 'text') return [];
    try {
      return listOf(fieldsOf({ list: JSON.parse(loaded.text) })['list']).map(textOf);
    } catch {
      await this.#begunFile.setAside();
      return [];
    }
  }

  #file(name: string): CheckedFile {
    return new CheckedFile(this.#fileSystem, this.#folder, name, 'log-state', setStateVersion);
  }
}
