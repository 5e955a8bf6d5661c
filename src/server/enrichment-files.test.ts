import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestServer, type TestServer, testToken } from './test-server.ts';

let folder = '';
let server: TestServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'enrichment-files-'));
  server = await openTestServer({ enrichFolder: folder });
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

  test('a body without end is told so while it is being sent, and the connection stays whole', async () => {
    const url = new URL('/api/v1/enrichment/files/zones/preview?form=yaml', await server.listen());
    const answer = await new Promise<string>((resolve, reject) => {
      const sending = httpRequest(
        url,
        { method: 'POST', headers: { ...bytes, 'transfer-encoding': 'chunked' } },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (piece: string) => {
            text += piece;
          });
          response.on('end', () => resolve(text));
        },
      );
      sending.on('error', reject);
      const piece = Buffer.alloc(262_144);
      for (let count = 0; count < 12; count++) sending.write(piece);
      sending.end();
    });
    expect(JSON.parse(answer).error.code).toBe('enrichment-upload-too-large');
  });
});

test('kinds come with columns, limits and samples', async () => {
  const { kinds } = (await server.app.inject({ url: '/api/v1/enrichment/kinds', headers: token })).json();
  expect(kinds).toHaveLength(11);
  expect(kinds[0]).toMatchObject({
    kind: 'zones',
    names: 'may',
    forms: [{ form: 'csv', bytesMax: 67_108_864 }, {}, {}, {}],
  });
});
