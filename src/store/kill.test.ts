import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openStore } from './open-store.ts';
import { everything } from './test-events.ts';

const directory: string = mkdtempSync(join(tmpdir(), 'meridian-kill-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const seeds = Number(process.env['KILL_RUNS'] ?? 4);

/** More than can be written before the last kill. */
const total: number = seeds * 25_000;

/** Seeded, so that a failure can be had again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Run {
  readonly from: number;
  readonly durable: number;
  readonly done: boolean;
}

/** Runs the writer and kills it some time after it began to write. */
function run(rowsPerBlock: number, killAfterMs: number | undefined): Promise<Run> {
  return new Promise((resolve, reject) => {
    const script = join(import.meta.dirname, 'test-kill-writer.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', script, directory, String(total), String(rowsPerBlock)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    let timer: NodeJS.Timeout | undefined;
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (said.includes('from') && killAfterMs !== undefined)
        timer ??= setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    });
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      const durable = [...said.matchAll(/durable (\d+)/g)].at(-1)?.[1] ?? '0';
      resolve({ from: Number(/from (\d+)/.exec(said)?.[1]), durable: Number(durable), done: said.includes('done') });
    });
  });
}

test(
  `a process killed ${seeds} times while it writes loses nothing it acknowledged and doubles nothing`,
  async () => {
    const next = random(20_261_124);
    let reached = 0;
    let kills = 0;
    for (let round = 0; round < seeds; round++) {
      const { from, durable, done } = await run(50 + Math.floor(next() * 900), 30 + Math.floor(next() * 1200));
      // A checkpoint is never behind one that was seen, nor beyond what is stored.
      expect(from).toBeGreaterThanOrEqual(reached);
      reached = from;
      if (!done) kills += 1;
      const store = await openStore({ kind: 'embedded', directory });
      const count = await store.count(everything);
      const places = await store.groupBy(everything, ['position'], { limit: 1 });
      const checkpoint = await store.streams.get('stream-a', 0);
      await store.close();
      if (count > 0) expect(places[0]?.count).toBe(1);
      expect(count).toBeGreaterThanOrEqual(from / 100 + durable);
      expect(count).toBeGreaterThanOrEqual((checkpoint?.position ?? 0) / 100);
      if (done) break;
    }
    expect(kills).toBe(seeds);
    await run(1000, undefined);
    const store = await openStore({ kind: 'embedded', directory });
    expect(await store.count(everything)).toBe(total);
    expect((await store.groupBy(everything, ['position'], { limit: 1 }))[0]?.count).toBe(1);
    await store.close();
  },
  120_000 + seeds * 10_000,
);
