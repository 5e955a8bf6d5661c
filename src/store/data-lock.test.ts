import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '#error';
import { takeDataDirectory } from './data-lock.ts';
import { openStore } from './open-store.ts';

let directory: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'meridian-lock-'));
});
afterEach(() => {
  child?.kill();
  child = undefined;
  rmSync(directory, { recursive: true, force: true });
});

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'done';
  } catch (thrown) {
    return thrown instanceof AppError ? thrown.code : String(thrown);
  }
}

test('a directory has one owner, until it is released', () => {
  const lock = takeDataDirectory(directory);
  expect(lock.tookOver).toBe(false);
  expect(codeOf(() => takeDataDirectory(directory))).toBe('store-in-use');
  lock.release();
  takeDataDirectory(directory).release();
  expect(existsSync(join(directory, 'lock'))).toBe(false);
});

test('a process that lives keeps it, and the error names it', async () => {
  child = spawn('sleep', ['60']);
  const started = readFileSync(`/proc/${child.pid}/stat`, 'latin1').split(') ')[1]?.split(' ')[19];
  writeFileSync(join(directory, 'lock'), `${child.pid} ${started}\n`);
  expect(() => takeDataDirectory(directory)).toThrow(`process ${child.pid}`);
  await expect(openStore({ kind: 'embedded', directory })).rejects.toMatchObject({ code: 'store-in-use', exit: 3 });
});

test.each([
  ['of a process that died', '999999999 5\n'],
  ['of a process whose number another one has now', `${process.ppid} 1\n`],
  ['that is damaged', 'x'],
  ['that is empty', ''],
])('a lock %s is taken over', (_, text) => {
  writeFileSync(join(directory, 'lock'), text);
  const lock = takeDataDirectory(directory);
  expect(lock.tookOver).toBe(true);
  lock.release();
});

test('a lock that another process took meanwhile is not released', () => {
  const lock = takeDataDirectory(directory);
  writeFileSync(join(directory, 'lock'), '1 1\n');
  lock.release();
  expect(existsSync(join(directory, 'lock'))).toBe(true);
});

test('a directory of a newer version is refused before the engine touches it', async () => {
  writeFileSync(join(directory, 'store-version'), '999\n');
  await expect(openStore({ kind: 'embedded', directory })).rejects.toMatchObject({ code: 'store-newer' });
  expect(existsSync(join(directory, 'engine'))).toBe(false);
  expect(existsSync(join(directory, 'lock'))).toBe(false);
  writeFileSync(join(directory, 'store-version'), 'nonsense\n');
  await expect(openStore({ kind: 'embedded', directory })).rejects.toMatchObject({ code: 'store-damaged' });
});

test('a directory that cannot be one says so', async () => {
  const file = join(directory, 'file');
  writeFileSync(file, '');
  await expect(openStore({ kind: 'embedded', directory: join(file, 'below') })).rejects.toBeInstanceOf(AppError);
});

test.skipIf(process.getuid?.() === 0)(
  'a directory that may not be written is refused (not as root, who may)',
  async () => {
    chmodSync(directory, 0o500);
    await expect(openStore({ kind: 'embedded', directory })).rejects.toMatchObject({ code: 'store-forbidden' });
    chmodSync(directory, 0o700);
  },
);
