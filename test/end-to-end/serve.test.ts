import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { run, start } from './run-meridian.ts';

// Each test starts several processes; a busy machine takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const demo = fileURLToPath(new URL('../../demo/slapd-corp/', import.meta.url));

let folder: string;
let data: string;
let server: ChildProcess;
let said = '';
let url = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-serve-'));
  data = join(folder, 'data');
  server = start(['serve', '--demo', '--data', data, '--port', '0']);
  await new Promise<void>((resolve, reject) => {
    server.on('close', () => reject(new Error(said)));
    server.stderr?.on('data', (part: Buffer) => {
      said += part.toString();
      if (said.includes('Ctrl-C')) resolve();
    });
  });
  url = /http:\/\/[0-9.:]+/.exec(said)?.[0] ?? '';
});
afterAll(() => {
  server.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

test('it loads the demo log, and says where to go and what to type', () => {
  expect(said).toContain('8,562 events');
  expect(said).toContain(`answers at ${url}`);
  expect(said).toContain(`${data}/token`);
  expect(said).not.toContain(readFileSync(join(data, 'token'), 'utf8').trim());
});

test('query over the same data directory goes to it by itself', async () => {
  expect(await run(['query', '', '--count', '--data', data])).toEqual({ status: 0, out: '8562\n', error: '' });
  const words = ['requestType: BIND and resultCode: 49', '--data', data];
  const groups = await run(['query', ...words, '--group-by', 'sourceIp', '--limit', '1', '--format', 'csv']);
  expect(groups.out.split('\r\n')[1]).toMatch(/^127\.0\.66\.9,103,/);
  const rows = await run(['query', ...words, '--format', 'ndjson']);
  expect(rows.out.trimEnd().split('\n')).toHaveLength(Number((await run(['query', ...words, '--count'])).out));
  expect(await run(['query', 'tags: nonsense', '--data', data])).toMatchObject({
    status: 1,
    error: expect.stringContaining('8,562 events'),
  });
  expect(await run(['query', '(', '--data', data])).toMatchObject({ status: 2 });
});

test('ingest over the same data directory goes to it, and adds nothing twice', async () => {
  const log = gunzipSync(readFileSync(join(demo, 'access.gz')))
    .toString('latin1')
    .replaceAll('127.0.', '198.51.')
    .split('\n')
    .slice(0, 2000);
  const path = join(folder, 'access');
  writeFileSync(path, Buffer.from(`${log.join('\n')}\n`, 'latin1'));
  const first = JSON.parse((await run(['ingest', '--format', 'json', '--data', data, path])).out);
  expect(first).toMatchObject({ balanced: true, known: 0, deadLetters: 0 });
  const again = JSON.parse((await run(['ingest', '--format', 'json', '--data', data, path])).out);
  expect(again).toMatchObject({ balanced: true, known: first.events });
  expect(Number((await run(['query', 'sourceIp: 198.51.0.0/16', '--count', '--data', data])).out)).toBeGreaterThan(
    1500,
  );
  expect(Number((await run(['query', '', '--count', '--data', data])).out)).toBe(8562 + first.events);
});

test('a server elsewhere is reached with its URL and its token', async () => {
  const token = readFileSync(join(data, 'token'), 'utf8').trim();
  const words = ['query', '', '--count', '--server', url];
  expect(await run(words)).toMatchObject({ status: 2, error: expect.stringContaining('MERIDIAN_TOKEN') });
  expect(await run(words, { env: { MERIDIAN_TOKEN: token } })).toMatchObject({ status: 0 });
  const away = await run(['query', '', '--server', 'http://127.0.0.1:9'], { env: { MERIDIAN_TOKEN: token } });
  expect(away).toMatchObject({ status: 3, error: expect.stringContaining('server-unreachable') });
  expect(await run(['doctor', '--data', data])).toMatchObject({ status: 0, out: expect.stringContaining(url) });
});

test('a second server for the same directory is refused', async () => {
  const second = await run(['serve', '--data', data, '--port', '0']);
  expect(second).toMatchObject({ status: 3, error: expect.stringContaining('store-in-use') });
});

test('it ends in good order, and the data is there afterwards', async () => {
  const ended = new Promise<number | null>((resolve) => server.on('close', resolve));
  server.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(existsSync(join(data, 'serving'))).toBe(false);
  expect(Number((await run(['query', '', '--count', '--data', data])).out)).toBeGreaterThan(8562);
  expect(await run(['doctor', '--data', data])).toMatchObject({ status: 0 });
});
