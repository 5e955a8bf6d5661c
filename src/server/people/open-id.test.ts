import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createLogger } from '#log';
import { openTestServer, type TestServer, testToken } from '../test-server.ts';
import { createOpenId } from './open-id.ts';
import { groupsOf, readRoleMapping, roleOf } from './role-mapping.ts';
import { startProvider, type TestProvider } from './test-provider.ts';

const clientId = 'meridian';
const clientSecret = 'client secret of this server';
const ownPage = { 'sec-fetch-site': 'same-origin', origin: 'https://meridian.example', host: 'meridian.example' };

let provider: TestProvider;
let server: TestServer;
beforeAll(async () => {
  provider = await startProvider(clientId);
  const openId = {
    issuer: provider.issuer,
    clientId,
    clientSecret,
    scopes: 'openid profile',
    claim: 'groups',
    roles: readRoleMapping('administrator=admins; analyst = cn=soc,ou=groups,dc=example,dc=com'),
    name: 'Example login',
  };
  server = await openTestServer({ people: { openId }, limits: { attempts: 1_000 } });
});
afterAll(async () => {
  await server.close();
  await provider.close();
});
beforeEach(() => {
  provider.claims = { sub: 's-1', preferred_username: 'anna', name: 'Anna Example', groups: ['admins'] };
  provider.userInfo = {};
  provider.cheat = (claims) => claims;
  provider.forge = false;
});

const post = (url: string, payload?: object, headers: Record<string, string> = ownPage) =>
  server.app.inject({ method: 'POST', url: `/api/v1${url}`, headers, ...(payload === undefined ? {} : { payload }) });

async function begin(): Promise<{ readonly url: string; readonly binding: string }> {
  const begun = await post('/session/provider');
  expect(begun.statusCode).toBe(200);
  return begun.json();
}

async function finish(search: string, binding: string) {
  const answer = await post('/session/provider/return', { search, binding });
  return {
    status: answer.statusCode,
    code: answer.json().error?.code,
    cookie: String(answer.headers['set-cookie'] ?? ''),
  };
}

/** Goes the whole way, as a browser does. */
async function signIn() {
  const { url, binding } = await begin();
  return finish((await provider.authorize(url)).search, binding);
}

async function who(cookie: string): Promise<Record<string, unknown>> {
  const headers = { ...ownPage, cookie: cookie.split(';')[0] ?? '' };
  return (await server.app.inject({ url: '/api/v1/session', headers })).json();
}

test('what the provider says decides who somebody is, and with which role', async () => {
  expect((await server.app.inject({ url: '/api/v1/session/ways' })).json()).toMatchObject({
    provider: 'Example login',
  });
  const { url } = await begin();
  const asked = new URL(url).searchParams;
  expect(asked.get('redirect_uri')).toBe('https://meridian.example/sign-in/return');
  expect(asked.get('scope')).toBe('openid profile');
  const first = await signIn();
  expect(first.cookie).toContain('__Host-');
  expect(await who(first.cookie)).toMatchObject({ name: 'anna', displayName: 'Anna Example', role: 'administrator' });
  const { authorization } = provider.tokenRequests.at(-1) ?? {};
  expect(authorization).toMatch(/^Basic /);

  // Another group, another role, the same user.
  await server.catalog.users.create({ name: 'root', displayName: 'root', role: 'administrator' });
  provider.claims = { ...provider.claims, groups: ['cn=soc,ou=groups,dc=example,dc=com'] };
  const second = await signIn();
  expect(await who(second.cookie)).toMatchObject({ id: (await who(first.cookie))['id'], role: 'analyst' });
  provider.claims = { ...provider.claims, groups: ['strangers'] };
  expect((await signIn()).code).toBe('provider-refused');
});

test('groups may stand in the user info', async () => {
  provider.claims = { sub: 's-2', preferred_username: 'bert' };
  provider.userInfo = { sub: 's-2', groups: ['admins'] };
  expect(await who((await signIn()).cookie)).toMatchObject({ name: 'bert', role: 'administrator' });
  provider.userInfo = { sub: 'somebody-else', groups: ['admins'] };
  expect((await signIn()).code).toBe('provider-failed');
});

test('a name that somebody has here leads nowhere', async () => {
  const local = await server.catalog.users.create({ name: 'carla', displayName: 'Carla', role: 'administrator' });
  provider.claims = { sub: 's-3', preferred_username: 'CARLA', email: 'carla@example.com', groups: ['admins'] };
  const found = await who((await signIn()).cookie);
  expect(found).toMatchObject({ name: 'CARLA@127.0.0.1' });
  expect(found['id']).not.toBe(local.id);
});

test('who is locked out here stays out', async () => {
  provider.claims = { sub: 's-4', preferred_username: 'dora', groups: ['admins'] };
  const { id } = await who((await signIn()).cookie);
  await server.catalog.users.change(String(id), { enabled: false });
  expect((await signIn()).code).toBe('provider-refused');
});

describe('refused, and nobody is signed in:', () => {
  const cases: readonly (readonly [what: string, code: string, go: () => Promise<{ code: string; cookie: string }>])[] =
    [
      [
        'an id token of another issuer',
        'provider-failed',
        () => {
          provider.cheat = (claims) => ({ ...claims, iss: 'https://evil.example' });
          return signIn();
        },
      ],
      [
        'an id token for another client',
        'provider-failed',
        () => {
          provider.cheat = (claims) => ({ ...claims, aud: 'another' });
          return signIn();
        },
      ],
      [
        'an id token of another sign-in',
        'provider-failed',
        () => {
          provider.cheat = (claims) => ({ ...claims, nonce: 'another' });
          return signIn();
        },
      ],
      [
        'an id token that is past its time',
        'provider-failed',
        () => {
          provider.cheat = (claims) => ({ ...claims, exp: 1 });
          return signIn();
        },
      ],
      [
        'an answer with another issuer',
        'provider-failed',
        async () => {
          const { url, binding } = await begin();
          const back = await provider.authorize(url);
          back.searchParams.set('iss', 'https://evil.example');
          return finish(back.search, binding);
        },
      ],
      [
        'a code of somebody else, brought by a link',
        'provider-request-unknown',
        async () => {
          const mine = await begin();
          const theirs = await begin();
          return finish((await provider.authorize(theirs.url)).search, mine.binding);
        },
      ],
      [
        'the same answer again',
        'provider-request-unknown',
        async () => {
          const { url, binding } = await begin();
          const { search } = await provider.authorize(url);
          expect((await finish(search, binding)).status).toBe(200);
          return finish(search, binding);
        },
      ],
      [
        'a code that was made for another request',
        'provider-failed',
        async () => {
          const one = await begin();
          const two = await begin();
          const back = await provider.authorize(two.url);
          back.searchParams.set('state', new URL(one.url).searchParams.get('state') ?? '');
          return finish(back.search, one.binding);
        },
      ],
      [
        'somebody the provider does not let in',
        'provider-refused',
        async () => {
          const { url, binding } = await begin();
          const state = new URL(url).searchParams.get('state') ?? '';
          const iss = encodeURIComponent(provider.issuer);
          return finish(`?error=access_denied&state=${state}&iss=${iss}`, binding);
        },
      ],
      ['nothing at all', 'provider-request-unknown', () => finish('', 'x')],
    ];
  test.each(cases)('%s', async (_what, code, go) => {
    const answer = await go();
    expect([answer.code, answer.cookie]).toEqual([code, '']);
  });

  test('a forged signature', async () => {
    provider.forge = true;
    expect(await signIn()).toMatchObject({ code: 'provider-failed', cookie: '' });
  });

  test('a request from another site', async () => {
    const foreign = { 'sec-fetch-site': 'cross-site' };
    expect((await post('/session/provider', undefined, foreign)).json().error.code).toBe('origin-foreign');
  });
});

test('sign-ins are noted, and the log holds no code, no token and no secret', async () => {
  await signIn();
  const headers = { authorization: `Bearer ${testToken}` };
  const { entries } = (await server.app.inject({ url: '/api/v1/audit?action=session&limit=500', headers })).json();
  expect(entries[0]).toMatchObject({ actor: 'anna', outcome: 'success', detail: 'provider, administrator' });
  const texts = `${server.logged()}${JSON.stringify(entries)}`;
  expect(texts).not.toMatch(/at-secret|client secret|eyJ/);
  for (const { body } of provider.tokenRequests) expect(texts).not.toContain(body.get('code') ?? 'none');
});

test.each([
  ['is away', 'http://127.0.0.1:1'],
  ['speaks without TLS, elsewhere', 'http://login.example.com'],
])('a provider that %s is told so', async (_, issuer) => {
  const options = { issuer, clientId, scopes: 'openid', claim: 'groups', roles: [], name: 'x' };
  const away = createOpenId(options, server.catalog, createLogger('silent'), Date.now);
  await expect(away.begin('https://meridian.example/sign-in/return')).rejects.toMatchObject({
    code: 'provider-failed',
  });
});

describe('groups and roles', () => {
  const mapping = readRoleMapping('viewer=*; administrator=cn=a,dc=b');
  test.each([
    [['cn=a,dc=b', 'x'], 'administrator'],
    [['x'], 'viewer'],
    [[], 'viewer'],
  ])('%j gives %s', (groups, role) => {
    expect(roleOf(mapping, groups)).toBe(role);
  });

  test('claims are found by name and by path, and nothing else is', () => {
    const claims = { 'a.b': ['x'], realm: { roles: ['y', 1, 'z'] }, one: 'w' };
    expect(groupsOf(claims, 'a.b')).toEqual(['x']);
    expect(groupsOf(claims, 'realm.roles')).toEqual(['y', 'z']);
    expect(groupsOf(claims, 'one')).toEqual(['w']);
    expect(groupsOf(claims, 'constructor.name')).toBeUndefined();
    expect(groupsOf(claims, '__proto__')).toBeUndefined();
  });

  test.each(['king=a', 'viewer', 'viewer=', '=a'])('%s is no mapping', (text) => {
    expect(() => readRoleMapping(text)).toThrow(/oidc.roles/);
  });
});
