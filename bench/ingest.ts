import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '#store';
import { usageOf } from './process-usage.ts';

const root = join(import.meta.dirname, '..');

/** What `meridian ingest` of a log took. */
export interface IngestRun {
  readonly lines: number;
  readonly events: number;
  readonly wallSeconds: number;
  readonly linesPerSecond: number;
  /** Processor time of all threads, in seconds. */
  readonly processorSeconds: number;
  /** Most memory resident at any time, in bytes. */
  readonly peakBytes: number;
  /** On disk once merged, raw lines and indexes included, per event. */
  readonly bytesPerEvent: number;
}

/** Runs the command as a user would, from a checkout, into a fresh data directory. */
export async function measureIngest(log: string, lines: number): Promise<IngestRun> {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-bench-'));
  const data = join(folder, 'data');
  try {
    const before = process.hrtime.bigint();
    const { peakBytes, processorSeconds } = await runWatched(['ingest', '--data', data, log]);
    const wallSeconds = Number(process.hrtime.bigint() - before) / 1e9;
    const store = await openStore({ kind: 'embedded', directory: data });
    await store.compact();
    const { events, bytes } = await store.stats();
    await store.close();
    return {
      lines,
      events,
      wallSeconds,
      linesPerSecond: Math.round(lines / wallSeconds),
      processorSeconds,
      peakBytes,
      bytesPerEvent: bytes / events,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Watched {
  readonly peakBytes: number;
  readonly processorSeconds: number;
}

/** Gives the peak of resident memory and the processor time, as the system counted them. */
async function runWatched(args: readonly string[]): Promise<Watched> {
  const child = spawn(join(root, 'meridian'), args, { stdio: 'ignore' });
  let peakBytes = 0;
  let processorSeconds = 0;
  const timer = setInterval(() => {
    const usage = usageOf(child.pid);
    peakBytes = Math.max(peakBytes, usage?.peakBytes ?? 0);
    processorSeconds = Math.max(processorSeconds, usage?.processorSeconds ?? 0);
  }, 50);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      clearInterval(timer);
      if (status === 0) resolve({ peakBytes, processorSeconds });
      else reject(new Error(`ingest ended with status ${status}`));
    });
  });
}
