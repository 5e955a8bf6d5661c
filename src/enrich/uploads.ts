import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#error';
import { notWritten } from './not-written.ts';

/** A file as it was sent, not in its place yet. */
export interface Received {
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 of the content. */
  readonly digest: string;
  /** Its beginning. */
  readonly version: string;
}

/** Folder of what is on its way; hidden, so that nothing in it is taken for data. */
const folderName = '.uploads';
/** What lies here longer was left by a server that ended in between. */
const leftoverMs = 3_600_000;
const privateFile = 0o600;
const privateFolder = 0o700;

/** What is being sent to an enrichment folder: it lies on the same disk, so that it can take its place at once. */
export class Uploads {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = join(folder, folderName);
  }

  /**
   * Writes a body to the disk as it comes. Throws `enrichment-upload-too-large`, `enrichment-not-written`, or what broke
   * the body off; then nothing is left.
   */
  async receive(body: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Received> {
    const path = join(this.#folder, randomUUID());
    const hash = createHash('sha256');
    let bytes = 0;
    try {
      await mkdir(this.#folder, { recursive: true, mode: privateFolder });
      // It is closed before it is removed: a file that is only about to be made would be left.
      const file = await open(path, 'wx', privateFile);
      try {
        for await (const piece of body) {
          bytes += piece.length;
          if (bytes > bytesMax) throw tooLarge(bytesMax);
          hash.update(piece);
          await file.writeFile(piece);
        }
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (thrown) {
      await this.discard(path);
      throw notWritten(thrown);
    }
    const digest = hash.digest('hex');
    return { path, bytes, digest, version: digest.slice(0, 8) };
  }

  async discard(path: string): Promise<void> {
    // What cannot be removed now is swept away later.
    await rm(path, { force: true }).catch(() => {});
  }

  /** Removes what was left. */
  async sweep(now: number): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    for (const name of names) {
      const path = join(this.#folder, name);
      const found = await stat(path).catch(() => undefined);
      if (found !== undefined && now - found.mtimeMs > leftoverMs) await this.discard(path);
    }
  }
}

/** Makes the error for a body that is too large. */
export function tooLarge(bytesMax: number): AppError {
  return new AppError('enrichment-upload-too-large', `The file is larger than the ${bytesMax} bytes that are taken.`, {
    place: { expected: `at most ${bytesMax} bytes` },
  });
}
