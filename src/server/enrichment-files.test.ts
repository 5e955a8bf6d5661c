import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestServer, type TestServer, testToken } from './test-server.ts';

let folder = '';
let server: TestServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'enrichment-files-'));
  server = await openTestServer({ enrichFolder: folder, limits: { uploads: 2 } });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const token = { authorization: `Bearer ${testToken}` };
const bytes = { ...token, 'content-type': 'application/octet-stream' };
const zones = 'cidr,zone\n10.20.0.0/16,server\nnowhere,user\n';

function send(method: 'PUT' | 'POST', path: string, payload: string | Buffer, headers: Record<string, string> = bytes) {
  return server.app.inject({ method, url: `/api/v1/enrichment/files/${path}`, headers, payload });
}

async function state(): Promise<{
  files: { entries: number; skipped: number }[];
  former: { id: string }[];
  zones: number;
}> {
  return (await server.app.inject({ url: '/api/v1/enrichment', headers: token })).json();
}

test('a file is previewed, put in place and in use at once, removed, and brought back', async () => {
  const preview = (await send('POST', 'zones/preview?form=csv', zones)).json();
  expect(preview).toMatchObject({ usable: true, accepted: 1, skipped: 1, file: 'zones.csv', replaces: '' });
  expect((await state()).files).toEqual([]);

  const query = `form=csv&version=${preview.version}&replaces=${preview.replaces}`;
  expect((await send('PUT', `zones?${query}`, zones)).statusCode).toBe(200);
  expect((await state()).files).toMatchObject([
    { kind: 'zones', entries: 1, skipped: 1, upload: { kind: 'zones', name: '', file: 'zones.csv' } },
  ]);
  const found = await server.app.inject({
    method: 'POST',
    url: '/api/v1/enrichment/look-up',
    headers: token,
    payload: { text: '10.20.0.7' },
  });
  expect(found.json()).toMatchObject({ kind: 'address', added: { sourceZone: 'server' } });

  expect((await send('PUT', `zones?${query}`, zones)).json().error.code).toBe('enrichment-changed');
  const removed = await server.app.inject({ method: 'DELETE', url: '/api/v1/enrichment/files/zones', headers: token });
  const { former } = removed.json();
  // What was removed on purpose is nothing to be warned of.
  expect(await state()).toMatchObject({ zones: 0, notices: [] });
  const back = await send('POST', 'zones/restore', JSON.stringify({ former }), {
    ...token,
    'content-type': 'application/json',
  });
  expect(back.json()).toEqual({ form: 'csv', bytes: zones.length });
  expect((await state()).zones).toBe(1);
  expect(readFileSync(join(folder, 'zones.csv'), 'utf8')).toBe(zones);
});

test('the audit trail says who put, removed and brought back what', async () => {
  await server.app.inject({ method: 'DELETE', url: '/api/v1/enrichment/files/zones?name=absent', headers: token });
  const { entries } = (await server.app.inject({ url: '/api/v1/audit', headers: token })).json();
  const noted = entries
    .filter(({ action }: { action: string }) => action.startsWith('enrichment.'))
    .map(({ action, object, detail }: Record<string, string>) => [action, object, detail?.replace(/version .*/, '')]);
  expect(noted).toEqual([
    ['enrichment.restore', 'zones', expect.stringMatching(/^\d{13}-0\.csv$/)],
    ['enrichment.remove', 'zones', ''],
    ['enrichment.put', 'zones', '1 rows, 43 bytes, '],
  ]);
});

describe('what is refused', () => {
  test.each<[string, string, Record<string, string>, number, string]>([
    ['a kind that is none', 'secrets?form=csv', bytes, 400, 'enrichment-name-invalid'],
    ['a path for a name', 'intelligence?form=txt&name=..%2F..%2Fx', bytes, 400, 'enrichment-name-invalid'],
    ['a path for a kind', '..%2F..?form=csv', bytes, 400, 'enrichment-name-invalid'],
    ['a form it cannot have', 'zones?form=exe', bytes, 400, 'enrichment-name-invalid'],
    ['no form', 'zones', bytes, 400, 'request-invalid'],
    ['a compressed body', 'zones?form=csv', { ...bytes, 'content-encoding': 'gzip' }, 415, 'media-type-unknown'],
    ['another media type', 'zones?form=csv', { ...token, 'content-type': 'text/csv' }, 415, 'media-type-unknown'],
    ['what cannot be read', 'assets?form=csv', bytes, 422, 'enrichment-upload-invalid'],
  ])('%s', async (_, path, headers, status, code) => {
    const answer = await send('PUT', path, 'x\n1\n', headers);
    expect([answer.statusCode, answer.json().error?.code]).toEqual([status, code]);
  });

  test.each<[string, string, Record<string, string>, string]>([
    ['a body without end', 'zones/preview?form=yaml', bytes, 'enrichment-upload-too-large'],
    [
      'a body that is not read',
      'zones/preview?form=csv',
      { ...bytes, 'content-encoding': 'gzip' },
      'media-type-unknown',
    ],
    ['a kind that is none', 'secrets/preview?form=csv', bytes, 'enrichment-name-invalid'],
  ])('%s is told so while it is being sent', async (_, path, headers, code) => {
    const { answer, sending } = await open('POST', path, headers);
    for (let count = 0; count < 12; count++) sending.write(Buffer.alloc(262_144));
    sending.end();
    expect(JSON.parse(await answer).error.code).toBe(code);
    await finished(sending);
  });
});

test('who sends slowly holds nobody up; those that are too many are told so', async () => {
  const slow = await open('PUT', 'zones?form=csv&name=slow', bytes);
  slow.sending.write(zones);
  expect((await send('POST', 'zones/preview?form=csv', zones)).json()).toMatchObject({ accepted: 1 });
  const other = await open('PUT', 'zones?form=csv&name=other', bytes);
  other.sending.write(zones);
  const refused = await open('PUT', 'zones?form=csv&name=third', bytes);
  for (let count = 0; count < 12; count++) refused.sending.write(Buffer.alloc(262_144));
  refused.sending.end();
  expect(JSON.parse(await refused.answer).error.code).toBe('server-busy');
  for (const { sending, answer } of [other, slow]) {
    sending.end();
    expect(JSON.parse(await answer)).toMatchObject({ accepted: 1 });
  }
});

/** Begins a request whose body is sent piece by piece; resolves when the server has its head. */
async function open(method: 'PUT' | 'POST', path: string, headers: Record<string, string>) {
  const url = new URL(`/api/v1/enrichment/files/${path}`, await server.listen());
  const sending = httpRequest(url, {
    method,
    headers: { ...headers, 'transfer-encoding': 'chunked', expect: '100-continue' },
  });
  const answer = new Promise<string>((resolve, reject) => {
    sending.on('error', reject);
    sending.on('response', (response) => text(response).then(resolve, reject));
  });
  sending.flushHeaders();
  await once(sending, 'continue');
  return { sending, answer };
}

test('kinds come with columns, limits and samples', async () => {
  const { kinds } = (await server.app.inject({ url: '/api/v1/enrichment/kinds', headers: token })).json();
  expect(kinds).toHaveLength(11);
  expect(kinds[0]).toMatchObject({
    kind: 'zones',
    names: 'may',
    forms: [{ form: 'csv', bytesMax: 67_108_864 }, {}, {}, {}],
  });
});
