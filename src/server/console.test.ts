import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from './app.ts';
import { openTestServer, type TestServer, testToken } from './test-server.ts';

let folder: string;
let server: TestServer;
let app: App;
let now = 1_800_000_000_000;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-console-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Meridian</title>');
  await writeFile(join(folder, 'assets', 'index-abc.js'), 'export {};');
  await writeFile(join(folder, 'assets', 'index-abc.js.br'), 'compressed');
  await writeFile(join(folder, 'scheme.js'), '// scheme');
  server = await openTestServer({ consoleFolder: folder, clock: () => now });
  app = server.app;
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const ownPage = { 'sec-fetch-site': 'same-origin' };

async function signIn(headers: Record<string, string> = ownPage): Promise<string> {
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1/session',
    headers,
    payload: { token: ` ${testToken}\n` },
  });
  expect(answer.statusCode).toBe(200);
  return String(answer.headers['set-cookie']);
}

function contentOf(cookie: string): string {
  return cookie.split(';')[0] ?? '';
}

describe('pages', () => {
  test.each(['/', '/hunt?q=a', '/sessions/x%2Fy', '/nowhere/at/all'])('%s is a page of the console', async (url) => {
    const answer = await app.inject({ url, headers: { accept: 'text/html' } });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.headers['cache-control']).toBe('no-cache');
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("style-src 'self'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });

  test.each([
    ['a route that is none', '/api/v1/nothing', 'text/html'],
    ['a file that is none', '/assets/nothing.js', '*/*'],
    ['a program at a wrong address', '/nothing', 'application/json'],
    ['a way out of the folder', '/assets/..%2f..%2fetc/passwd', '*/*'],
  ])('%s is not answered with a page', async (_, url, accept) => {
    const answer = await app.inject({ url, headers: { accept } });
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.json().error.code).toMatch(/route-unknown|request-invalid/);
  });

  test('files are sent compressed, and kept for ever when their name says what is in them', async () => {
    const script = await app.inject({ url: '/assets/index-abc.js', headers: { 'accept-encoding': 'br' } });
    expect(script.headers).toMatchObject({ 'content-encoding': 'br', 'x-content-type-options': 'nosniff' });
    expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(script.body).toBe('compressed');
    expect((await app.inject({ url: '/scheme.js' })).headers['cache-control']).toBe('no-cache');
  });
});

describe('sessions', () => {
  test('the token becomes a cookie that scripts cannot read and other sites do not send', async () => {
    const cookie = await signIn();
    expect(cookie).toMatch(/^meridian-session=[^;]+; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain(testToken);
    const secure = await signIn({ origin: 'https://meridian.example', host: 'meridian.example' });
    expect(secure).toMatch(/^__Host-meridian-session=.*; Secure$/);
  });

  test('with the cookie the API answers, until it is signed out', async () => {
    const cookie = contentOf(await signIn());
    const headers = { cookie: `other=1; ${cookie}`, ...ownPage };
    expect((await app.inject({ url: '/api/v1/fields', headers })).statusCode).toBe(200);
    expect((await app.inject({ url: '/api/v1/session', headers })).json()).toMatchObject({
      endsAt: now + 43_200_000,
      id: 'access-token',
      role: 'administrator',
    });
    const left = await app.inject({ method: 'DELETE', url: '/api/v1/session', headers });
    expect(left.headers['set-cookie']).toContain('Max-Age=0');
    const after = await app.inject({ url: '/api/v1/fields', headers });
    expect([after.statusCode, after.json().error.code]).toEqual([401, 'session-ended']);
  });

  test('it ends an hour after its last use, and after twelve hours', async () => {
    const headers = { cookie: contentOf(await signIn()), ...ownPage };
    const code = async (more: Record<string, string> = {}) =>
      (await app.inject({ url: '/api/v1/fields', headers: { ...headers, ...more } })).statusCode;
    for (let hour = 0; hour < 12; hour++) {
      expect([hour, await code()]).toEqual([hour, 200]);
      now += 3_599_999;
    }
    now += 12;
    expect(await code()).toBe(401);
    headers.cookie = contentOf(await signIn());
    now += 3_000_000;
    expect(await code({ 'meridian-background': '1' })).toBe(200);
    now += 600_000;
    expect(await code()).toBe(401);
  });

  test.each([
    ['cut', (cookie: string) => cookie.slice(0, -1)],
    ['made longer', (cookie: string) => `${cookie}A`],
    ['with another end', (cookie: string) => `${cookie.slice(0, -1)}${cookie.endsWith('A') ? 'B' : 'A'}`],
    ['empty', () => 'meridian-session='],
  ])('a cookie that was %s is none', async (_, change) => {
    const headers = { cookie: change(contentOf(await signIn())), ...ownPage };
    expect((await app.inject({ url: '/api/v1/fields', headers })).json().error.code).toBe('session-ended');
  });

  test.each([
    ['another site reading', 'GET', { 'sec-fetch-site': 'cross-site' }],
    ['another port of the host reading', 'GET', { 'sec-fetch-site': 'same-site' }],
    ['another site acting', 'POST', { 'sec-fetch-site': 'cross-site' }],
    ['a typed address acting', 'POST', { 'sec-fetch-site': 'none' }],
    ['another origin acting', 'POST', { origin: 'http://evil.example', host: 'meridian.example' }],
    ['nobody saying where from, acting', 'POST', {}],
  ] as const)('%s is refused', async (_, method, from) => {
    const cookie = contentOf(await signIn());
    const answer = await app.inject({ method, url: '/api/v1/events/count', headers: { cookie, ...from } });
    expect([answer.statusCode, answer.json().error.code]).toEqual([403, 'origin-foreign']);
  });

  test('signing in from another site is refused, and wrong tokens are counted', async () => {
    const payload = { token: testToken };
    const foreign = await app.inject({
      method: 'POST',
      url: '/api/v1/session',
      headers: { 'sec-fetch-site': 'cross-site' },
      payload,
    });
    expect(foreign.json().error.code).toBe('origin-foreign');
    const codes: string[] = [];
    for (let at = 0; at < 11; at++) {
      const wrong = await app.inject({
        method: 'POST',
        url: '/api/v1/session',
        headers: ownPage,
        payload: { token: `wrong-${at}` },
      });
      codes.push(wrong.json().error.code);
    }
    expect(codes.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'token-wrong'));
    expect(codes.at(-1)).toBe('attempts-exceeded');
    expect(server.logged()).not.toContain(testToken);
  });
});

test('retention is read, set and refused in words', async () => {
  const headers = { authorization: `Bearer ${testToken}` };
  expect((await app.inject({ url: '/api/v1/retention', headers })).json()).toEqual({ days: null, sources: {} });
  const wanted = { days: 90, sources: { '389-directory-server': 365 } };
  const set = await app.inject({ method: 'PUT', url: '/api/v1/retention', headers, payload: wanted });
  expect(set.json()).toEqual(wanted);
  expect((await app.inject({ url: '/api/v1/retention', headers })).json()).toEqual(wanted);
  const wrong = await app.inject({
    method: 'PUT',
    url: '/api/v1/retention',
    headers,
    payload: { days: 0, sources: {} },
  });
  expect([wrong.statusCode, wrong.json().error.code]).toEqual([400, 'request-invalid']);
});

test('system tells what the store says of itself', async () => {
  const headers = { authorization: `Bearer ${testToken}` };
  const { store } = (await app.inject({ url: '/api/v1/system', headers })).json();
  expect(store).toMatchObject({ kind: 'embedded', deadLetters: 0, problems: [] });
  expect(store.engineVersion).toMatch(/^\d+\./);
});
