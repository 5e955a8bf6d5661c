import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestServer, type TestServer } from '../test-server.ts';
import { ask, codeOf, TestAgent } from './test-agent.ts';

const ahead = 0;
let server: TestServer;
beforeAll(async () => {
  server = await openTestServer({ clock: () => Date.now() + ahead });
});
afterAll(() => server.close());

const content = (name: string, tag: string, change: object = {}) => ({
  ...{ name, description: '', platform: 'linux', enabled: true, isDefault: false, priority: 100 },
  assets: { tags: [tag], excludeTags: [], hosts: [], excludeHosts: [] },
  profile: {
    sources: [
      {
        ...{ source: '389-directory-server', logs: ['access'], paths: ['/var/log/dirsrv/slapd-*/access*'] },
        ...{ format: 'auto', start: 'beginning', zone: 'UTC', encoding: 'utf-8' },
      },
    ],
    collectors: [],
    limits: {
      ...{ batchRecords: 1_000, batchBytes: 1_000_000, intervalMs: 1_000, linesPerSecond: null },
      ...{ spoolBytes: 100_000_000, spoolAgeHours: 24 },
    },
    blackouts: [],
  },
  ...change,
});
const get = async (path: string) => (await ask(server, 'GET', path)).json();

test('what became of a profile is told per agent and counted: not told, told, in use, refused, changed since', async () => {
  const { id } = (await ask(server, 'POST', '/profiles', content('Rolled out', 'roll'))).json();
  const first = await new TestAgent(server, 'roll-1.example.com').enroll({ tags: ['roll'] });
  const second = await new TestAgent(server, 'roll-2.example.com').enroll({ tags: ['roll'] });
  await new TestAgent(server, 'elsewhere.example.com').enroll({ tags: ['other'] });
  const states = async () => (await get(`/profiles/${id}/agents`)).states;
  const counted = async () => (await get('/agents/summary')).profiles[id];
  expect(await states()).toEqual({ pending: 2, applied: 0, refused: 0 });

  await first.beat();
  await first.beat({ profile: { applied: 1 } });
  await second.beat();
  await second.beat({
    profile: { applied: 0, refused: { revision: 1, code: 'path-forbidden', sentence: 'Not that.' } },
  });
  expect(await states()).toEqual({ pending: 0, applied: 1, refused: 1 });
  expect(await counted()).toEqual({ pending: 0, applied: 1, refused: 1 });
  expect((await get(`/profiles/${id}/agents`)).agents).toMatchObject([
    {
      name: 'roll-2.example.com',
      state: 'refused',
      reason: 'tag',
      by: 'roll',
      refused: { code: 'path-forbidden', sentence: 'Not that.' },
    },
    { agentId: first.id, name: 'roll-1.example.com', agentState: 'active', state: 'applied' },
  ]);
  expect((await get(`/profiles/${id}/agents?offset=1&limit=5`)).agents).toHaveLength(1);

  // A new version is on nobody yet, whatever became of the one before.
  await ask(server, 'PUT', `/profiles/${id}`, content('Rolled out', 'roll', { priority: 7 }));
  const changed = await get(`/profiles/${id}/agents`);
  expect(changed.states).toEqual({ pending: 2, applied: 0, refused: 0 });
  expect(changed.agents[0]).toMatchObject({ state: 'pending', follows: { profileId: id, version: 1 } });
  expect(changed.agents[0].refused).toBeUndefined();

  // One that is switched off is for nobody.
  await ask(server, 'PUT', `/profiles/${id}`, content('Rolled out', 'roll', { enabled: false }));
  expect(await states()).toEqual({ pending: 0, applied: 0, refused: 0 });
  expect(await counted()).toBeUndefined();
  expect(codeOf(await ask(server, 'GET', '/profiles/prf_none/agents'))).toBe('profile-unknown');
});

test('agents are found by address, and by the token they came in with', async () => {
  const made = (await ask(server, 'POST', '/enrollment/tokens', { uses: 2 })).json();
  expect(made.handsOutAgent).toBe(false);
  const agent = new TestAgent(server, 'by-token.example.com', { addresses: ['203.0.113.77', '2001:db8::77'] });
  expect(codeOf(await agent.send(agent.enrollment(made.text)))).toBe('200');
  const names = async (query: string): Promise<string[]> =>
    (await get(`/agents?${query}`)).agents.map(({ name }: { name: string }) => name);
  expect(await names(`tokenId=${made.token.id}`)).toEqual(['by-token.example.com']);
  expect(await names('tokenId=none')).toEqual([]);
  expect(await names('search=113.77')).toEqual(['by-token.example.com']);
  expect(await names('search=2001:DB8')).toEqual(['by-token.example.com']);
  // What stands between addresses where they are kept is no part of one.
  expect(await names('search=%22%2C%22')).toEqual([]);
});

test('before it is saved a profile is shown as YAML, and what each source logs is known', async () => {
  const preview = (await ask(server, 'POST', '/profiles/preview', content('As text: "x"', 'nobody'))).json();
  const { content: imported } = (await ask(server, 'POST', '/profiles/import', { yaml: preview.yaml })).json();
  expect(imported).toEqual(content('As text: "x"', 'nobody'));
  const { sources } = await get('/sources');
  const logs = Object.fromEntries(
    sources.map(({ id, logs: kinds }: { id: string; logs: { name: string }[] }) => [id, kinds.map(({ name }) => name)]),
  );
  expect(logs).toMatchObject({
    '389-directory-server': ['access', 'security', 'audit', 'auditfail', 'error'],
    'meridian-fleet': [],
  });
});
