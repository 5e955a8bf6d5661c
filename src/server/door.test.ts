import { readFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLogger } from '#log';
import type { App } from './app.ts';
import { startServer } from './start.ts';
import { openTestServer, type TestServer, testToken } from './test-server.ts';

let server: TestServer;
let app: App;
beforeAll(async () => {
  server = await openTestServer({ limits: { attempts: 3, bodyBytes: 10_000 } });
  app = server.app;
});
afterAll(() => server.close());

const authorization = `Bearer ${testToken}`;

describe('who may come in', () => {
  test.each(['/', '/health', '/ready', '/api/v1/openapi.json'])('%s is open to all', async (url) => {
    expect((await app.inject({ url })).statusCode).toBe(200);
  });

  test.each([
    ['no token', {}],
    ['another scheme', { authorization: `Basic ${testToken}` }],
    ['no scheme', { authorization: testToken }],
    ['two tokens', { authorization: `Bearer ${testToken} ${testToken}` }],
    ['an endless header', { authorization: `Bearer ${'a'.repeat(10_000)}` }],
  ])('%s is no token', async (_, headers) => {
    const answer = await app.inject({ url: '/api/v1/fields', headers });
    expect(answer.statusCode).toBe(401);
    expect(answer.json().error.code).toBe('token-missing');
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="meridian"');
  });

  test('wrong tokens are refused, then slowed; the right one always passes', async () => {
    const codes: string[] = [];
    for (let at = 0; at < 5; at++) {
      const answer = await app.inject({
        url: '/api/v1/fields',
        headers: { authorization: 'Bearer wrong' },
        remoteAddress: '192.0.2.9',
      });
      codes.push(answer.json().error.code);
      if (at === 4) expect(answer.headers['retry-after']).toMatch(/^\d+$/);
    }
    expect(codes).toEqual(['token-wrong', 'token-wrong', 'token-wrong', 'attempts-exceeded', 'attempts-exceeded']);
    expect(
      (await app.inject({ url: '/api/v1/fields', headers: { authorization }, remoteAddress: '192.0.2.9' })).statusCode,
    ).toBe(200);
    const other = await app.inject({
      url: '/api/v1/fields',
      headers: { authorization: 'Bearer wrong' },
      remoteAddress: '192.0.2.10',
    });
    expect(other.json().error.code).toBe('token-wrong');
  });

  test.each([
    ['a program on this host', '127.0.0.1', {}, 200],
    ['a program on this host, IPv6', '::1', { host: '[::1]:8420' }, 200],
    ['another host', '192.0.2.1', {}, 401],
    ['another host that says it is this one', '192.0.2.1', { host: 'localhost:8420' }, 401],
    ['through a proxy on this host', '127.0.0.1', { 'x-forwarded-for': '192.0.2.1' }, 401],
    ['a web page that points its own name here', '127.0.0.1', { host: 'evil.example.com' }, 401],
    ['a wrong token', '127.0.0.1', { authorization: 'Bearer wrong' }, 401],
  ])('/metrics: %s', async (_, remoteAddress, headers, status) => {
    expect(
      (await app.inject({ url: '/metrics', remoteAddress, headers: { host: '127.0.0.1:8420', ...headers } }))
        .statusCode,
    ).toBe(status);
  });
});

describe('every failure has a code, a sentence and a hint', () => {
  const post = (payload: string | Buffer, headers: Record<string, string> = {}) =>
    app.inject({
      method: 'POST',
      url: '/api/v1/events/count',
      payload,
      headers: { authorization, 'content-type': 'application/json', ...headers },
    });
  const get = (url: string) => app.inject({ url, headers: { authorization } });

  test.each([
    ['an unknown route', () => get('/nowhere'), 404, 'route-unknown'],
    [
      'an unknown method',
      () => app.inject({ method: 'DELETE', url: '/api/v1/fields', headers: { authorization } }),
      404,
      'route-unknown',
    ],
    ['a broken escape', () => get('/api/v1/events/%zz'), 404, 'route-unknown'],
    ['a way out of the folder', () => get('/api/v1/../../etc/passwd'), 404, 'route-unknown'],
    ['an encoded way out', () => get('/api/v1/guides/..%2f..%2fetc%2fpasswd'), 404, 'source-unknown'],
    ['a long part of a path', () => get(`/api/v1/events/${'a'.repeat(600)}`), 400, 'request-invalid'],
    ['an unknown parameter', () => get('/api/v1/events/count?qq=1'), 400, 'request-invalid'],
    ['a parameter of another type', () => get('/api/v1/events/search?limit=many'), 400, 'request-invalid'],
    ['a parameter over its limit', () => get('/api/v1/events/search?limit=10001'), 400, 'request-invalid'],
    ['an unknown label', () => get('/api/v1/events/search?fields=eventtime,sorceIp'), 400, 'unknown-field'],
    ['a cursor that is none', () => get('/api/v1/events/search?cursor=AAAA'), 400, 'cursor-invalid'],
    ['JSON that is none', () => post('{"q":'), 400, 'body-malformed'],
    ['no body', () => post(''), 400, 'body-malformed'],
    ['a forbidden key', () => post('{"q":"","__proto__":{"x":1}}'), 400, 'body-malformed'],
    ['a list', () => post('[]'), 400, 'request-invalid'],
    ['deep JSON', () => post(`${'['.repeat(4_000)}${']'.repeat(4_000)}`), 400, 'request-invalid'],
    ['deep JSON without an end', () => post('['.repeat(9_000)), 400, 'body-malformed'],
    ['a long body', () => post('x'.repeat(10_001)), 413, 'body-too-large'],
    ['another media type', () => post('q', { 'content-type': 'text/xml' }), 415, 'media-type-unknown'],
    ['broken QQL', () => get('/api/v1/events/count?q=eventSubType%3A'), 400, 'missing-value'],
    ['a date that cannot be', () => get('/api/v1/events/count?from=2026-02-31'), 400, 'bad-date'],
    ['a zone that is none', () => get('/api/v1/events/count?zone=Mars/Olympus'), 400, 'bad-zone'],
  ])('%s', async (_, send, status, code) => {
    const answer = await send();
    expect([answer.statusCode, answer.json().error.code]).toEqual([status, code]);
    const { error } = answer.json();
    expect(error.message.length).toBeGreaterThan(10);
    expect(error.hint).not.toBe('');
    expect(answer.body).not.toMatch(/node_modules|\.ts:|at \w+ \(/);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  test('QQL errors say where, what was found and what was expected', async () => {
    const { error } = (
      await get(`/api/v1/events/count?q=${encodeURIComponent('eventSubType: BIND and sorceIp: 192.0.2.1')}`)
    ).json();
    expect(error).toMatchObject({ code: 'unknown-field', place: { offset: 23, found: '"sorceIp"' } });
    expect(JSON.stringify(error)).toContain('sourceIp');
  });

  test('a text of a request does not come back as markup or as a header', async () => {
    const answer = await get(`/api/v1/events/search?fields=${encodeURIComponent('<script>\r\nset-cookie: a=b')}`);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('what is not HTTP is answered in the same form', async () => {
    const url = new URL(await server.listen());
    const text = await new Promise<string>((resolve) => {
      const socket = createConnection(Number(url.port), url.hostname, () => socket.end('NONSENSE\r\n\r\n'));
      let received = '';
      socket.on('data', (bytes) => {
        received += bytes.toString();
      });
      socket.on('close', () => resolve(received));
    });
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(text).toContain('"code":"request-invalid"');
  });
});

test('an address that is taken is told so', async () => {
  const { port, hostname: host } = new URL(await server.listen());
  const parts = {
    store: server.store,
    catalog: server.catalog,
    sources: [],
    stages: [],
    token: testToken,
    log: createLogger('silent'),
    version: '0',
  };
  await expect(startServer({ ...parts, host, port: Number(port) })).rejects.toMatchObject({
    code: 'address-in-use',
    place: undefined,
  });
  const other = await startServer({ ...parts, port: 0 });
  expect(other.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(await (await fetch(`${other.url}/health`)).json()).toEqual({ status: 'alive' });
  await other.close();
});

test('no answer lets another origin read it', async () => {
  const answer = await app.inject({
    url: '/api/v1/fields',
    headers: { authorization, origin: 'https://evil.example.com' },
  });
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  const preflight = await app.inject({
    method: 'OPTIONS',
    url: '/api/v1/records',
    headers: { origin: 'https://evil.example.com', 'access-control-request-method': 'POST' },
  });
  expect(preflight.statusCode).toBe(404);
});

test('the landing page runs nothing, loads nothing, and repeats nothing unescaped', async () => {
  const answer = await app.inject({ url: '/', headers: { host: '"><script>alert(1)</script>' } });
  expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
  expect(answer.body).not.toMatch(/<script|alert\(1\)|src=/);
  expect(answer.body).toContain('http://localhost:8420/api/v1/events/count');
});

test('the requests of the landing page work', async () => {
  const page = (await app.inject({ url: '/' })).body;
  const commands = [...page.matchAll(/<pre>(.*?)<\/pre>/gs)].map(([, command = '']) =>
    command.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))),
  );
  expect(commands).toHaveLength(3);
  const queries = commands.flatMap((command) => /'q=(.*)'/.exec(command)?.[1] ?? []);
  expect(queries).toHaveLength(2);
  for (const q of queries) {
    expect(
      (await app.inject({ url: '/api/v1/events/count', query: { q }, headers: { authorization } })).json(),
    ).toEqual({ count: 0 });
  }
});

test('counters count by route and code, without what was asked', async () => {
  await app.inject({ url: '/api/v1/events/count?q=secretName%3A1', headers: { authorization } });
  const text = (await app.inject({ url: '/metrics', headers: { authorization } })).body;
  expect(text).toMatch(
    /meridian_http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/events\/count",status="400"\} \d+/,
  );
  expect(text).toMatch(/meridian_http_errors_total\{code="unknown-field"\} \d+/);
  expect(text).toContain('meridian_store_up 1');
  expect(text).not.toContain('secretName');
});

test('the log holds neither the token nor what was asked', async () => {
  await app.inject({ url: '/api/v1/events/count?q=secretName%3A1', headers: { authorization } });
  await app.inject({ url: '/api/v1/fields', headers: { authorization: 'Bearer wrongSecretToken' } });
  const log = server.logged();
  expect(log).not.toMatch(/secretName|wrongSecretToken/);
  expect(log).not.toContain(testToken);
});

test('docs/api.md names every route, and no other', async () => {
  const { paths } = (await app.inject({ url: '/api/v1/openapi.json' })).json();
  const routes = Object.entries<object>(paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((method) => method !== 'head')
      .map((method) => `${method.toUpperCase()} ${path}`),
  );
  const page = await readFile(fileURLToPath(new URL('../../docs/api.md', import.meta.url)), 'utf8');
  const named = [...page.matchAll(/^\| `([A-Z]+) (\/\S*)`(?: `(POST)`)? \|/gm)].flatMap(([, method, path, second]) => [
    `${method} ${path}`,
    ...(second === undefined ? [] : [`${second} ${path}`]),
  ]);
  expect(named.toSorted()).toEqual([...routes, 'GET /'].toSorted());
});

test('the description is whole: every route has words, answers and known references', async () => {
  const { openapi, paths, components } = (await app.inject({ url: '/api/v1/openapi.json' })).json();
  expect(openapi).toBe('3.1.0');
  expect(components.securitySchemes.token).toMatchObject({ type: 'http', scheme: 'bearer' });
  for (const [path, methods] of Object.entries<
    Record<string, { summary?: string; tags?: string[]; responses?: object }>
  >(paths)) {
    for (const [method, route] of Object.entries(methods)) {
      expect([
        path,
        method,
        route.summary?.endsWith('.'),
        route.tags?.length,
        Object.keys(route.responses ?? {}).some((status) => /^2\d\d$/.test(status)),
      ]).toEqual([path, method, true, 1, true]);
    }
  }
  expect(JSON.stringify(paths)).not.toContain('"$ref"');
});
