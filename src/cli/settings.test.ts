import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadSettings } from './settings.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-settings-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function written(text: string): string {
  const path = join(folder, 'meridian.yaml');
  writeFileSync(path, text);
  return path;
}

/** Nine times nine times … the same text. */
const bomb = 'abcdefg'
  .split('')
  .map(
    (name, at, names) =>
      `${name}: &${name} [${Array.from({ length: 9 }, () => (at === 0 ? 'x' : `*${names[at - 1]}`)).join(', ')}]\n`,
  )
  .join('');

test('defaults are what the table says', async () => {
  expect(await loadSettings({ env: {}, flags: {} })).toMatchObject({
    data: './meridian-data',
    'listen.port': 8420,
    'listen.host': '127.0.0.1',
    zone: 'UTC',
    server: undefined,
  });
});

test('a flag wins over the environment, the environment over the file', async () => {
  const file = written('data: /file\nlisten:\n  port: 1\n  host: 192.0.2.1\nzone: Europe/Berlin\n');
  const env = { MERIDIAN_DATA: '/env', PORT: '2', MERIDIAN_ZONE: '' };
  expect(await loadSettings({ file, env, flags: { data: '/flag' } })).toMatchObject({
    data: '/flag',
    'listen.port': 2,
    'listen.host': '192.0.2.1',
    zone: 'Europe/Berlin',
  });
  expect(await loadSettings({ env: { ...env, MERIDIAN_CONFIG: file }, flags: {} })).toMatchObject({
    data: '/env',
    zone: 'Europe/Berlin',
  });
  expect((await loadSettings({ env: { PORT: '2', MERIDIAN_PORT: '3' }, flags: {} }))['listen.port']).toBe(3);
});

test.each([
  ['an empty file', ''],
  ['comments alone', '# nothing\n'],
])('%s changes nothing', async (_, text) => {
  expect((await loadSettings({ file: written(text), env: {}, flags: {} })).data).toBe('./meridian-data');
});

test.each([
  ['a name that is none', 'dta: x', 'setting-unknown', 'dta'],
  ['a nested name that is none', 'listen: { prt: 1 }', 'setting-unknown', 'listen.prt'],
  ['a name of JavaScript', '__proto__: { port: 1 }', 'setting-unknown', '__proto__'],
  ['a value in the place of names', 'listen: 8420', 'setting-invalid', 'names'],
  ['a list', '- a', 'setting-invalid', 'names'],
  ['no port', 'listen: { port: 70000 }', 'setting-invalid', 'port'],
  ['no port, as text', 'listen: { port: many }', 'setting-invalid', 'many'],
  ['no URL', 'store: { url: "file:///etc/passwd" }', 'setting-invalid', 'http'],
  ['no zone', 'zone: Mars/Olympus', 'setting-invalid', 'zone'],
  ['a map as a text', 'data: { a: b }', 'setting-invalid', 'path'],
  ['no YAML', 'data: [', 'setting-invalid', 'YAML'],
  ['brackets without end', '['.repeat(100_000), 'setting-invalid', 'deep'],
  ['a bomb of aliases', bomb, 'setting-invalid', 'YAML'],
  ['the same name twice', 'data: a\ndata: b', 'setting-invalid', 'YAML'],
])('refuses %s', async (_, text, code, word) => {
  await expect(loadSettings({ file: written(text), env: {}, flags: {} })).rejects.toThrowError(
    expect.objectContaining({ code, exit: 2, message: expect.stringContaining(word) }),
  );
});

test('a missing file is told, and a secret is not repeated', async () => {
  await expect(loadSettings({ file: join(folder, 'nowhere'), env: {}, flags: {} })).rejects.toThrowError(
    expect.objectContaining({ code: 'file-missing' }),
  );
  try {
    await loadSettings({ file: written('token: { hidden: hunter2 }'), env: {}, flags: {} });
    expect.unreachable();
  } catch (error) {
    expect(String(error)).not.toContain('hunter2');
  }
});
