import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createLogger } from '#log';
import { loadSources, type Source } from '#source';
import { DiskReading } from './reading/disk-reading.ts';
import {
  defaultProfileLimits,
  type ProfileLimits,
  type ReadingProfile,
  type ReadingSource,
} from './reading/reading.ts';
import { TestFileSystem } from './test-file-system.ts';

const log = createLogger('silent');

/** A record or dead letter as it was spooled. */
export type Spooled = Readonly<Record<string, unknown>> & { readonly position: number };

/** A host with logs and an agent that reads them, in a folder of its own. */
export class TestHost {
  readonly folder: string;
  readonly logs: string;
  readonly sources: readonly Source[];
  fileSystem: TestFileSystem = new TestFileSystem();
  reading: DiskReading | undefined;
  limits: ProfileLimits = { ...defaultProfileLimits, intervalMs: 0 };
  source: Partial<ReadingSource> = {};
  /** Milliseconds the clock is ahead. */
  ahead = 0;
  /** Milliseconds the clock was set ahead, in which no time passed. */
  setAhead = 0;
  /** What was taken out of the spool and acknowledged, by stream and generation. */
  readonly taken: Map<string, Spooled[]> = new Map();
  readonly lines: Map<string, { from: number; to: number; lines: number }[]> = new Map();

  readonly #sequences = new Map<number, string>();

  constructor(folder: string, sources: readonly Source[]) {
    this.folder = folder;
    this.logs = join(folder, 'slapd-test');
    this.sources = sources;
  }

  get profile(): ReadingProfile {
    const source: ReadingSource = {
      source: '389-directory-server',
      logs: ['access', 'security', 'audit', 'auditfail', 'error'],
      paths: [`${this.folder}/slapd-*/*`],
      ...this.source,
    };
    return { sources: [source], limits: this.limits, blackouts: [] };
  }

  now(): number {
    return Date.now() + this.ahead + this.setAhead;
  }

  /** Starts the agent; rounds are read by {@link rounds}. */
  async start(): Promise<DiskReading> {
    this.reading = new DiskReading({
      fileSystem: this.fileSystem,
      folder: join(this.folder, 'agent'),
      allowedFolders: [this.folder],
      sources: this.sources,
      profile: this.profile,
      clock: { now: () => this.now(), steady: () => Date.now() + this.ahead },
      log,
    });
    await this.reading.open();
    return this.reading;
  }

  /** Reads until nothing more comes; each round looks at all files. */
  async rounds(): Promise<void> {
    for (let quiet = 0; quiet < 2; ) {
      this.ahead += 10;
      await this.reading?.apply(this.profile);
      quiet = (await this.reading?.round()) === true ? 0 : quiet + 1;
    }
  }

  /** Lets everything rest so long that what is written counts as whole, and reads it. */
  async settle(): Promise<void> {
    for (let times = 0; times < 3; times++) {
      this.ahead += 120_000;
      await this.rounds();
    }
  }

  /** Ends the agent as `kill -9` does. */
  async kill(random: (() => number) | undefined): Promise<void> {
    await this.fileSystem.kill();
    if (random !== undefined) await this.fileSystem.tear(random);
    this.fileSystem = new TestFileSystem();
    this.reading = undefined;
  }

  async stop(): Promise<void> {
    await this.reading?.close();
    this.reading = undefined;
  }

  /** Takes all batches out of the spool, or as many as said. */
  async take(most: number = Number.POSITIVE_INFINITY): Promise<void> {
    const spool = this.reading?.spool;
    for (let taken = 0; taken < most; taken++) {
      const next = await spool?.next();
      if (spool === undefined || next === undefined) return;
      const { entry, body } = next;
      spool.acknowledge(entry);
      // An acknowledgement may be lost with the process; then the very same batch comes again, which servers know.
      const range = `${entry.fileId} ${entry.from}-${entry.to} ${body.length}`;
      const known = this.#sequences.get(entry.sequence);
      if (known !== undefined && known !== range)
        throw new Error(`entry ${entry.sequence} is ${range}, and was ${known}`);
      this.#sequences.set(entry.sequence, range);
      if (known !== undefined) continue;
      const key = spool.file(entry.fileId)?.stream ?? '';
      const records = this.taken.get(key) ?? [];
      this.taken.set(key, records);
      const lines = gunzipSync(body).toString().split('\n').slice(0, -1);
      for (const line of lines) records.push(JSON.parse(line));
      const ranges = this.lines.get(key) ?? [];
      this.lines.set(key, ranges);
      ranges.push({ from: entry.from, to: entry.to, lines: entry.lines });
    }
  }

  /** All records taken of all streams. */
  get records(): readonly Spooled[] {
    return [...this.taken.values()].flat();
  }
}

/** Makes a host; `clean` removes it. */
export async function createTestHost(): Promise<{ host: TestHost; clean: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'meridian-agent-'));
  const host = new TestHost(folder, await loadSources());
  return {
    host,
    clean: async () => {
      await host.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What a one-shot reading of the files of one log gives, by stream of no meaning: an element for each file. */
export function readAtOnce(source: Source, log: string, files: readonly Buffer[]): readonly (readonly Spooled[])[] {
  const reader = source.createReader({ log, restarts: [] });
  return files.map((content) => {
    const records: Spooled[] = [];
    const sink = {
      record: (rec: object) =>
        void records.push(JSON.parse(JSON.stringify({ ...rec, stream: undefined, generation: undefined }))),
      dead: ({
        position,
        log: kind,
        source: id,
        raw,
      }: {
        position: number;
        log: string;
        source: string;
        raw: string;
      }) => void records.push({ position, log: kind, source: id, raw }),
    };
    reader.startFile({ stream: '', generation: 0, position: 0 });
    for (let at = 0; at < content.length; at += 65_536) reader.push(content.subarray(at, at + 65_536), sink);
    reader.endFile(sink);
    return records;
  });
}
