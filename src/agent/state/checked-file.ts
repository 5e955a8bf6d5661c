import { crc32 } from 'node:zlib';
import type { FileSystem } from '../file-system.ts';
import { spoolLimits } from '../limits.ts';

/** Most bytes of a file of this kind. */
const fileBytesMax = 256 * 1024 * 1024;
const headForm = /^meridian ([a-z-]+) (\d+) ([0-9a-f]{8}) (\d+)\n/;
const headBytesMax = 128;

/** What became of reading a checked file. */
export type Loaded = { readonly found: 'text'; readonly text: string } | { readonly found: 'nothing' | 'damaged' };

/**
 * A small file that is replaced as a whole, and whose damage is noticed: written beside the old one, synced, renamed over
 * it. After any end of the machine there is the old text or the new one.
 */
export class CheckedFile {
  readonly path: string;
  readonly #fileSystem: FileSystem;
  readonly #folder: string;
  readonly #kind: string;
  readonly #version: number;

  /** `kind` and `version` stand in its first line; a file of another kind or version is as good as damaged. */
  constructor(fileSystem: FileSystem, folder: string, name: string, kind: string, version: number) {
    this.#fileSystem = fileSystem;
    this.#folder = folder;
    this.path = `${folder}/${name}`;
    this.#kind = kind;
    this.#version = version;
  }

  /** Replaces the text; resolves when it lies on the disk. */
  async save(text: string): Promise<void> {
    const body = Buffer.from(text);
    const check = crc32(body).toString(16).padStart(8, '0');
    const head = Buffer.from(`meridian ${this.#kind} ${this.#version} ${check} ${body.length}\n`);
    const temporary = `${this.path}.new`;
    const file = await this.#fileSystem.open(temporary, 'create');
    try {
      await file.write(Buffer.concat([head, body]), 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await this.#fileSystem.rename(temporary, this.path);
    await this.#fileSystem.syncFolder(this.#folder);
  }

  /** Reads the text. A damaged file is set aside, so that it can be looked at, and the next save begins anew. */
  async load(): Promise<Loaded> {
    const facts = await this.#fileSystem.facts(this.path);
    if (facts === undefined) return { found: 'nothing' };
    const text = facts.bytes > fileBytesMax ? undefined : await this.#read(facts.bytes);
    if (text !== undefined) return { found: 'text', text };
    await this.setAside();
    return { found: 'damaged' };
  }

  /** Takes the file out of the way, under a name that ends in `.damaged`. */
  async setAside(): Promise<void> {
    await setAside(this.#fileSystem, this.#folder, this.path);
  }

  async remove(): Promise<void> {
    await this.#fileSystem.remove(this.path);
  }

  async #read(bytes: number): Promise<string | undefined> {
    const content = Buffer.alloc(bytes);
    const file = await this.#fileSystem.open(this.path, 'read');
    try {
      if ((await file.read(content, 0)) < bytes) return undefined;
    } finally {
      await file.close();
    }
    const match = headForm.exec(content.toString('latin1', 0, headBytesMax));
    if (match === null) return undefined;
    const [head, kind, version, check, length] = match;
    const body = content.subarray(head.length);
    const fits = kind === this.#kind && Number(version) === this.#version && Number(length) === body.length;
    return fits && crc32(body) === Number.parseInt(check ?? '', 16) ? body.toString() : undefined;
  }
}

/** Renames a damaged file so that it is in nobody's way; of those of a folder, the newest are kept. */
export async function setAside(fileSystem: FileSystem, folder: string, path: string): Promise<void> {
  const names = (await fileSystem.list(folder)) ?? [];
  const aside = names.filter((name) => name.endsWith('.damaged'));
  const number = 1 + Math.max(0, ...aside.map((name) => Number(/\.(\d+)\.damaged$/.exec(name)?.[1] ?? 0)));
  await fileSystem.rename(path, `${path}.${number}.damaged`);
  const byAge = aside.sort((one, other) => numberOf(one) - numberOf(other));
  for (const name of byAge.slice(0, Math.max(0, byAge.length + 1 - spoolLimits.damagedKept))) {
    await fileSystem.remove(`${folder}/${name}`);
  }
}

function numberOf(name: string): number {
  return Number(/\.(\d+)\.damaged$/.exec(name)?.[1] ?? 0);
}
