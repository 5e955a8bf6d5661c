import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CoveredRange } from '#store';
import { openTestServer, type TestServer } from '../test-server.ts';
import { createFleetChecks, type FleetChecks } from './fleet-checks.ts';
import { createFleetLog, type FleetLog } from './fleet-log.ts';
import { installScript, isServerUrl } from './install-script.ts';
import { createNonces } from './nonces.ts';
import { differenceOf } from './profile-difference.ts';
import { ask, codeOf, TestAgent } from './test-agent.ts';

let ahead = 0;
const clock = (): number => Date.now() + ahead;
let server: TestServer;
beforeAll(async () => {
  server = await openTestServer({ clock, limits: { attempts: 1_000 } });
});
afterAll(() => server.close());

const limits = {
  ...{ batchRecords: 1_000, batchBytes: 1_000_000, intervalMs: 1_000, linesPerSecond: null },
  ...{ spoolBytes: 100_000_000, spoolAgeHours: 24 },
};
const source = {
  ...{ source: '389-directory-server', logs: ['access'], paths: ['/var/log/dirsrv/slapd-*/access*'] },
  ...{ format: 'auto', start: 'beginning', zone: 'UTC', encoding: 'utf-8' },
};
const content = (name: string, change: object = {}) => ({
  ...{ name, description: '', platform: 'linux', enabled: true, isDefault: false, priority: 100 },
  assets: { tags: [], excludeTags: [], hosts: [], excludeHosts: [] },
  profile: { sources: [source], collectors: [], limits, blackouts: [] },
  ...change,
});
const assets = (change: object) => ({ tags: [], excludeTags: [], hosts: [], excludeHosts: [], ...change });
const make = async (name: string, change: object = {}) =>
  (await ask(server, 'POST', '/profiles', content(name, change))).json();

describe('profiles over the API', () => {
  test('are made, listed, changed by version, compared, rolled back, copied and deleted', async () => {
    const made = await make('Life');
    expect(made).toMatchObject({ version: 1, content: { name: 'Life' }, notices: [] });
    const put = (body: object, version: string) =>
      ask(server, 'PUT', `/profiles/${made.id}`, body, { 'if-match': version });
    expect((await put(content('Life', { priority: 5 }), '"1"')).json()).toMatchObject({ version: 2 });
    expect(codeOf(await put(content('Life', { priority: 6 }), '"1"'))).toBe('catalog-conflict');
    expect(codeOf(await put(content('Life'), 'yesterday'))).toBe('request-invalid');
    expect((await ask(server, 'GET', `/profiles/${made.id}/difference?from=1&to=2`)).json()).toEqual({
      changes: [{ field: 'priority', before: 100, after: 5 }],
      more: 0,
    });
    expect((await ask(server, 'POST', `/profiles/${made.id}/roll-back`, { version: 1 })).json()).toMatchObject({
      version: 3,
      content: { priority: 100 },
    });
    expect((await ask(server, 'GET', `/profiles/${made.id}/versions`)).json().versions).toMatchObject([
      { version: 3, remark: 'rolled back to version 1' },
      { version: 2, remark: 'changed' },
      { version: 1, remark: 'created' },
    ]);
    const copy = (await ask(server, 'POST', `/profiles/${made.id}/clone`, { name: 'Life two' })).json();
    expect(copy.content).toMatchObject({ name: 'Life two', enabled: false });
    const listed = (await ask(server, 'GET', '/profiles?search=life&limit=1&offset=1')).json();
    expect([listed.total, listed.profiles[0].content.name]).toEqual([2, 'Life two']);
    const one = await ask(server, 'GET', `/profiles/${made.id}`);
    expect(one.headers['etag']).toBe('"3"');
    expect(codeOf(await ask(server, 'DELETE', `/profiles/${made.id}`))).toBe('204');
    expect(codeOf(await ask(server, 'GET', `/profiles/${made.id}`))).toBe('profile-unknown');
  });

  test.each([
    [
      'the number 0 where null means "without a limit"',
      { profile: { sources: [source], collectors: [], limits: { ...limits, linesPerSecond: 0 }, blackouts: [] } },
      'profile-invalid',
    ],
    ['a number as text', { priority: '5' }, 'profile-invalid'],
    ['a key nobody knows', { extra: true }, 'profile-invalid'],
    ['a name that is taken', { name: 'TAKEN' }, 'profile-name-taken'],
    ['no name', { name: '' }, 'profile-invalid'],
  ])('with %s are refused, and nothing is made to fit', async (_what, change, code) => {
    await make('Taken');
    expect(codeOf(await ask(server, 'POST', '/profiles', content('Odd', change)))).toBe(code);
  });

  test('survive a way out and in again as YAML', async () => {
    const made = await make('Exported', { description: 'a: "b"\n- c', assets: assets({ hosts: ['*.export.test'] }) });
    const exported = await ask(server, 'GET', `/profiles/${made.id}/export`);
    expect(exported.headers['content-type']).toMatch(/^application\/yaml/);
    expect(codeOf(await ask(server, 'POST', '/profiles/import', { yaml: exported.body }))).toBe('profile-name-taken');
    const yaml = exported.body.replace('name: Exported', 'name: Imported');
    const imported = (await ask(server, 'POST', '/profiles/import', { yaml })).json();
    expect(imported.content).toEqual({ ...made.content, name: 'Imported' });
  });

  test.each([
    ['no YAML', 'a: [', 'profile-import-invalid'],
    ['another document', 'a: 1', 'profile-import-invalid'],
    [
      'a bomb',
      `meridianProfile: 1\na: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
        .split('')
        .map((name, at) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghi'[at]}`).join(',')}]`)
        .join('\n')}`,
      'profile-import-invalid',
    ],
    ['a function', 'meridianProfile: 1\nname: !!js/function "x"', 'profile-invalid'],
    ['half a profile', 'meridianProfile: 1\nname: x', 'profile-invalid'],
  ])('that are %s are not imported', async (_what, yaml, code) => {
    expect(codeOf(await ask(server, 'POST', '/profiles/import', { yaml }))).toBe(code);
  });

  test('say before they are saved whom they fit, what they overlap, and what will be refused', async () => {
    await new TestAgent(server, 'pre-1.example.com').enroll({ tags: ['pre'] });
    await new TestAgent(server, 'pre-2.example.com').enroll({ tags: ['pre', 'old'] });
    const other = await make('Before', { priority: 10, assets: assets({ hosts: ['pre-1*'] }) });
    const paths = ['/var/log/dirsrv/slapd-a/access', '/etc/shadow', 'access', '/var/log/../x', '/srv/logs/*'];
    const draft = content('Draft', {
      assets: assets({ tags: ['pre'], excludeTags: ['old'] }),
      profile: {
        sources: [
          { ...source, paths },
          { ...source, source: 'no-such-source' },
        ],
        collectors: [],
        limits,
        blackouts: [],
      },
    });
    const preview = (await ask(server, 'POST', '/profiles/preview', draft)).json();
    expect(preview).toMatchObject({
      total: 1,
      gets: 0,
      overlaps: [{ profileId: other.id, name: 'Before', first: true }],
    });
    expect(preview.agents).toMatchObject([
      {
        name: 'pre-1.example.com',
        gets: false,
        fits: [
          { name: 'Before', reason: 'host', by: 'pre-1*' },
          { name: 'Draft', reason: 'tag', by: 'pre' },
        ],
      },
    ]);
    expect(preview.notices.map(({ field, code }: Record<string, string>) => [field, code])).toEqual([
      ['sources.0.paths.1', 'path-forbidden'],
      ['sources.0.paths.2', 'path-relative'],
      ['sources.0.paths.3', 'path-climbing'],
      ['sources.0.paths.4', 'path-outside-roots'],
      ['sources.1.source', 'source-unknown'],
    ]);
    // The profile as it stands is looked at in its own place.
    const again = (
      await ask(
        server,
        'POST',
        `/profiles/preview?id=${other.id}`,
        content('Before', { assets: assets({ tags: ['pre'] }) }),
      )
    ).json();
    expect([again.total, again.gets, again.overlaps]).toEqual([2, 2, []]);
  });

  test('in use are deleted only when that is meant, and the next one takes over', async () => {
    const used = await make('Used', { priority: 1, assets: assets({ tags: ['used'] }) });
    const next = await make('Next', { assets: assets({ tags: ['used'] }) });
    const agent = await new TestAgent(server, 'user-host').enroll({ tags: ['used'] });
    await agent.beat();
    const refused = await ask(server, 'DELETE', `/profiles/${used.id}`);
    expect(codeOf(refused)).toBe('profile-in-use');
    expect(refused.json().error.message).toBe('"Used" is followed by one agent: user-host.');
    expect(codeOf(await ask(server, 'DELETE', `/profiles/${used.id}?reassign=true`))).toBe('204');
    expect((await agent.beat()).json().revision).toBe(2);
    expect((await ask(server, 'GET', `/agents/${agent.id}`)).json()).toMatchObject({ profile: { profileId: next.id } });
  });
});

test('agents are listed, tagged, and given a profile by hand', async () => {
  const hand = await make('By hand');
  const agent = await new TestAgent(server, 'tagged').enroll();
  expect((await ask(server, 'PUT', `/agents/${agent.id}/tags`, { tags: ['b', 'a', 'a'] })).json()).toMatchObject({
    tags: ['a', 'b'],
  });
  expect(codeOf(await ask(server, 'PUT', `/agents/${agent.id}/tags`, { tags: ['a b'] }))).toBe('request-invalid');
  expect(codeOf(await ask(server, 'PUT', `/agents/${agent.id}/profile`, { profileId: 'prf_none' }))).toBe(
    'profile-unknown',
  );
  await ask(server, 'PUT', `/agents/${agent.id}/profile`, { profileId: hand.id });
  expect((await agent.beat()).json().revision).toBe(1);
  expect((await ask(server, 'GET', `/agents/${agent.id}`)).json().fits).toMatchObject([
    { name: 'By hand', reason: 'pinned' },
  ]);
  const named = { profileName: 'By hand', pinnedProfileName: 'By hand' };
  const listed = (await ask(server, 'GET', '/agents?search=tagged&state=active&tag=a')).json();
  expect(listed).toMatchObject({ total: 1, agents: [{ id: agent.id, profile: { state: 'pending' }, ...named }] });
  expect(JSON.stringify(listed)).not.toContain('machine-tagged');
  const summary = (await ask(server, 'GET', '/agents/summary')).json();
  expect(summary.tags).toContainEqual({ tag: 'a', agents: 1 });
  const { total } = (await ask(server, 'GET', '/agents?state=active')).json();
  expect(summary.states.active).toBe(total);
  expect(codeOf(await ask(server, 'GET', '/agents/agt_none'))).toBe('agent-unknown');
});

describe('what is looked at again and again', () => {
  let checks: FleetChecks;
  let fleet: FleetLog;
  const sent: string[] = [];
  beforeAll(() => {
    const log = { warn: () => undefined, error: () => undefined };
    // The way of all records, as the server's own log goes it.
    const take = async (body: Buffer): Promise<void> => {
      sent.push(...body.toString().trim().split('\n'));
      const response = await server.app.inject({
        method: 'POST',
        url: '/api/v1/records',
        headers: {
          authorization: 'Bearer test-token-abcdefghijklmnopqrstuvwxyz',
          'content-type': 'application/x-ndjson',
        },
        payload: body,
      });
      if (response.statusCode !== 200) throw new Error(response.body);
    };
    fleet = createFleetLog(take, server.catalog.outbox, log as never);
    checks = createFleetChecks({ catalog: server.catalog, store: server.store, fleet, log: log as never, clock });
  });

  const kinds = (agentId: string): string[] =>
    sent
      .map((line) => JSON.parse(line))
      .filter((event) => event.agent === agentId)
      .map((event) => event.kind);

  test('an agent that falls silent is told once, and so is that it is back', async () => {
    const agent = await new TestAgent(server, 'quiet').enroll();
    await agent.beat();
    await checks.look();
    expect(kinds(agent.id)).toEqual([]);
    ahead += 95_000;
    await checks.look();
    await checks.look();
    await fleet.settled();
    expect(kinds(agent.id)).toEqual(['silent']);
    expect((await ask(server, 'GET', `/agents/${agent.id}`)).json()).toMatchObject({ state: 'silent' });
    await agent.beat();
    const q = encodeURIComponent(`agentId: "${agent.id}" and eventSubType: BACK`);
    const found = async () =>
      (await ask(server, 'GET', `/events/count?from=1970-01-02&to=2100-01-01&q=${q}`)).json().count;
    await expect.poll(found).toBe(1);
  });

  test('a gap in what was received is told once, and so is that it closed', async () => {
    const agent = await new TestAgent(server, 'gappy').enroll();
    const stretch = (from: number, to: number): CoveredRange => ({
      ...{ stream: 's-gap', generation: 0, source: '389-directory-server', log: 'access', place: '/var/log/x' },
      ...{ agent: agent.id, from, to, lines: 1, records: 1, deadLetters: 0, kinds: {} },
    });
    const cover = async (...ranges: readonly CoveredRange[]): Promise<void> => {
      const writer = server.store.writer();
      for (const range of ranges) writer.covered(range);
      await writer.close();
    };
    await cover(stretch(0, 100), stretch(200, 300));
    ahead += 61_000;
    await checks.look();
    ahead += 61_000;
    await checks.look();
    // Time passes here without a heartbeat; that the agent is silent is another matter.
    const gaps = (): string[] => kinds(agent.id).filter((kind) => kind !== 'silent');
    expect(gaps()).toEqual(['gap']);
    expect((await ask(server, 'GET', '/completeness/gaps?stream=s-gap')).json().gaps).toMatchObject([
      { from: 100, to: 200, agent: agent.id },
    ]);
    expect((await ask(server, 'GET', '/completeness?stream=s-gap')).json().streams).toMatchObject([
      { gaps: 1, gapBytes: 100, complete: false },
    ]);
    await cover(stretch(100, 200));
    ahead += 61_000;
    await checks.look();
    expect(gaps()).toEqual(['gap', 'gap-closed']);
  });

  test('of two servers with one catalog, one looks', async () => {
    expect(await server.catalog.leases.take('fleet-checks', 60_000)).toBe(true);
    await checks.stop();
  });
});

test('lags of streams come from the last heartbeat; numbers missing in sessions are found', async () => {
  const agent = await new TestAgent(server, 'lagging').enroll();
  await agent.claim('s-lag');
  const records = [1, 2, 5].map((conn, at) => ({
    ...{
      EventTime: clock(),
      DeviceModel: '389 Directory Server',
      verb: 'CONNECTION',
      log: 'access',
      host: 'h',
      instance: 'i',
    },
    ...{ conn, session: `h-${conn}`, position: at * 10 },
  }));
  await agent.send(agent.batch('s-lag', [0, 30], records));
  const file = {
    ...{ place: '/var/log/x', source: '389-directory-server', log: 'access', stream: 's-lag', generation: 0 },
    ...{ size: 90, position: 30, lagBytes: 60, lagSeconds: 4, state: 'reading' as const },
  };
  await agent.beat({ files: [file] });
  expect((await ask(server, 'GET', '/completeness?stream=s-lag')).json().streams).toMatchObject([
    { lag: { bytes: 60, seconds: 4, state: 'reading' } },
  ]);
  const sessions = (await ask(server, 'GET', `/completeness/sessions?to=${clock() + 1_000}`)).json();
  expect(sessions.connections).toContainEqual({ host: 'h', instance: 'i', run: 0, from: 3, to: 4 });
  expect(codeOf(await ask(server, 'GET', '/completeness/sessions?source=meridian-fleet'))).toBe('source-unknown');
  expect(codeOf(await ask(server, 'GET', '/completeness/sessions?from=5&to=5'))).toBe('request-invalid');
});

describe('the install script', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-script-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([undefined, 'a'.repeat(64)])('is a shell script that holds no secret (agent %s)', (sha256) => {
    const script = installScript('https://meridian.example.com:8443/x', sha256);
    const file = join(folder, `script-${sha256 === undefined ? 'own' : 'fetched'}.sh`);
    writeFileSync(file, script);
    execFileSync('sh', ['-n', file]);
    expect(script).not.toMatch(/mde_[0-9a-f]/);
    expect(script).toContain("server='https://meridian.example.com:8443/x'");
  });

  test.each([
    "http://a';rm -rf /;'",
    'http://a$(id)',
    'http://a`id`',
    'http://a b',
    'http://a\nid',
    'ftp://a',
    'http://',
    'javascript:alert(1)',
    'http://user:pw@host',
    'http://a/?x',
  ])('never holds %s', async (url) => {
    expect(isServerUrl(url)).toBe(false);
    expect(
      codeOf(await server.app.inject({ url: `/api/v1/enrollment/install.sh?url=${encodeURIComponent(url)}` })),
    ).toBe('request-invalid');
    // Some of these are no header at all; a real server never sees them.
    const host = url.replace(/^\w+:\/\//, '');
    if (!/\n/.test(url) && host !== '') {
      const answer = await server.app.inject({ url: '/api/v1/enrollment/install.sh', headers: { host } });
      if (answer.statusCode === 200) expect(answer.body).toContain(`server='http://${host}'`);
    }
  });

  test('comes with the agent the server has, and tells when it has none', async () => {
    expect(codeOf(await server.app.inject({ url: '/api/v1/enrollment/agent.mjs' }))).toBe('file-missing');
    const script = await server.app.inject({
      url: '/api/v1/enrollment/install.sh',
      headers: { host: 'm.example.com' },
    });
    expect(script.headers['content-type']).toMatch(/^text\/x-shellscript/);
    expect(script.body).toContain('command -v meridian');
  });
});

test('requests are remembered for as long as they could come again, and no more of them than may be', () => {
  let now = 1_000_000;
  const nonces = createNonces(300, 100, () => now);
  expect(nonces.take('k', 'a', 1_000)).toBe(true);
  expect(nonces.take('k', 'a', 1_000)).toBe(false);
  expect(nonces.take('other', 'a', 1_000)).toBe(true);
  now += 302_000;
  expect(nonces.take('k', 'a', 1_302)).toBe(true);
  for (let at = 0; at < 500; at++) nonces.take('k', `n${at}`, 1_302);
  expect(nonces.size).toBeLessThanOrEqual(100);
});

test('differences are told field by field, and end somewhere', () => {
  expect(differenceOf({ a: [1, 2], b: null }, { a: [1, 3, 4], c: 1 })).toEqual({
    changes: [
      { field: 'a.1', before: 2, after: 3 },
      { field: 'a.2', after: 4 },
      { field: 'b', before: null },
      { field: 'c', after: 1 },
    ],
    more: 0,
  });
  const many = Object.fromEntries(Array.from({ length: 1_500 }, (_, at) => [`k${at}`, at]));
  expect(differenceOf({}, many)).toMatchObject({ more: 500 });
});
