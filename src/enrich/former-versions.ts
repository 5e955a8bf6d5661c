import { constants, copyFile, link, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from './discover-files.ts';
import { versionDaysMax } from './limits.ts';
import { dayMs } from './part.ts';
import { placeOf, type ShelfName } from './shelf-place.ts';
import { type UploadForm, type UploadPlace, uploadPlaces } from './upload-kinds.ts';

/** What a file was before. */
export interface FormerVersion extends ShelfName {
  readonly id: string;
  readonly form: UploadForm;
  readonly bytes: number;
  /** Epoch milliseconds when it was last changed, and when it was put away. */
  readonly changed: number;
  readonly keptAt: number;
}

const folderName = '.previous';
const privateFolder = 0o700;
/** Time when it was put away, and the number of its kind within that millisecond. */
const idPattern = /^(\d{13})-(\d{1,3})\.([a-z]{3,5})$/;
const tries = 100;

/** Former versions of the files of an enrichment folder: a few of each, for a month. */
export class FormerVersions {
  readonly #folder: string;
  readonly #clock: () => number;

  constructor(folder: string, clock: () => number) {
    this.#folder = join(folder, folderName);
    this.#clock = clock;
  }

  /** Keeps a file as it is now; the file itself stays. Gives the id of the version. */
  async keep(name: ShelfName, path: string, form: UploadForm): Promise<string> {
    const folder = this.#folderOf(name);
    await mkdir(folder, { recursive: true, mode: privateFolder });
    for (let number = 0; ; number++) {
      const id = `${this.#clock()}-${number}.${form}`;
      try {
        await linkOrCopy(path, join(folder, id));
        return id;
      } catch (thrown) {
        if (codeOf(thrown) !== 'EEXIST' || number >= tries) throw thrown;
      }
    }
  }

  /** Puts a version where it belongs; it is a former one no longer. */
  async bringBack(version: FormerVersion, path: string): Promise<void> {
    await rename(join(this.#folderOf(version), version.id), path);
  }

  /** All versions, newest first, without those that are too old or too many. */
  async list(): Promise<readonly FormerVersion[]> {
    return (await this.#look()).kept.sort(newestFirst);
  }

  /** Removes the versions that are too old or too many. */
  async prune(): Promise<void> {
    for (const version of (await this.#look()).gone) {
      // Where it cannot be removed it is shown no longer, all the same.
      await rm(join(this.#folderOf(version), version.id), { force: true }).catch(() => {});
    }
  }

  async #look(): Promise<{ readonly kept: FormerVersion[]; readonly gone: FormerVersion[] }> {
    const all: { readonly kept: FormerVersion[]; readonly gone: FormerVersion[] } = { kept: [], gone: [] };
    const oldest = this.#clock() - versionDaysMax * dayMs;
    for (const folder of await readdir(this.#folder).catch(() => [])) {
      const name = shelfNameIn(folder);
      if (name === undefined) continue;
      const found = await this.#versionsOf(name.place, name);
      for (const [index, version] of found.sort(newestFirst).entries()) {
        const isKept = index < name.place.versionsMax && version.keptAt >= oldest;
        (isKept ? all.kept : all.gone).push(version);
      }
    }
    return all;
  }

  async #versionsOf(place: UploadPlace, name: ShelfName): Promise<FormerVersion[]> {
    const folder = this.#folderOf(name);
    const found: FormerVersion[] = [];
    for (const id of await readdir(folder).catch(() => [])) {
      const [, time = '', , ending] = idPattern.exec(id) ?? [];
      const form = place.forms.find((one) => one === ending);
      const state = await stat(join(folder, id)).catch(() => undefined);
      if (form === undefined || state === undefined || !state.isFile()) continue;
      const { size, mtimeMs } = state;
      found.push({ kind: name.kind, name: name.name, id, form, bytes: size, changed: mtimeMs, keptAt: Number(time) });
    }
    return found;
  }

  /** Kind and name were checked; a name holds no point, so that no two have the same folder. */
  #folderOf({ kind, name }: ShelfName): string {
    return join(this.#folder, name === '' ? kind : `${kind}.${name}`);
  }
}

function newestFirst(one: FormerVersion, other: FormerVersion): number {
  return other.keptAt - one.keptAt || (one.id < other.id ? 1 : -1);
}

function shelfNameIn(folder: string): (ShelfName & { readonly place: UploadPlace }) | undefined {
  const point = folder.indexOf('.');
  const kind = point < 0 ? folder : folder.slice(0, point);
  const name = point < 0 ? '' : folder.slice(point + 1);
  if (!uploadPlaces.some((place) => place.kind === kind)) return undefined;
  try {
    return { kind, name, place: placeOf({ kind, name }) };
  } catch {
    return undefined;
  }
}

/** Some file systems have no links. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') throw thrown;
    await copyFile(from, to, constants.COPYFILE_EXCL);
  }
}
