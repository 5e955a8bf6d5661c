import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The script users run. */
export const meridian: string = fileURLToPath(new URL('../../meridian', import.meta.url));

/** What a run printed, and how it ended. */
export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly error: string;
}

/** Choices for a run. */
export interface RunOptions {
  readonly input?: Buffer | string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Longest life of the process, in milliseconds. */
  readonly timeoutMs?: number;
}

const runMsMax = 120_000;

/** Starts `meridian` as a process, on the Node the test runs on. */
export function start(words: readonly string[], options: RunOptions = {}): ChildProcess {
  return spawn(process.execPath, [meridian, ...words], {
    stdio: 'pipe',
    timeout: options.timeoutMs ?? runMsMax,
    cwd: options.cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...options.env },
  });
}

/** Runs `meridian` to its end. */
export function run(words: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const child = start(words, options);
  const out: Buffer[] = [];
  const error: Buffer[] = [];
  child.stdout?.on('data', (part: Buffer) => out.push(part));
  child.stderr?.on('data', (part: Buffer) => error.push(part));
  // A command that wants no input may have ended before it is written.
  child.stdin?.on('error', () => {});
  child.stdin?.end(options.input ?? '');
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ status: code ?? -1, out: Buffer.concat(out).toString(), error: Buffer.concat(error).toString() });
    });
  });
}
