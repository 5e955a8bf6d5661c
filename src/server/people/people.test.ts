import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '#catalog';
import { openTestServer, type TestServer, testToken } from '../test-server.ts';

const ownPage = {
  'sec-fetch-site': 'same-origin',
  origin: 'http://meridian.example:8420',
  host: 'meridian.example:8420',
};
const password = 'four unrelated words here';
const withToken = { authorization: `Bearer ${testToken}` };

let now = 1_795_514_400_000;
let server: TestServer;
/** Everything secret that this file has seen. */
const secrets: string[] = [password, testToken];
beforeAll(async () => {
  server = await openTestServer({ clock: () => now, limits: { attempts: 1_000, tailLookMs: 50 } });
});
afterAll(() => server.close());

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly body: ReturnType<typeof JSON.parse>;
  readonly cookie: string;
}

async function ask(method: Method, url: string, headers: Record<string, string>, payload?: object): Promise<Answer> {
  const answer = await server.app.inject({ method, url: `/api/v1${url}`, headers, ...(payload && { payload }) });
  const body = answer.json();
  const cookie = String(answer.headers['set-cookie'] ?? '').split(';')[0] ?? '';
  return { status: answer.statusCode, code: body.error?.code, body, cookie };
}

const secretOf = (link: string): string => link.split('#')[1] ?? '';

/** Makes a user and signs in; gives what its requests carry. */
async function person(name: string, role: Role): Promise<{ id: string; headers: Record<string, string> }> {
  const made = await ask('POST', '/users', withToken, { name, role });
  expect(made.status).toBe(200);
  const secret = secretOf(made.body.link);
  secrets.push(secret);
  const accepted = await ask('POST', '/invitation/accept', ownPage, { secret, password });
  return { id: made.body.user.id, headers: { ...ownPage, cookie: accepted.cookie } };
}

async function signIn(name: string, more: object = {}): Promise<Answer> {
  return ask('POST', '/session', ownPage, { name, password, ...more });
}

describe('the first run', () => {
  test('a link makes the first administrator, once', async () => {
    expect((await ask('GET', '/session/ways', {})).body).toEqual({ firstRun: true });
    const secret = (await server.catalog.invitations.makeFirst(60_000)) ?? '';
    secrets.push(secret);
    expect((await ask('POST', '/invitation/look', ownPage, { secret })).body).toMatchObject({ purpose: 'first-run' });
    const choice = { secret, name: 'root', displayName: 'Root', password };
    for (const [change, code] of [
      [{ password: 'short' }, 'password-weak'],
      [{ password: 'aaaaaaaaaaaaaaaaaaaa' }, 'password-weak'],
      [{ name: 'administrator', password: 'administrator!' }, 'password-weak'],
      [{ name: 'a\u202eb' }, 'request-invalid'],
      [{ name: ' root' }, 'request-invalid'],
      [{ secret: `${secret}x` }, 'invitation-unknown'],
    ] as const) {
      expect((await ask('POST', '/invitation/accept', ownPage, { ...choice, ...change })).code).toBe(code);
    }
    const foreign = { 'sec-fetch-site': 'cross-site' };
    expect((await ask('POST', '/invitation/accept', foreign, choice)).code).toBe('origin-foreign');
    const made = await ask('POST', '/invitation/accept', ownPage, choice);
    expect((await ask('GET', '/session', { ...ownPage, cookie: made.cookie })).body).toMatchObject({
      name: 'root',
      role: 'administrator',
      via: 'session',
    });
    expect((await ask('POST', '/invitation/accept', ownPage, choice)).code).toBe('invitation-unknown');
    expect((await ask('GET', '/session/ways', {})).body).toEqual({ firstRun: false });
  });
});

describe('signing in', () => {
  test('a wrong name and a wrong password are answered alike', async () => {
    await person('Anna', 'viewer');
    const wrong = await ask('POST', '/session', ownPage, { name: 'anna', password: `${password}!` });
    const unknown = await ask('POST', '/session', ownPage, { name: 'nobody', password });
    expect([wrong.status, wrong.code]).toEqual([401, 'sign-in-wrong']);
    expect(unknown.body).toEqual(wrong.body);
    expect((await signIn('ANNA')).status).toBe(200);
    expect((await ask('POST', '/session', ownPage, { name: 'anna' })).code).toBe('request-invalid');
    const foreign = await ask('POST', '/session', { 'sec-fetch-site': 'cross-site' }, { name: 'anna', password });
    expect(foreign.code).toBe('origin-foreign');
  });

  test('who guesses is stopped, also when the guess is right at last', async () => {
    await person('guessed', 'viewer');
    const codes: (string | undefined)[] = [];
    for (let at = 0; at < 11; at++) {
      codes.push((await ask('POST', '/session', ownPage, { name: 'guessed', password: `guess number ${at}` })).code);
    }
    expect(codes.filter((code) => code === 'sign-in-wrong')).toHaveLength(10);
    expect((await signIn('guessed')).code).toBe('attempts-exceeded');
    now += 15 * 60_000;
    expect((await signIn('guessed')).status).toBe(200);
  });

  test('the second factor is asked for, each code counts once, and recovery codes once', async () => {
    const { headers } = await person('factor', 'viewer');
    expect((await ask('POST', '/account/second-factor', headers, { password: 'not it at all' })).code).toBe(
      'password-wrong',
    );
    const begun = await ask('POST', '/account/second-factor', headers, { password });
    const { secret, uri } = begun.body;
    secrets.push(secret);
    expect(uri).toMatch(/^otpauth:\/\/totp\/Meridian:factor\?/);
    const app = new TOTP({ secret });
    const code = (): string => app.generate({ timestamp: now });
    expect((await signIn('factor')).status).toBe(200);
    expect((await ask('POST', '/account/second-factor/confirm', headers, { code: '000000' })).code).toBe(
      'second-factor-wrong',
    );
    const confirmed = await ask('POST', '/account/second-factor/confirm', headers, { code: code() });
    const { recoveryCodes } = confirmed.body;
    secrets.push(...recoveryCodes);
    expect(recoveryCodes).toHaveLength(10);

    expect((await signIn('factor')).code).toBe('second-factor-missing');
    // The code that confirmed is spent.
    expect((await signIn('factor', { code: code() })).code).toBe('second-factor-wrong');
    now += 30_000;
    const spaced = code().replace(/^(...)/, '$1 ');
    expect((await signIn('factor', { code: spaced })).status).toBe(200);
    expect((await signIn('factor', { code: code() })).code).toBe('second-factor-wrong');
    const typed = String(recoveryCodes[0]).toUpperCase().replaceAll('-', ' ');
    expect((await signIn('factor', { code: typed })).status).toBe(200);
    expect((await signIn('factor', { code: typed })).code).toBe('second-factor-wrong');
    expect((await ask('GET', '/account', headers)).body).toMatchObject({ recoveryCodesLeft: 9 });

    // A link sets a password, but does not take the place of the factor.
    const { body } = await ask('GET', '/account', headers);
    const again = await ask('POST', `/users/${body.user.id}/invitation`, withToken);
    secrets.push(secretOf(again.body.link));
    const accepted = await ask('POST', '/invitation/accept', ownPage, { secret: secretOf(again.body.link), password });
    expect([accepted.status, accepted.cookie]).toEqual([200, '']);
    now += 30_000;
    const back = await signIn('factor', { code: code() });
    now += 30_000;
    const last = { ...ownPage, cookie: back.cookie };
    const gone = await ask('POST', '/account/second-factor/remove', last, { password, code: code() });
    expect(gone.status).toBe(200);
    expect((await signIn('factor')).status).toBe(200);
  });

  test('a new password ends all other sessions, and the old one is none', async () => {
    const { headers } = await person('changer', 'viewer');
    const other = { ...ownPage, cookie: (await signIn('changer')).cookie };
    const next = 'entirely other words';
    secrets.push(next);
    expect((await ask('POST', '/account/password', headers, { current: 'wrong', next })).code).toBe('password-wrong');
    expect((await ask('POST', '/account/password', headers, { current: password, next })).status).toBe(200);
    expect((await ask('GET', '/session', headers)).status).toBe(200);
    expect((await ask('GET', '/session', other)).code).toBe('session-ended');
    expect((await signIn('changer')).code).toBe('sign-in-wrong');
  });
});

describe('what belongs to one person', () => {
  test('sessions are listed and ended by their owner alone', async () => {
    const anna = await person('sess-anna', 'viewer');
    const bert = await person('sess-bert', 'viewer');
    const second = { ...ownPage, cookie: (await signIn('sess-anna')).cookie };
    const { sessions } = (await ask('GET', '/account/sessions', anna.headers)).body;
    expect(sessions).toHaveLength(2);
    const own = sessions.find((one: { current: boolean }) => one.current).id;
    const other = sessions.find((one: { current: boolean }) => !one.current).id;
    expect((await ask('DELETE', `/account/sessions/${other}`, bert.headers)).code).toBe('session-other-unknown');
    expect((await ask('DELETE', `/account/sessions/${other}`, anna.headers)).status).toBe(200);
    expect((await ask('GET', '/session', second)).code).toBe('session-ended');
    expect(own).not.toBe(other);
    await signIn('sess-anna');
    expect((await ask('DELETE', '/account/sessions', anna.headers)).body).toEqual({ ended: 1 });
    expect((await ask('GET', '/session', anna.headers)).status).toBe(200);
  });

  test('API tokens may do what their scopes say, as far as their owner may', async () => {
    const anna = await person('tok-anna', 'engineer');
    const bert = await person('tok-bert', 'viewer');
    const make = (headers: Record<string, string>, scopes: string[], days = 1) =>
      ask('POST', '/account/tokens', headers, { name: 'ci', scopes, days });
    expect((await make(anna.headers, ['users:write'])).code).toBe('api-token-scope-invalid');
    expect((await make(anna.headers, ['account:write'])).code).toBe('api-token-scope-invalid');
    expect((await make(anna.headers, ['nothing'])).code).toBe('api-token-scope-invalid');
    const { token, text } = (await make(anna.headers, ['profiles:read', 'events:read', 'account:read'])).body;
    secrets.push(text);
    const bearer = { authorization: `Bearer ${text}` };
    expect((await ask('GET', '/profiles', bearer)).status).toBe(200);
    expect((await ask('GET', '/dead-letters', bearer)).code).toBe('permission-missing');
    expect((await ask('GET', '/session', bearer)).body).toMatchObject({ name: 'tok-anna', via: 'api-token' });
    expect((await ask('GET', '/account/tokens', bearer)).code).toBe('permission-missing');
    expect((await ask('GET', '/account/tokens', anna.headers)).body.tokens).toEqual([
      expect.objectContaining({ id: token.id, state: 'usable', lastUsed: now }),
    ]);
    expect(JSON.stringify((await ask('GET', '/tokens', withToken)).body)).not.toContain(text.slice(-43));

    // With the owner's role go the token's rights.
    await ask('PUT', `/users/${anna.id}`, withToken, { role: 'viewer' });
    expect((await ask('GET', '/profiles', bearer)).code).toBe('permission-missing');
    expect((await ask('GET', '/events/count', bearer)).status).toBe(200);
    expect((await ask('DELETE', `/account/tokens/${token.id}`, bert.headers)).code).toBe('api-token-unknown');
    expect((await ask('DELETE', `/account/tokens/${token.id}`, anna.headers)).body).toMatchObject({ state: 'revoked' });
    expect((await ask('GET', '/events/count', bearer)).code).toBe('token-wrong');

    const short = (await make(bert.headers, ['events:read'])).body;
    secrets.push(short.text);
    const late = { authorization: `Bearer ${short.text}` };
    await ask('PUT', `/users/${bert.id}`, withToken, { enabled: false });
    expect((await ask('GET', '/events/count', late)).code).toBe('token-wrong');
    await ask('PUT', `/users/${bert.id}`, withToken, { enabled: true });
    expect((await ask('GET', '/events/count', late)).status).toBe(200);
    now += 86_400_000;
    expect((await ask('GET', '/events/count', late)).code).toBe('token-wrong');
  });

  test('searches are one’s own until they are shared', async () => {
    const anna = await person('sea-anna', 'analyst');
    const bert = await person('sea-bert', 'analyst');
    const viewer = await person('sea-viewer', 'viewer');
    const search = { name: 'Failures', words: { q: 'outcome: failure', from: 'now-24h' }, shared: false };
    const { id } = (await ask('POST', '/searches', anna.headers, search)).body;
    expect((await ask('GET', `/searches/${id}`, bert.headers)).code).toBe('saved-search-unknown');
    expect((await ask('POST', '/searches', viewer.headers, search)).code).toBe('permission-missing');
    expect((await ask('PUT', `/searches/${id}`, anna.headers, { ...search, shared: true })).body).toMatchObject({
      words: search.words,
      own: true,
    });
    expect((await ask('GET', '/searches', viewer.headers)).body.searches).toEqual([
      expect.objectContaining({ id, owner: 'sea-anna', own: false }),
    ]);
    expect((await ask('PUT', `/searches/${id}`, bert.headers, search)).code).toBe('saved-search-foreign');
    expect((await ask('DELETE', `/searches/${id}`, bert.headers)).code).toBe('saved-search-foreign');
    expect((await ask('DELETE', `/searches/${id}`, withToken)).status).toBe(200);
    const strange = { ...search, words: { q: 'x', evil: 'y' } };
    expect((await ask('POST', '/searches', anna.headers, strange)).code).toBe('request-invalid');
  });
});

describe('users', () => {
  test('get a link on the address the administrator sees, and lose what they had when locked out', async () => {
    const made = await ask('POST', '/users', { ...withToken, ...ownPage }, { name: 'carla', role: 'analyst' });
    secrets.push(secretOf(made.body.link));
    expect(made.body.link).toMatch(/^http:\/\/meridian\.example:8420\/welcome#[\w-]{43}$/);
    expect((await signIn('carla')).code).toBe('sign-in-wrong');
    const accepted = await ask('POST', '/invitation/accept', ownPage, { secret: secretOf(made.body.link), password });
    const headers = { ...ownPage, cookie: accepted.cookie };
    const { id } = made.body.user;
    expect((await ask('GET', '/events/count', headers)).status).toBe(200);
    // A new role counts at once.
    await ask('PUT', `/users/${id}`, withToken, { role: 'administrator' });
    expect((await ask('GET', '/users', headers)).status).toBe(200);
    await ask('PUT', `/users/${id}`, withToken, { enabled: false });
    expect((await ask('GET', '/users', headers)).code).toBe('session-ended');
    expect((await signIn('carla')).code).toBe('sign-in-wrong');
    expect((await ask('DELETE', `/users/${id}`, withToken)).status).toBe(200);
    expect((await ask('GET', `/users/${id}`, withToken)).code).toBe('user-unknown');
    expect((await ask('POST', '/users', withToken, { name: 'ROOT', role: 'viewer' })).code).toBe('user-name-taken');
  });

  test('the last administrator stays, and the access token is no person', async () => {
    const { users } = (await ask('GET', '/users?search=root', withToken)).body;
    expect((await ask('PUT', `/users/${users[0].id}`, withToken, { enabled: false })).code).toBe('last-administrator');
    expect((await ask('DELETE', `/users/${users[0].id}`, withToken)).code).toBe('last-administrator');
    const change = { current: password, next: 'something else entirely' };
    expect((await ask('POST', '/account/password', withToken, change)).code).toBe('person-required');
  });

  test('a live tail of somebody who is locked out ends', async () => {
    const { id, headers } = await person('tailing', 'analyst');
    const url = await server.listen();
    const own = { cookie: headers['cookie'] ?? '', 'sec-fetch-site': 'same-origin' };
    const request = get(`${url}/api/v1/events/tail`, { headers: own, agent: false });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(200);
    response.resume();
    response.on('error', () => undefined);
    const ended = new Promise((resolve) => response.on('close', resolve));
    await ask('PUT', `/users/${id}`, withToken, { enabled: false });
    await ended;
  });
});

describe('the audit trail', () => {
  test('says who did what to whom, from where, and what came of it', async () => {
    const viewer = await person('watched', 'viewer');
    await ask('PUT', `/users/${viewer.id}`, withToken, { role: 'analyst' });
    await ask('GET', '/users', viewer.headers);
    await ask('PUT', '/retention', withToken, { days: 90, sources: {} });
    await ask('POST', '/session', ownPage, { name: 'watched', password: 'a wrong password' });
    await server.app.inject({ url: '/api/v1/events/export?q=outcome%3A%20failure', headers: withToken });
    const { entries } = (await ask('GET', '/audit?limit=500', withToken)).body;
    const seen = entries.map((entry: Record<string, unknown>) =>
      [entry['actor'], entry['action'], entry['object'], entry['outcome'], entry['code'] ?? '', entry['detail']].join(
        '|',
      ),
    );
    const name = `watched (${viewer.id})`;
    expect(seen).toEqual(
      expect.arrayContaining([
        `access-token|user.create|${name}|success||viewer`,
        'watched|invitation.accept|watched|success||password',
        `access-token|user.change|${name}|success||role viewer to analyst`,
        'watched|access.deny|GET /api/v1/users|denied|permission-missing|',
        'access-token|retention.change||success||{"days":90,"sources":{}}',
        'watched|session.begin|watched|denied|sign-in-wrong|',
        'access-token|events.export|ndjson|success||outcome: failure',
      ]),
    );
    expect(entries[0]).toMatchObject({ address: '127.0.0.1', via: 'access-token' });
    expect((await ask('GET', '/audit', viewer.headers)).code).toBe('permission-missing');
  });

  test('pages backwards without a gap, and is asked by action, actor and outcome', async () => {
    const numbers: number[] = [];
    let next = '';
    do {
      const page = (await ask('GET', `/audit?limit=20${next}`, withToken)).body;
      numbers.push(...page.entries.map((entry: { number: number }) => entry.number));
      next = page.next === undefined ? '' : `&before=${page.next}`;
    } while (next !== '');
    const newest = numbers[0] ?? 0;
    expect(numbers).toEqual(Array.from({ length: newest }, (_, at) => newest - at));
    const actions = async (query: string): Promise<Set<string>> => {
      const { entries } = (await ask('GET', `/audit?limit=500&${query}`, withToken)).body;
      return new Set(
        entries.map((entry: Record<string, string>) => entry[query.startsWith('actor') ? 'actor' : 'action']),
      );
    };
    expect(await actions('action=second-factor')).toEqual(new Set(['second-factor.add', 'second-factor.remove']));
    expect(await actions('actor=watched')).toEqual(new Set(['watched']));
    expect(await actions('outcome=denied')).toContain('session.begin');
  });

  test('becomes events, so that QQL finds it', async () => {
    const q = encodeURIComponent('source: meridian-audit and authorizationId: watched and outcome: denied');
    const find = async (): Promise<unknown[]> =>
      (await ask('GET', `/events/search?q=${q}&from=2026-01-01&to=2027-12-31`, withToken)).body.events;
    await expect.poll(async () => (await find()).length, { timeout: 10_000 }).toBe(3);
    expect(await find()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          eventSubType: 'ACCESS-DENY',
          eventCategory: 'detection',
          internalId: 'GET /api/v1/users',
          resultText: 'denied: permission-missing',
          sourceIp: '127.0.0.1',
        }),
        expect.objectContaining({ eventSubType: 'SESSION-BEGIN', eventCategory: 'authentication' }),
      ]),
    );
  });

  test('holds nothing secret, and neither do the log and the lists', async () => {
    const texts = [
      JSON.stringify((await ask('GET', '/audit?limit=500', withToken)).body),
      JSON.stringify((await ask('GET', '/users?limit=200', withToken)).body),
      server.logged(),
    ].join('\n');
    expect(secrets.length).toBeGreaterThan(25);
    for (const secret of secrets) expect(texts).not.toContain(secret);
    expect(texts).not.toContain('a wrong password');
  });
});
