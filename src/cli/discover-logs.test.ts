import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSources } from '#source';
import { type Discovery, discoverLogs } from './discover-logs.ts';

const demo = fileURLToPath(new URL('../../demo/slapd-corp/', import.meta.url));
const access = gunzipSync(readFileSync(join(demo, 'access.gz')));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-discover-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function discover(...paths: string[]): Promise<Discovery> {
  return discoverLogs(paths.length === 0 ? [folder] : paths, await loadSources());
}

function setsOf({ sets }: Discovery): [string, string[]][] {
  return sets.map((set) => [set.log, set.files.map((file) => relative(folder, file.path))]);
}

function ignoredOf({ ignored }: Discovery): [string, string][] {
  return ignored.map((file) => [basename(file.path), file.why]);
}

test('the files of a log are put into the order of their rotation, compressed or not', async () => {
  copyFileSync(join(demo, 'access.gz'), join(folder, 'access.20261122-235959.gz'));
  for (const name of ['access', 'access.20261124-000000', 'access.20261123-000000'])
    writeFileSync(join(folder, name), access.subarray(0, 5000));
  writeFileSync(join(folder, 'access.rotationinfo'), 'LOGINFO:log file rotationinfo\n');
  copyFileSync(join(demo, 'errors.gz'), join(folder, 'errors.gz'));
  const found = await discover();
  expect(setsOf(found)).toEqual([
    ['access', ['access.20261122-235959.gz', 'access.20261123-000000', 'access.20261124-000000', 'access']],
    ['error', ['errors.gz']],
  ]);
  expect(ignoredOf(found)).toEqual([['access.rotationinfo', 'neighbour']]);
});

test('logs are recognized by content, in folders below, and each server has its own', async () => {
  mkdirSync(join(folder, 'slapd-a'));
  mkdirSync(join(folder, 'slapd-b', 'old'), { recursive: true });
  writeFileSync(join(folder, 'slapd-a', 'whatever.txt'), access.subarray(0, 3000));
  writeFileSync(join(folder, 'slapd-b', 'access'), access.subarray(0, 3000));
  writeFileSync(join(folder, 'slapd-b', 'old', 'access'), access.subarray(0, 3000));
  expect(setsOf(await discover())).toEqual([
    ['access', ['slapd-a/whatever.txt']],
    ['access', ['slapd-b/access']],
    ['access', ['slapd-b/old/access']],
  ]);
});

test('what is no log is told, with the reason', async () => {
  writeFileSync(join(folder, 'empty'), '');
  writeFileSync(join(folder, 'image'), Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 97) % 256)));
  writeFileSync(
    join(folder, 'apache'),
    '192.0.2.1 - - [24/Nov/2026:08:47:08 +0000] "GET / HTTP/1.1" 200 12\n'.repeat(20),
  );
  symlinkSync(join(folder, 'nowhere'), join(folder, 'broken-link'));
  symlinkSync(folder, join(folder, 'loop'));
  const found = await discover();
  expect(found.sets).toEqual([]);
  expect(ignoredOf(found)).toEqual([
    ['apache', 'unknown'],
    ['broken-link', 'unreadable'],
    ['empty', 'empty'],
    ['image', 'binary'],
    ['loop', 'unreadable'],
  ]);
});

test('a file named twice is read once', async () => {
  writeFileSync(join(folder, 'access'), access);
  expect(setsOf(await discover(join(folder, 'access'), folder))).toEqual([['access', ['access']]]);
});

test('a named path that is not there, or may not be read, is an error', async () => {
  await expect(discover(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'file-missing', exit: 3 });
  if (process.getuid?.() === 0) return;
  writeFileSync(join(folder, 'access'), access);
  chmodSync(join(folder, 'access'), 0);
  await expect(discover(join(folder, 'access'))).rejects.toMatchObject({ code: 'file-forbidden' });
});
