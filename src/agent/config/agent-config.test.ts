import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AppError } from '#error';
import { loadAgentConfig } from './agent-config.ts';
import { parseListen } from './parse-setting.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-config-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function load(text: string, env: Record<string, string> = {}): ReturnType<typeof loadAgentConfig> {
  const file = join(folder, 'agent.yaml');
  await writeFile(file, text);
  return loadAgentConfig({ file, env });
}

async function refusal(text: string): Promise<string> {
  try {
    await load(text);
    return 'taken';
  } catch (thrown) {
    return thrown instanceof AppError ? thrown.code : String(thrown);
  }
}

test('an empty file gives the defaults', async () => {
  expect(await load('')).toMatchObject({
    servers: [],
    stateFolder: '/var/lib/meridian-agent',
    statusFile: '/var/lib/meridian-agent/status.json',
    allowedPaths: ['/var/log/dirsrv/'],
    collect: { listen: [] },
  });
});

test('file and environment: the environment wins', async () => {
  const config = await load(
    'servers: [https://a.example.com/, "https://b.example.com:8420"]\nallowedPaths: /srv/logs\ntags: [eu, dmz]\n' +
      'collect:\n  listen: ["*:5514"]\n',
    { MERIDIAN_AGENT_SERVERS: 'https://c.example.com,http://127.0.0.1:8420', MERIDIAN_AGENT_STATE: '/tmp/state' },
  );
  expect(config).toMatchObject({
    servers: ['https://c.example.com', 'http://127.0.0.1:8420'],
    stateFolder: '/tmp/state',
    allowedPaths: ['/srv/logs/'],
    tags: ['eu', 'dmz'],
    collect: { listen: ['*:5514'] },
  });
});

test.each([
  ['servers: http://meridian.example.com', 'setting-invalid'],
  ['servers: https://user:secret@meridian.example.com', 'setting-invalid'],
  ['servers: file:///etc/passwd', 'setting-invalid'],
  ['stateFolder: relative/folder', 'setting-invalid'],
  ['stateFolder: [/a, /b]', 'setting-invalid'],
  ['tags: ["a b"]', 'setting-invalid'],
  ['pins: sha256/short', 'setting-invalid'],
  ['pins: "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="', 'taken'],
  ['collect: {listen: "host:70000"}', 'setting-invalid'],
  ['collect: yes', 'setting-invalid'],
  ['log: {level: loud}', 'setting-invalid'],
  ['token: abc', 'setting-unknown'],
  ['servers: [', 'setting-invalid'],
  ['- a', 'setting-invalid'],
])('%s is %s', async (text, expected) => {
  expect(await refusal(text)).toBe(expected);
});

test('a named file must exist, the usual one need not', async () => {
  await expect(loadAgentConfig({ file: join(folder, 'none.yaml'), env: {} })).rejects.toMatchObject({
    code: 'file-missing',
  });
});

test.each([
  ['127.0.0.1:514', { host: '127.0.0.1', port: 514 }],
  ['[::1]:6514', { host: '::1', port: 6514 }],
  ['*:5514', { host: '*', port: 5514 }],
  ['514', undefined],
  ['a b:514', undefined],
  [':514', undefined],
])('%s as an address', (text, expected) => {
  expect(parseListen(text)).toEqual(expected);
});

test('fuzz: any file is read or refused with a code', async () => {
  const runs = Number(process.env['FUZZ_RUNS'] ?? 100);
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), async (text) => {
      expect(await refusal(text)).toMatch(/^(taken|setting-(invalid|unknown))$/);
    }),
    { numRuns: runs },
  );
});
