import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '#error';
import { type FormerVersion, FormerVersions } from './former-versions.ts';
import { isWritable } from './is-writable.ts';
import { uploadsMax } from './limits.ts';
import { notWritten } from './not-written.ts';
import { type FilePreview, previewFile } from './preview-file.ts';
import type { FileContent } from './read-file.ts';
import { bytesMaxOf, fileOf, placeOf, type ShelfName, shelfNameOf } from './shelf-place.ts';
import type { UploadForm } from './upload-kinds.ts';
import { type Received, tooLarge, Uploads } from './uploads.ts';

/** A file of the enrichment folder that uploads may replace. */
export interface ShelfFile extends ShelfName {
  readonly path: string;
  /** Its name within the folder. */
  readonly file: string;
  readonly form: UploadForm;
  readonly bytes: number;
  /** Epoch milliseconds of its last change. */
  readonly changed: number;
  /** Is another whenever the file is another. */
  readonly state: string;
}

/** What is sent, and as what. */
export interface Upload extends ShelfName {
  readonly form: string;
  /** Bytes that come, where the sender says. */
  readonly length?: number | undefined;
  readonly body: AsyncIterable<Uint8Array>;
  /** Waits for the turn to be read into memory, when all of it is on the disk; gives what ends the turn. */
  readonly turn?: () => Promise<() => void>;
}

/** What would come of an upload. */
export interface UploadPreview extends FilePreview {
  readonly file: string;
  readonly bytes: number;
  /** Beginning of the content's SHA-256. */
  readonly version: string;
  /** State of the file it would replace; empty when there is none. */
  readonly replaces: string;
}

/** What an upload must still be when it is put in place; see {@link UploadPreview}. */
export interface Expected {
  readonly version?: string | undefined;
  readonly replaces?: string | undefined;
}

/** What was put in place. */
export interface UploadDone extends UploadPreview {
  /** Id of the version that was put away; absent when there was no other. */
  readonly former: string | undefined;
}

/** Everything that is on the shelf. */
export interface ShelfListing {
  readonly writable: boolean;
  readonly files: readonly ShelfFile[];
  readonly former: readonly FormerVersion[];
}

const folders = ['', 'geography', 'intelligence'] as const;
const privateFolder = 0o700;

/**
 * The enrichment folder as uploads see it: files under names made of kind and name, each replaced at once, and what was
 * there before kept for a while. Changes are made one after another.
 */
export class Shelf {
  readonly #folder: string;
  readonly #clock: () => number;
  readonly #uploads: Uploads;
  readonly #former: FormerVersions;
  readonly #onChange: (gone: readonly string[]) => Promise<void>;
  #changing: Promise<unknown> = Promise.resolve();

  /** `onChange` is told of every change, and of files that are gone by it; the change is done when it is through. */
  constructor(
    folder: string,
    clock: () => number = Date.now,
    onChange: (gone: readonly string[]) => Promise<void> = () => Promise.resolve(),
  ) {
    this.#folder = folder;
    this.#onChange = onChange;
    this.#uploads = new Uploads(folder);
    this.#former = new FormerVersions(folder, clock);
    this.#clock = clock;
    void this.tidy();
  }

  /** What is there. */
  async list(): Promise<ShelfListing> {
    return {
      writable: await isWritable(this.#folder),
      files: await this.#files(),
      former: await this.#former.list(),
    };
  }

  /** Removes what was left of uploads, and former versions whose time is over. Throws nothing. */
  async tidy(): Promise<void> {
    await this.#uploads.sweep(this.#clock());
    await this.#change(() => this.#former.prune());
  }

  /** Reads what is sent as it would be read in its place, and changes nothing. */
  async preview(upload: Upload): Promise<UploadPreview> {
    return await this.#receive(upload, async (_received, preview) => preview);
  }

  /**
   * Puts what is sent in its place, when it can be used and is still what was expected. What was there is kept.
   * Throws `enrichment-upload-invalid`, `enrichment-changed`, `enrichment-not-written`.
   */
  async put(upload: Upload, expected: Expected): Promise<UploadDone> {
    return await this.#receive(upload, async (received, preview) => {
      if (!preview.usable) {
        throw new AppError('enrichment-upload-invalid', preview.reason ?? 'The file cannot be used.');
      }
      if (expected.version !== undefined && expected.version !== received.version) {
        throw new AppError('enrichment-changed', 'The file is not the one the preview showed.');
      }
      const former = await this.#change(() => this.#put(upload, received, preview, expected.replaces));
      return { ...preview, former };
    });
  }

  /** Takes a file away; it is kept as a former version, whose id is given. Throws `enrichment-upload-absent`. */
  async remove(name: ShelfName): Promise<string> {
    placeOf(name);
    return await this.#change(async () => {
      const present = await this.#present(name);
      const id = await this.#keep(present);
      if (id === undefined) throw absent('There is no such file.');
      for (const { path } of present) await rm(path);
      await this.#former.prune();
      await this.#onChange(present.map(({ path }) => path));
      return id;
    });
  }

  /** Brings a former version back; what is there is kept in turn. Throws `enrichment-upload-absent`. */
  async bringBack(name: ShelfName, id: string): Promise<FormerVersion> {
    const place = placeOf(name);
    return await this.#change(async () => {
      const version = (await this.#former.list()).find((one) => isSame(one, name) && one.id === id);
      if (version === undefined) throw absent('There is no such former version.');
      const path = join(this.#folder, fileOf(place, version.name, version.form));
      const present = await this.#present(name);
      await this.#keep(present);
      await mkdir(dirname(path), { recursive: true, mode: privateFolder });
      await this.#former.bringBack(version, path);
      await this.#removeOthers(present, path);
      await this.#former.prune();
      return version;
    });
  }

  /** Has something done with what is sent; nothing of it is left on its way afterwards. */
  async #receive<Result>(
    upload: Upload,
    work: (received: Received, preview: UploadPreview) => Promise<Result>,
  ): Promise<Result> {
    const place = placeOf(upload);
    const file = fileOf(place, upload.name, upload.form);
    const bytesMax = bytesMaxOf(place, upload.form);
    if (upload.length !== undefined && upload.length > bytesMax) throw tooLarge(bytesMax);
    const received = await this.#uploads.receive(upload.body, bytesMax);
    let leave: (() => void) | undefined;
    try {
      leave = await upload.turn?.();
      const present = await this.#present(upload);
      const preview = await previewFile(place, await contentOf(received, file));
      const { bytes, version } = received;
      return await work(received, { ...preview, file, bytes, version, replaces: stateOf(present) });
    } finally {
      await this.#uploads.discard(received.path);
      leave?.();
    }
  }

  async #put(
    name: ShelfName,
    received: Received,
    { file }: UploadPreview,
    replaces: string | undefined,
  ): Promise<string | undefined> {
    const present = await this.#present(name);
    if (replaces !== undefined && replaces !== stateOf(present)) {
      throw new AppError('enrichment-changed', `${file} was changed by somebody else in the meantime.`);
    }
    if (present.length === 0 && (await this.#files()).filter(({ kind }) => kind === name.kind).length >= uploadsMax) {
      throw new AppError('enrichment-files-exceeded', `There are ${uploadsMax} files of this kind already.`);
    }
    const path = join(this.#folder, file);
    await mkdir(dirname(path), { recursive: true, mode: privateFolder });
    // The same data again is renewed, not replaced.
    const former = (await isSameContent(present, received)) ? undefined : await this.#keep(present);
    await rename(received.path, path);
    await this.#removeOthers(present, path);
    await this.#former.prune();
    return former;
  }

  /** Keeps what is there; gives the id of the version. */
  async #keep(present: readonly ShelfFile[]): Promise<string | undefined> {
    let id: string | undefined;
    for (const { kind, name, path, form } of present) id = await this.#former.keep({ kind, name }, path, form);
    return id;
  }

  /** The same file in another form would be read as well. */
  async #removeOthers(present: readonly ShelfFile[], path: string): Promise<void> {
    const others = present.map((other) => other.path).filter((other) => other !== path);
    for (const other of others) await rm(other, { force: true });
    await this.#onChange(others);
  }

  async #present(name: ShelfName): Promise<readonly ShelfFile[]> {
    return (await this.#files()).filter((file) => isSame(file, name));
  }

  async #files(): Promise<readonly ShelfFile[]> {
    const files: ShelfFile[] = [];
    for (const folder of folders) {
      const names = await readdir(join(this.#folder, folder)).catch(() => []);
      for (const name of names.sort()) {
        const known = shelfNameOf(folder, name);
        if (known === undefined) continue;
        const path = join(this.#folder, folder, name);
        // A link belongs to somebody else, who would not see that it was replaced.
        const found = await lstat(path).catch(() => undefined);
        if (found === undefined || !found.isFile()) continue;
        const { ino, size, mtimeMs, ctimeMs } = found;
        const state = createHash('sha256').update(`${path} ${ino} ${size} ${mtimeMs} ${ctimeMs}`).digest('hex');
        files.push({
          ...known,
          path,
          file: join(folder, name),
          bytes: size,
          changed: mtimeMs,
          state: state.slice(0, 16),
        });
      }
    }
    return files;
  }

  async #change<Result>(change: () => Promise<Result>): Promise<Result> {
    const result = this.#changing.then(change).catch((thrown: unknown) => {
      throw notWritten(thrown);
    });
    this.#changing = result.catch(() => {});
    return await result;
  }
}

function isSame(one: ShelfName, other: ShelfName): boolean {
  return one.kind === other.kind && one.name === other.name;
}

/** Several files of one name, in different forms, are replaced together. */
function stateOf(present: readonly ShelfFile[]): string {
  return present.map(({ state }) => state).join('.');
}

/** A file of another size need not be read for that. */
async function isSameContent(present: readonly ShelfFile[], { bytes, digest }: Received): Promise<boolean> {
  const [only] = present;
  if (only === undefined || present.length > 1 || only.bytes !== bytes) return false;
  const hash = createHash('sha256');
  await pipeline(createReadStream(only.path), hash);
  return hash.digest('hex') === digest;
}

/** The content as it would be read from its place. */
async function contentOf({ path, version }: Received, file: string): Promise<FileContent> {
  const full = basename(file);
  const point = full.lastIndexOf('.');
  return {
    path: full,
    bytes: await readFile(path),
    name: full.slice(0, point),
    extension: full.slice(point + 1),
    version,
    changed: Date.now(),
  };
}

function absent(sentence: string): AppError {
  return new AppError('enrichment-upload-absent', sentence);
}
