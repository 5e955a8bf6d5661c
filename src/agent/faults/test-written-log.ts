import { appendFile, copyFile, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import type { Random } from './test-random.ts';
import type { LogLine, SimulatedServer } from './test-simulated-server.ts';

/** What happens to the live file when a log is rotated. */
export type Rotation =
  | 'renamed'
  | 'copied' // copied, then truncated
  | 'compressed' // a compressed copy, then a new file
  | 'removed'; // a copy stays, the file is deleted and made anew

/** Names of rotated files: the time of the rotation, as the server does it, or numbers that move up, as logrotate does. */
export type Naming = 'dated' | 'numbered';

/** An access log on a disk, as it is written and rotated. */
export class WrittenLog {
  readonly path: string;
  readonly #naming: Naming;
  /** Content of each file that ever was the live one, oldest first. */
  readonly contents: string[] = [''];
  readonly lines: LogLine[] = [];
  readonly #random: Random;
  readonly #server: SimulatedServer;
  #half: Buffer = Buffer.alloc(0);
  #rotations = 0;
  /** Endings of rotated files, newest first: `` or `.gz`. */
  #rotated: string[] = [];

  constructor(path: string, naming: Naming, random: Random, server: SimulatedServer) {
    this.path = path;
    this.#naming = naming;
    this.#random = random;
    this.#server = server;
  }

  get rotations(): number {
    return this.#rotations;
  }

  /** Writes some lines; what arrives may end within a line, or within a character. */
  async append(steps: number): Promise<void> {
    await this.complete();
    let text = this.contents.at(-1) === '' ? this.#server.title : '';
    for (let at = 0; at < steps; at++) {
      for (const line of this.#server.step()) {
        this.lines.push(line);
        text += line.text;
      }
    }
    this.contents.push((this.contents.pop() ?? '') + text);
    const bytes = Buffer.from(text);
    const arrives = this.#random.chance(0.5) ? bytes.length : this.#random.below(bytes.length + 1);
    await appendFile(this.path, bytes.subarray(0, arrives));
    this.#half = bytes.subarray(arrives);
  }

  /** Writes what is missing of the last line. */
  async complete(): Promise<void> {
    if (this.#half.length > 0) await appendFile(this.path, this.#half);
    this.#half = Buffer.alloc(0);
  }

  async rotate(way: Rotation): Promise<void> {
    await this.complete();
    if (this.contents.at(-1) === '') return;
    this.#rotations += 1;
    if (this.#naming === 'numbered') await this.#moveUp();
    const to = this.#nameOf(0);
    if (way === 'renamed') await rename(this.path, to);
    else if (way === 'compressed') {
      await writeFile(`${to}.gz`, gzipSync(await readFile(this.path)));
      await rm(this.path);
    } else {
      await copyFile(this.path, to);
      await (way === 'copied' ? truncate(this.path, 0) : rm(this.path));
    }
    this.#rotated.unshift(way === 'compressed' ? '.gz' : '');
    this.contents.push('');
  }

  /** Path of a rotated file, without what compression adds; 0 is the newest. */
  #nameOf(age: number): string {
    if (this.#naming === 'numbered') return `${this.path}.${age + 1}`;
    return `${this.path}.20261124-${String(100_000 + this.#rotations - age)}`;
  }

  async #moveUp(): Promise<void> {
    for (let age = this.#rotated.length - 1; age >= 0; age--) {
      const ending = this.#rotated[age] ?? '';
      await rename(this.#nameOf(age) + ending, this.#nameOf(age + 1) + ending);
    }
  }

  /** Compresses the oldest rotated file that is not. */
  async compress(): Promise<void> {
    const age = this.#rotated.lastIndexOf('');
    if (age < 0) return;
    const path = this.#nameOf(age);
    await writeFile(`${path}.gz`, gzipSync(await readFile(path)));
    await rm(path);
    this.#rotated[age] = '.gz';
  }

  /** Bytes on the disk in the live file. */
  async size(): Promise<number> {
    return (await stat(this.path)).size;
  }
}
