import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Role, roles } from '#catalog';
import { openTestServer, type TestServer, testToken } from '../test-server.ts';
import { isPermission, permissionNames, permissionsOf, scopes } from './permissions.ts';
import { routeTable, ruleOf } from './route-table.ts';

let server: TestServer;
const cookies = new Map<Role, string>();
const ownPage = { 'sec-fetch-site': 'same-origin' };
const life = { idleMs: 3_600_000, lifeMs: 3_600_000 };

beforeAll(async () => {
  server = await openTestServer();
  for (const role of roles) {
    const user = await server.catalog.users.create({ name: role, displayName: role, role });
    const session = { userId: user.id, method: 'password', address: '', program: '' } as const;
    cookies.set(role, (await server.catalog.sessions(life).begin(session)).secret);
  }
});
afterAll(() => server.close());

/** Every route there is, as Fastify knows it, with its address made into one that can be asked for. */
function registered(): { readonly key: string; readonly method: string; readonly url: string }[] {
  const { paths } = server.app.swagger() as { paths: Record<string, Record<string, unknown>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .map((method) => method.toUpperCase())
      .filter((method) => method !== 'HEAD')
      .map((method) => ({
        key: `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
        method,
        url: path.replaceAll(/\{\w+\}/g, 'x'),
      })),
  );
}

function injectable(method: string): 'GET' | 'POST' | 'PUT' | 'DELETE' {
  return method === 'POST' || method === 'PUT' || method === 'DELETE' ? method : 'GET';
}

/** A request that goes no further than it must: its body is no JSON. */
async function ask(
  method: string,
  url: string,
  headers: Record<string, string>,
): Promise<[number, string | undefined]> {
  const body = method === 'GET' ? {} : { payload: '{', headers: { 'content-type': 'application/json', ...headers } };
  if (url.endsWith('/tail')) return tail(headers);
  const answer = await server.app.inject({ method: injectable(method), url, headers, ...body });
  const isJson = String(answer.headers['content-type']).includes('application/json');
  return [answer.statusCode, isJson ? answer.json().error?.code : undefined];
}

/** A tail never ends by itself. */
async function tail(headers: Record<string, string>): Promise<[number, string | undefined]> {
  const request = get(`${await server.listen()}/api/v1/events/tail`, { headers, agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const status = response.statusCode ?? 0;
  if (status === 200) request.destroy();
  const code = status === 200 ? undefined : /"code":"([a-z-]+)"/.exec(await text(response))?.[1];
  return [status, code];
}

describe('every route', () => {
  test('is in the table, and the table names no other', () => {
    const keys = registered().map(({ key }) => key);
    expect(keys.length).toBeGreaterThan(90);
    expect(keys.toSorted()).toEqual(Object.keys(routeTable).toSorted());
  });

  test('lets nobody in without a token, but where the table says so', async () => {
    for (const { key, method, url } of registered()) {
      const { needs } = ruleOf(method, key.slice(method.length + 1));
      if (!isPermission(needs)) continue;
      const [status, code] = await ask(method, url, { 'x-forwarded-for': '192.0.2.1' });
      expect([key, status, code]).toEqual([key, 401, 'token-missing']);
    }
  });

  test('of agents takes no token', async () => {
    for (const { key, method, url } of registered()) {
      const { needs } = ruleOf(method, key.slice(method.length + 1));
      if (needs !== 'agent' && needs !== 'enrolling') continue;
      const [status] = await ask(method, url, { authorization: `Bearer ${testToken}` });
      expect([key, status]).toEqual([key, expect.toSatisfy((one: number) => one >= 400 && one < 500)]);
    }
  });

  test.each(roles)('lets a(n) %s in exactly where the role has the permission', async (role) => {
    // What is denied again and again is answered no other way, only no longer noted.
    const cookie = `meridian-session=${cookies.get(role)}`;
    for (const { key, method, url } of registered()) {
      const { needs } = ruleOf(method, key.slice(method.length + 1));
      // Those end the session that asks.
      if (!isPermission(needs)) continue;
      const [status, code] = await ask(method, url, { cookie, ...ownPage });
      const allowed = permissionsOf(role).has(needs);
      expect([role, key, status === 403 && code === 'permission-missing']).toEqual([role, key, !allowed]);
      if (allowed) expect([key, status]).not.toEqual([key, 401]);
    }
  });
});

test('a route that is in no table is for administrators alone', () => {
  expect(permissionsOf('engineer').has('users:write')).toBe(false);
  expect(ruleOf('GET', '/api/v1/something/new')).toEqual({ needs: 'users:write' });
  expect(ruleOf('GET', '/assets/index.js')).toEqual({ needs: 'open' });
  expect(ruleOf('HEAD', '/api/v1/users')).toEqual(ruleOf('GET', '/api/v1/users'));
});

test('each role may do all that the one before may, and more; an administrator everything', () => {
  for (const [at, role] of roles.entries()) {
    const before = roles[at - 1];
    if (before === undefined) continue;
    expect([...permissionsOf(role)]).toEqual(expect.arrayContaining([...permissionsOf(before)]));
    expect(permissionsOf(role).size).toBeGreaterThan(permissionsOf(before).size);
  }
  expect([...permissionsOf('administrator')].sort()).toEqual([...permissionNames].sort());
  expect(scopes).not.toContain('account:write');
});
