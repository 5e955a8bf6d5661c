import { appendFile, copyFile, mkdir, readFile, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Source } from '#source';
import type { ReadingStatus } from './reading/reading.ts';
import { diskFull } from './test-file-system.ts';
import { createTestHost, readAtOnce, type Spooled, type TestHost } from './test-reading.ts';

/** A log to write from: its records, each with all its lines. */
export interface Material {
  readonly log: string;
  /** Name of the file. */
  readonly name: string;
  readonly records: readonly Buffer[];
}

/** What a schedule came to. */
export interface Outcome {
  readonly expected: readonly (readonly Spooled[])[];
  readonly taken: readonly (readonly Spooled[])[];
  /** What was done, to be read when it failed. */
  readonly history: readonly string[];
  /** What the agent said of itself in the end. */
  readonly status: ReadingStatus | undefined;
  readonly kills: number;
  readonly rotations: number;
}

/** Cuts a log into its records. */
export function materialOf(source: Source, log: string, name: string, content: Buffer): Material {
  const [records = []] = readAtOnce(source, log, [content]);
  const starts = [...new Set([0, ...records.map(({ position }) => position)])].sort((one, other) => one - other);
  return { log, name, records: starts.map((from, at) => content.subarray(from, starts[at + 1] ?? content.length)) };
}

/**
 * Writes logs, rotates them, kills the agent, tears its files, fills its disk, all in an order that a seed decides; then
 * lets all come to rest. Gives what was written, read at once, and what came out of the spool.
 */
export async function runSchedule(seed: number, materials: readonly Material[]): Promise<Outcome> {
  const { host, clean } = await createTestHost();
  try {
    await mkdir(host.logs);
    return await new Schedule(seed, host, materials).run();
  } finally {
    await clean();
  }
}

/** A log as it is written. */
class WrittenLog {
  readonly material: Material;
  readonly path: string;
  /** Contents of its files, oldest first; the last is the live one. */
  readonly contents: Buffer[][] = [[]];
  /** Rotated files that are not compressed. */
  plain: string[] = [];
  readonly #now: () => number;
  #next: number;
  #half: Buffer = Buffer.alloc(0);
  rotations = 0;
  /** Milliseconds since records were written to it. */
  restedMs = 0;

  constructor(material: Material, path: string, first: number, now: () => number) {
    this.#now = now;
    this.material = material;
    this.path = path;
    this.#next = first;
  }

  get isEmpty(): boolean {
    return this.contents.at(-1)?.length === 0;
  }

  get isWhole(): boolean {
    return this.#half.length === 0;
  }

  /** Appends some records, the last one maybe only in part. */
  async append(count: number, part: number): Promise<void> {
    this.restedMs = 0;
    await this.complete();
    const records = this.material.records.slice(this.#next, this.#next + count);
    this.#next += records.length;
    const bytes = Buffer.concat(records);
    const cut = Math.floor(bytes.length * part);
    this.contents.at(-1)?.push(bytes);
    await this.#write(bytes.subarray(0, cut));
    this.#half = bytes.subarray(cut);
  }

  /** Files are as old as the clock of the test says. */
  async #write(bytes: Buffer): Promise<void> {
    await appendFile(this.path, bytes);
    await utimes(this.path, this.#now() / 1000, this.#now() / 1000);
  }

  /** Appends what is missing of the last record. */
  async complete(): Promise<void> {
    if (this.#half.length > 0) await this.#write(this.#half);
    this.#half = Buffer.alloc(0);
  }

  async rotate(way: number): Promise<void> {
    await this.complete();
    if (this.isEmpty) return;
    this.rotations += 1;
    const to = `${this.path}.20261124-${String(100_000 + this.rotations)}`;
    if (way < 0.4) await rename(this.path, to);
    else if (way < 0.6) {
      await copyFile(this.path, to);
      await truncate(this.path, 0);
    } else if (way < 0.8) {
      await writeFile(`${to}.gz`, gzipSync(await readFile(this.path)));
      await rm(this.path);
    } else {
      await writeFile(`${to}.gz`, gzipSync(await readFile(this.path)));
      await truncate(this.path, 0);
    }
    if (way < 0.6) this.plain.push(to);
    this.contents.push([]);
  }

  /** Compresses the oldest rotated file. */
  async compress(): Promise<void> {
    const path = this.plain.shift();
    if (path === undefined) return;
    await writeFile(`${path}.gz`, gzipSync(await readFile(path)));
    await rm(path);
  }
}

class Schedule {
  readonly #seed: number;
  readonly #host: TestHost;
  readonly #random: () => number;
  readonly #logs: readonly WrittenLog[];
  readonly #history: string[] = [];
  #kills = 0;

  constructor(seed: number, host: TestHost, materials: readonly Material[]) {
    this.#seed = seed;
    this.#host = host;
    this.#random = generator(seed);
    this.#logs = materials.map((material) => {
      const first = Math.floor(this.#random() * material.records.length * 0.5);
      return new WrittenLog(material, join(host.logs, material.name), first, () => host.now());
    });
    const spoolBytes = this.#random() < 0.3 ? 300_000 : 64 * 1024 * 1024;
    const batchRecords = 1 + Math.floor(this.#random() * 200);
    host.limits = { ...host.limits, batchRecords, spoolBytes };
  }

  async run(): Promise<Outcome> {
    await this.#host.start();
    const steps = 20 + Math.floor(this.#random() * 40);
    for (let step = 0; step < steps; step++) await this.#step();
    for (const log of this.#logs) await log.complete();
    this.#host.fileSystem.refuse = () => undefined;
    // A small spool must be emptied again and again.
    for (let times = 0; times < 12; times++) {
      await this.#host.settle();
      await this.#host.take();
    }
    const source = this.#host.sources.find(({ id }) => id === '389-directory-server');
    if (source === undefined) throw new Error('the source is missing');
    const expected = this.#logs.flatMap(({ material, contents }) =>
      readAtOnce(
        source,
        material.log,
        contents.map((parts) => Buffer.concat(parts)),
      ),
    );
    const byPosition = (records: readonly Spooled[]): readonly Spooled[] =>
      records.toSorted((one, other) => one.position - other.position);
    return {
      expected: expected.filter((records) => records.length > 0),
      taken: [...this.#host.taken.values()].map(byPosition),
      history: [`seed ${this.#seed}`, ...this.#history],
      status: this.#host.reading?.status(),
      kills: this.#kills,
      rotations: this.#logs.reduce((sum, log) => sum + log.rotations, 0),
    };
  }

  async #step(): Promise<void> {
    const log = this.#logs[Math.floor(this.#random() * this.#logs.length)];
    const dice = this.#random();
    if (log === undefined) return;
    if (dice < 0.3) await this.#do('append', () => log.append(1 + Math.floor(this.#random() * 150), this.#part()));
    else if (dice < 0.5) await this.#do('round', () => this.#round());
    else if (dice < 0.6) await this.#do('rotate', () => log.rotate(this.#random()));
    else if (dice < 0.64) await this.#do('compress', () => log.compress());
    else if (dice < 0.7) await this.#do('rest', () => this.#rest());
    else if (dice < 0.8) await this.#do('take', () => this.#host.take(Math.floor(this.#random() * 5)));
    else if (dice < 0.86) await this.#do('kill', () => this.#kill());
    else if (dice < 0.92) await this.#do('kill within', () => this.#killWithin());
    else if (dice < 0.95) await this.#do('restart', () => this.#restart());
    else await this.#do('disk', () => this.#failDisk());
  }

  async #do(what: string, work: () => Promise<void>): Promise<void> {
    this.#history.push(what);
    await work();
  }

  /** How much of what is appended arrives now. */
  #part(): number {
    return this.#random() < 0.5 ? 1 : this.#random();
  }

  async #round(): Promise<void> {
    this.#host.ahead += 50;
    if (this.#random() < 0.5) await this.#host.reading?.apply(this.#host.profile);
    await this.#host.reading?.round();
  }

  /** Time goes by, while what is written is whole. */
  async #rest(): Promise<void> {
    const ms = 3000 + Math.floor(this.#random() * 8000);
    // Longer, and a reader gives up waiting for what explains a record.
    if (this.#logs.some((log) => log.restedMs + ms > 30_000)) return;
    for (const log of this.#logs) {
      await log.complete();
      log.restedMs += ms;
    }
    this.#host.ahead += ms;
    await this.#host.rounds();
  }

  async #kill(): Promise<void> {
    this.#kills += 1;
    await this.#host.kill(this.#random() < 0.7 ? this.#random : undefined);
    await this.#host.start();
  }

  /** Kills while a round is under way, at one of its operations on the disk. */
  async #killWithin(): Promise<void> {
    let left = Math.floor(this.#random() * 60);
    let killed: () => void = () => {};
    const death = new Promise<void>((resolve) => {
      killed = resolve;
    });
    const { fileSystem } = this.#host;
    fileSystem.before = async () => {
      left -= 1;
      if (left !== 0) return;
      await fileSystem.kill();
      killed();
    };
    await Promise.race([death, this.#host.rounds()]);
    await this.#kill();
  }

  async #restart(): Promise<void> {
    await this.#host.stop();
    await this.#host.start();
  }

  /** For some rounds, the disk of the agent's own files takes nothing. */
  async #failDisk(): Promise<void> {
    const { fileSystem, folder } = this.#host;
    const names = this.#random() < 0.5 ? ['write'] : this.#random() < 0.5 ? ['sync'] : ['rename', 'syncFolder'];
    let left = 1 + Math.floor(this.#random() * 5);
    fileSystem.refuse = ({ name, path }) => {
      if (!names.includes(name) || !path.startsWith(join(folder, 'agent'))) return undefined;
      left -= 1;
      return left < 0 ? undefined : diskFull(path);
    };
    for (let times = 0; times < 4; times++) await this.#round();
    fileSystem.refuse = () => undefined;
  }
}

/** Mulberry32: small, seeded, good enough to choose. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
