import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, asAppError } from '#error';
import { CidrIndex, readBlocks } from './cidr-index.ts';
import { Assets } from './assets.ts';
import { GeoDatabase } from './geography.ts';
import { Identities } from './identities.ts';
import { type IntelligenceList, readList } from './intelligence.ts';
import { readTable, readText, type Row } from './table-file.ts';
import { Zones } from './zones.ts';

/** What a person should know: a file that cannot be used, or that is old. */
export interface Notice {
  readonly code: string;
  readonly file: string;
  readonly sentence: string;
}

/** Everything that was read, at one moment; never changed afterwards. */
export interface Knowledge {
  readonly zones: Zones;
  readonly assets: Assets;
  readonly identities: Identities;
  readonly databases: readonly GeoDatabase[];
  readonly lists: readonly IntelligenceList[];
  /** Addresses the lists are not asked about. */
  readonly ignored: CidrIndex<true>;
  /** Version of each table, for `enrichedBy`: the day and time the file was changed. */
  readonly versions: ReadonlyMap<string, string>;
}

/** Files of the folder by what they hold. */
const tableEndings = ['csv', 'json', 'yaml', 'yml'];
const filesMax = 1000;

interface Slot<Value> {
  readonly stamp: string;
  readonly value: Value;
}

/**
 * Reads the enrichment folder: `zones`, `assets`, `identities`, `groups` (`.csv`, `.json`, `.yaml`), `privileged-groups.txt`,
 * `*.mmdb`, and lists in `intelligence/`. A file is read again when its time or size changes; one that cannot be read
 * leaves what was there before in use.
 */
export class EnrichmentFolder {
  readonly #folder: string;
  readonly #slots = new Map<string, Slot<unknown>>();
  readonly #failed = new Map<string, Slot<Notice>>();
  #signature = '';

  constructor(folder: string) {
    this.#folder = folder;
  }

  get notices(): readonly Notice[] {
    return [...this.#failed.values()].map((slot) => slot.value);
  }

  /** Looks whether anything changed, and reads it. Undefined when all is as before. Throws `enrichment-folder`. */
  read(): Knowledge | undefined {
    const files = this.#list();
    const signature = [...files].map(([name, stamp]) => `${name} ${stamp}`).join('\n');
    if (signature === this.#signature) return undefined;
    this.#signature = signature;
    for (const name of [...this.#slots.keys()]) if (!files.has(name)) this.#slots.delete(name);
    for (const name of [...this.#failed.keys()]) if (!files.has(name)) this.#failed.delete(name);
    const table = (base: string): readonly Row[] => {
      const name = [...files.keys()].find((file) => tableEndings.some((ending) => file === `${base}.${ending}`));
      return name === undefined ? [] : (this.#load(name, files, (path) => readTable(path)) ?? []);
    };
    const checked = <Value>(base: string, make: (rows: readonly Row[]) => Value, empty: Value): Value => this.#check(base, files, make, table(base)) ?? empty;
    const privileged = this.#load('privileged-groups.txt', files, readLines) ?? [];
    const groups = table('groups');
    return {
      zones: checked('zones', (rows) => new Zones(rows), new Zones()),
      assets: checked('assets', (rows) => new Assets(rows), new Assets()),
      identities: checked('identities', (rows) => new Identities(rows, privileged, groups), new Identities()),
      databases: this.#loadAll(files, (name) => name.endsWith('.mmdb'), (path) => new GeoDatabase(path)),
      lists: this.#loadAll(files, (name) => name.startsWith('intelligence/') && name !== 'intelligence/ignore.txt', (path, name) => readList(path, name.slice(13).replace(/\.[^.]+$/, ''))),
      ignored: this.#load('intelligence/ignore.txt', files, readIgnored) ?? new CidrIndex(),
      versions: new Map([...files].map(([name, stamp]) => [name.replace(/\.[^.]+$/, ''), new Date(Number(stamp.split(' ')[0])).toISOString().slice(0, 19)])),
    };
  }

  /** Names relative to the folder, with time of change and size. */
  #list(): Map<string, string> {
    const files = new Map<string, string>();
    for (const sub of ['', 'intelligence/']) {
      let names: string[];
      try {
        names = readdirSync(join(this.#folder, sub)).sort();
      } catch (cause) {
        if (sub !== '') continue;
        throw new AppError('enrichment-folder', 'The enrichment folder cannot be read.', { place: { file: this.#folder }, cause });
      }
      for (const name of names.slice(0, filesMax)) {
        const stat = statSync(join(this.#folder, sub, name), { throwIfNoEntry: false });
        if (stat?.isFile() === true && !name.startsWith('.') && !name.endsWith('~')) files.set(sub + name, `${Math.trunc(stat.mtimeMs)} ${stat.size}`);
      }
    }
    return files;
  }

  /** The value of a file: read anew when it changed, the one before when that fails. */
  #load<Value>(name: string, files: ReadonlyMap<string, string>, read: (path: string) => Value): Value | undefined {
    const stamp = files.get(name);
    if (stamp === undefined) return undefined;
    const known = this.#slots.get(name) as Slot<Value> | undefined;
    if (known?.stamp === stamp || this.#failed.get(name)?.stamp === stamp) return known?.value;
    try {
      const value = read(join(this.#folder, name));
      this.#slots.set(name, { stamp, value });
      this.#failed.delete(name);
      return value;
    } catch (thrown) {
      this.#fail(name, stamp, thrown);
      return known?.value;
    }
  }

  #loadAll<Value>(files: ReadonlyMap<string, string>, wanted: (name: string) => boolean, read: (path: string, name: string) => Value): readonly Value[] {
    return [...files.keys()].filter(wanted).flatMap((name) => {
      const value = this.#load(name, files, (path) => read(path, name));
      return value === undefined ? [] : [value];
    });
  }

  /** Makes sense of a table's rows; rows that make none leave what was made of the ones before. */
  #check<Value>(base: string, files: ReadonlyMap<string, string>, make: (rows: readonly Row[]) => Value, rows: readonly Row[]): Value | undefined {
    const name = [...files.keys()].find((file) => tableEndings.some((ending) => file === `${base}.${ending}`));
    const key = `made ${base}`;
    try {
      const value = make(rows);
      this.#slots.set(key, { stamp: '', value });
      return value;
    } catch (thrown) {
      if (name !== undefined) this.#fail(name, files.get(name) ?? '', thrown);
      return (this.#slots.get(key) as Slot<Value> | undefined)?.value;
    }
  }

  #fail(name: string, stamp: string, thrown: unknown): void {
    const error = asAppError(thrown);
    this.#failed.set(name, { stamp, value: { code: error.code, file: name, sentence: error.message } });
  }
}

function readLines(path: string): readonly string[] {
  return readText(path).split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
}

function readIgnored(path: string): CidrIndex<true> {
  const index = new CidrIndex<true>();
  for (const line of readLines(path)) for (const block of readBlocks(line.split(/[\s#;]/, 1)[0] ?? '')) index.add(block, true);
  return index;
}
