/**
 * Kills `meridian ingest` at random moments, again and again, then lets it finish: every event must be there exactly once.
 *
 * Seeded: the same seed kills at the same moments (as far as a clock is a clock). `npm run soak` runs many seeds, the test
 * suite a few.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const root = join(import.meta.dirname, '../..');
const meridian = join(root, 'meridian');
/** Copies of the demo log in the log that is read: enough to take some seconds. */
const copies = 20;
/** Longest time a run may live before it is killed, in milliseconds; some end by themselves before. */
const killWithinMs = 4000;
const runMsMax = 120_000;

/** What a seed came to. */
export interface Outcome {
  readonly seed: number;
  /** Runs that were killed before they had ended. */
  readonly killed: number;
  readonly expected: number;
  /** Events in the store, and different event ids among them. */
  readonly stored: number;
  readonly distinct: number;
}

/** Writes the log all seeds read; gives its path. */
export function makeLog(folder: string): string {
  const demo = gunzipSync(readFileSync(join(root, 'demo/slapd-corp/access.gz')));
  const path = join(folder, 'access');
  writeFileSync(path, Buffer.concat(Array.from({ length: copies }, () => demo)));
  return path;
}

/** Counts the events a log makes, without a store. */
export async function expectedEvents(log: string): Promise<number> {
  const { out } = await run(['parse', log]);
  return out.split('\n').length - 1;
}

/** Runs one seed. */
export async function killNine(seed: number, log: string, expected: number): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-kill-'));
  const data = join(folder, 'data');
  const random = generator(seed);
  let killed = 0;
  try {
    const kills = 1 + Math.trunc(random() * 4);
    for (let kill = 0; kill < kills; kill++) {
      if (await runAndKill(['ingest', '--data', data, log], Math.trunc(random() * killWithinMs))) killed++;
    }
    const last = await run(['ingest', '--data', data, log]);
    if (last.status !== 0) throw new Error(`the last run failed with ${last.status}: ${last.error}`);
    const ids = await run([
      'query',
      '',
      '--data',
      data,
      '--fields',
      'eventId',
      '--format',
      'ndjson',
      '--limit',
      String(expected * 2),
    ]);
    const lines = ids.out.split('\n').filter((line) => line !== '');
    return { seed, killed, expected, stored: lines.length, distinct: new Set(lines).size };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runAndKill(args: readonly string[], afterMs: number): Promise<boolean> {
  const child = spawn(meridian, args, { stdio: 'ignore', detached: true });
  return new Promise((resolve, reject) => {
    let killed = false;
    const timer = setTimeout(() => {
      killed = true;
      // The script may have a child of its own: the whole group goes.
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, afterMs);
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      resolve(killed);
    });
  });
}

async function run(args: readonly string[]): Promise<{ out: string; error: string; status: number }> {
  const child = spawn(meridian, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: runMsMax });
  const parts: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  child.stderr.on('data', (part: Buffer) => errors.push(part));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      resolve({ out: Buffer.concat(parts).toString(), error: Buffer.concat(errors).toString(), status: status ?? -1 });
    });
  });
}

/** Mulberry32: small, seeded, good enough to choose moments. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
