import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '#store';

const root = join(import.meta.dirname, '..');

/** What `meridian ingest` of a log took. */
export interface IngestRun {
  readonly lines: number;
  readonly events: number;
  readonly wallSeconds: number;
  readonly linesPerSecond: number;
  /** Most memory resident at any time, in bytes. */
  readonly peakBytes: number;
  /** On disk a while later, raw lines and indexes included, per event. */
  readonly bytesPerEvent: number;
}

/** Runs the command as a user would, from a checkout, into a fresh data directory. */
export async function measureIngest(log: string, lines: number): Promise<IngestRun> {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-bench-'));
  const data = join(folder, 'data');
  try {
    const before = process.hrtime.bigint();
    const peakBytes = await runWatched(['ingest', '--data', data, log]);
    const wallSeconds = Number(process.hrtime.bigint() - before) / 1e9;
    const store = await openStore({ kind: 'embedded', directory: data });
    const { events, bytes } = await store.stats();
    await store.close();
    return {
      lines,
      events,
      wallSeconds,
      linesPerSecond: Math.round(lines / wallSeconds),
      peakBytes,
      bytesPerEvent: bytes / events,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Gives the peak of resident memory, as the system counted it. */
async function runWatched(args: readonly string[]): Promise<number> {
  const child = spawn(join(root, 'meridian'), args, { stdio: 'ignore' });
  let peak = 0;
  const timer = setInterval(() => {
    try {
      const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'));
      peak = Math.max(peak, Number(match?.[1] ?? 0) * 1024);
    } catch {
      // The process has ended.
    }
  }, 50);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      clearInterval(timer);
      if (status === 0) resolve(peak);
      else reject(new Error(`ingest ended with status ${status}`));
    });
  });
}
