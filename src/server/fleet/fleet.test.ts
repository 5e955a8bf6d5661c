import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyProofText, makeSigningKey, openProfile, signBytes } from '#delivery';
import { openTestServer, sampleRecords, type TestServer } from '../test-server.ts';
import { ask, codeOf, newInstance, TestAgent } from './test-agent.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 60);
let ahead = 0;
const clock = (): number => Date.now() + ahead;
let server: TestServer;
beforeAll(async () => {
  server = await openTestServer({
    clock,
    // Most of these tests are refused requests, all from one address.
    limits: {
      agentRefusals: 100_000,
      attempts: 10_000,
      profileLookMs: 50,
      inflatedBytes: 4_000_000,
      batchRecords: 1_000,
    },
  });
});
afterAll(() => server.close());

/** Fleet events of an agent, by their word, in the order of time. */
async function events(agentId: string): Promise<string[]> {
  const q = `source: meridian-fleet and agentId: "${agentId}"`;
  const response = await ask(
    server,
    'GET',
    `/events/search?q=${encodeURIComponent(q)}&from=1970-01-02&to=2100-01-01&sort=eventTime&limit=100`,
  );
  return response.json().events.map((event: Record<string, unknown>) => event['eventSubType']);
}

async function count(q: string): Promise<number> {
  const response = await ask(server, 'GET', `/events/count?from=1970-01-02&to=2100-01-01&q=${encodeURIComponent(q)}`);
  return response.json().count;
}

const content = (name: string, change: object = {}): Record<string, unknown> => ({
  name,
  description: '',
  platform: 'linux',
  enabled: true,
  isDefault: false,
  priority: 100,
  assets: { tags: [], excludeTags: [], hosts: [], excludeHosts: [] },
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
const forTag = (tag: string) => ({ tags: [tag], excludeTags: [], hosts: [], excludeHosts: [] });

describe('enrollment', () => {
  test('gives an identity, the key of the server, and an event', async () => {
    const agent = await new TestAgent(server, 'ds1').enroll({ tags: ['ldap'] });
    expect(agent.answer).toMatchObject({ tags: ['ldap'], serverKey: server.catalog.identity.key.publicKey });
    await expect.poll(() => events(agent.id)).toEqual(['ENROLLED']);
    expect((await ask(server, 'GET', `/agents/${agent.id}`)).json()).toMatchObject({
      name: 'ds1',
      state: 'never-heard',
    });
  });

  test('shows the text of a token once, with a command that has it in no argument', async () => {
    const made = (
      await ask(server, 'POST', '/enrollment/tokens', { uses: 2 }, { host: 'meridian.example.com' })
    ).json();
    expect(made.command).toBe(
      `curl -fsS 'http://meridian.example.com/api/v1/enrollment/install.sh' -o meridian-agent.sh && printf '%s' '${made.text}' | sudo sh meridian-agent.sh`,
    );
    const listed = await ask(server, 'GET', '/enrollment/tokens');
    expect(listed.json().tokens[0]).toMatchObject({ id: made.token.id, state: 'usable', usesMax: 2 });
    expect(listed.body).not.toContain(made.text);
    expect(server.logged()).not.toContain(made.text);
  });

  const token = async (options: object = {}): Promise<{ text: string; token: { id: string } }> =>
    (await ask(server, 'POST', '/enrollment/tokens', options)).json();

  test('with a token that is spent, revoked, expired or wrong is refused, and makes nothing', async () => {
    const before = (await ask(server, 'GET', '/agents?limit=1')).json().total;
    const once = await token();
    await new TestAgent(server, 'spent-1').send(new TestAgent(server, 'spent-1').enrollment(once.text));
    const second = new TestAgent(server, 'spent-2');
    expect(codeOf(await second.send(second.enrollment(once.text)))).toBe('enrollment-token-spent');
    const revoked = await token();
    await ask(server, 'DELETE', `/enrollment/tokens/${revoked.token.id}`);
    expect(codeOf(await second.send(second.enrollment(revoked.text)))).toBe('enrollment-token-revoked');
    const old = await token({ hours: 0.5 });
    ahead += 31 * 60_000;
    expect(codeOf(await second.send(second.enrollment(old.text)))).toBe('enrollment-token-expired');
    for (const text of ['', 'mde_x', `${once.text.slice(0, -1)}!`, "mde_' or 1=1"]) {
      expect(codeOf(await second.send(second.enrollment(text)))).toBe('enrollment-token-wrong');
    }
    expect((await ask(server, 'GET', '/agents?limit=1')).json().total).toBe(before + 1);
    expect(
      (await ask(server, 'GET', '/enrollment/tokens'))
        .json()
        .tokens.find((one: { id: string }) => one.id === revoked.token.id).uses,
    ).toBe(0);
  });

  test('must be signed with the key it offers', async () => {
    const { text } = await token();
    const agent = new TestAgent(server, 'unsigned');
    const honest = agent.enrollment(text);
    const foreign = agent.enrollment(text);
    agent.key = makeSigningKey();
    const body = JSON.stringify({ token: text, publicKey: agent.key.publicKey, host: agent.host });
    expect(codeOf(await agent.send({ ...honest, payload: body }))).toBe('content-digest-wrong');
    const signedByOther = new TestAgent(server, 'unsigned').signed(
      'POST',
      '/api/v1/agents/enroll',
      Buffer.from(body),
      { 'content-type': 'application/json' },
      true,
    );
    expect(codeOf(await agent.send(signedByOther))).toBe('signature-wrong');
    expect(
      codeOf(
        await agent.send({
          method: 'POST',
          url: '/api/v1/agents/enroll',
          payload: body,
          headers: { 'content-type': 'application/json' },
        }),
      ),
    ).toBe('signature-missing');
    expect(codeOf(await agent.send(foreign))).toBe('200');
    // What was overheard cannot be sent again.
    expect(codeOf(await agent.send(foreign))).toBe('nonce-replayed');
  });

  test('is slowed per address, before anything is looked up', async () => {
    const strict = await openStrict();
    try {
      const agent = new TestAgent(strict, 'guesser');
      const codes = [];
      for (let tries = 0; tries < 5; tries++)
        codes.push(codeOf(await agent.send(agent.enrollment(`mde_${'0'.repeat(12)}_${'a'.repeat(43)}`))));
      expect(codes).toEqual([...Array(3).fill('enrollment-token-wrong'), 'attempts-exceeded', 'attempts-exceeded']);
    } finally {
      await strict.close();
    }
  });

  async function openStrict(): Promise<TestServer> {
    await server.close();
    const strict = await openTestServer({ clock, limits: { attempts: 3 } });
    const { close } = strict;
    return {
      ...strict,
      async close() {
        await close();
        server = await openTestServer({
          clock,
          limits: {
            agentRefusals: 100_000,
            attempts: 10_000,
            profileLookMs: 50,
            inflatedBytes: 4_000_000,
            batchRecords: 1_000,
          },
        });
      },
    };
  }

  test('of a host anew is told, and the agent before ends', async () => {
    const first = await new TestAgent(server, 'twice').enroll();
    ahead += 120_000;
    const second = await new TestAgent(server, 'twice').enroll();
    await expect.poll(() => events(second.id)).toEqual(expect.arrayContaining(['ENROLLED', 'REENROLLED']));
    expect(codeOf(await first.beat())).toBe('agent-revoked');
  });
});

describe('a signed request', () => {
  let agent: TestAgent;
  beforeAll(async () => {
    agent = await new TestAgent(server, 'signer').enroll();
  });

  test('is let in, and none is without a signature', async () => {
    expect(codeOf(await agent.beat())).toBe('200');
    const url = '/api/v1/agents/self/profile';
    expect(codeOf(await server.app.inject({ url }))).toBe('signature-missing');
    // The token of people is none of an agent's.
    expect(codeOf(await ask(server, 'GET', '/agents/self/profile'))).toBe('signature-missing');
  });

  test('does not come in twice', async () => {
    const request = agent.signed('GET', '/api/v1/agents/self/profile', undefined);
    expect(codeOf(await agent.send(request))).toBe('204');
    expect(codeOf(await agent.send(request))).toBe('nonce-replayed');
  });

  test.each([
    ['another path', { url: '/api/v1/agents/self/profile?revision=1' }, {}, 'signature-wrong'],
    ['another agent', {}, { 'meridian-agent': 'agt_0' }, 'agent-not-enrolled'],
    ['a header more', {}, { 'meridian-log': 'x' }, 'signature-incomplete'],
    ['a body', { payload: '{}' }, { 'content-type': 'application/json' }, 'content-digest-wrong'],
    ['a signature cut short', {}, { signature: 'meridian=:AAAA:' }, 'signature-malformed'],
  ])('with %s is refused', async (_what, change, headers, code) => {
    const request = agent.signed('GET', '/api/v1/agents/self/profile', undefined);
    const method = 'payload' in change ? 'POST' : 'GET';
    const url = 'payload' in change ? '/api/v1/agents/self/heartbeat' : '/api/v1/agents/self/profile';
    const signed = method === 'GET' ? request : agent.signed('POST', url, Buffer.from('{"a":1}'));
    expect(codeOf(await agent.send({ ...signed, ...change, headers: { ...signed.headers, ...headers } }))).toBe(code);
  });

  test("from a host whose clock is off is told the server's time", async () => {
    agent.aheadMs = 400_000;
    const response = await agent.beat();
    agent.aheadMs = 0;
    expect(codeOf(response)).toBe('clock-skewed');
    const told = Date.parse(response.json().error.place.expected);
    expect(Math.abs(told - clock())).toBeLessThan(5_000);
  });

  test('of a copied identity is refused, and an event', async () => {
    const original = await new TestAgent(server, 'original').enroll();
    const copy = new TestAgent(server, 'original');
    Object.assign(copy, { key: original.key, answer: original.answer, instance: newInstance() });
    expect(codeOf(await original.beat())).toBe('200');
    expect(codeOf(await copy.beat())).toBe('200');
    ahead += 2_000;
    expect(codeOf(await original.beat())).toBe('agent-identity-copied');
    await expect.poll(() => events(original.id)).toContain('IDENTITY-COPIED');
    expect(
      await count(
        `source: meridian-fleet and eventSubType: "IDENTITY-COPIED" and severity >= 9 and agentId: "${original.id}"`,
      ),
    ).toBe(1);
  });

  test('of an un-enrolled agent is refused at once, even while it waits', async () => {
    const gone = await new TestAgent(server, 'gone').enroll();
    expect(codeOf(await gone.beat())).toBe('200');
    expect(codeOf(await ask(server, 'DELETE', `/agents/${gone.id}?reason=sold`))).toBe('200');
    expect(codeOf(await gone.beat())).toBe('agent-revoked');
    expect(codeOf(await ask(server, 'DELETE', `/agents/${gone.id}`))).toBe('agent-revoked');
    await expect.poll(() => events(gone.id)).toContain('UNENROLLED');
  });

  test('with a new key ends the old one', async () => {
    const rotating = await new TestAgent(server, 'rotating').enroll();
    const next = makeSigningKey();
    const proof = signBytes(Buffer.from(keyProofText(rotating.id, next.publicKey)), next).toString('base64url');
    const response = await rotating.post('/api/v1/agents/self/key', { publicKey: next.publicKey, proof });
    expect(response.json()).toMatchObject({ keyId: next.keyId });
    const old = rotating.key;
    expect(codeOf(await rotating.beat())).toBe('200');
    rotating.key = next;
    expect(codeOf(await rotating.beat())).toBe('200');
    rotating.key = old;
    expect(codeOf(await rotating.beat())).toBe('agent-not-enrolled');
  });

  test('fuzz: any status at all is taken, or refused in words', async () => {
    const whole = agent.status();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(whole)),
        fc.anything({ withNullPrototype: false }),
        async (key, value) => {
          const body = { ...whole, [key]: value };
          let text: string;
          try {
            text = JSON.stringify(body);
          } catch {
            return;
          }
          const response = await agent.send(
            agent.signed('POST', '/api/v1/agents/self/heartbeat', Buffer.from(text), {
              'content-type': 'application/json',
            }),
          );
          expect([200, 400]).toContain(response.statusCode);
        },
      ),
      { numRuns: runs },
    );
  });
});

describe('a profile', () => {
  test('reaches a waiting agent within seconds of being saved, signed', async () => {
    const agent = await new TestAgent(server, 'waiting').enroll({ tags: ['waiting'] });
    const poll = (revision: number) =>
      agent.send(agent.signed('GET', `/api/v1/agents/self/profile?revision=${revision}&waitSeconds=20`, undefined));
    const expected = { ...agent.answer, revisionMin: 1 };

    const first = poll(0);
    const made = (await ask(server, 'POST', '/profiles', content('Waiting', { assets: forTag('waiting') }))).json();
    expect(openProfile((await first).json(), expected)).toMatchObject({
      revision: 1,
      profileName: 'Waiting',
      profileVersion: 1,
    });

    const second = poll(1);
    const begun = performance.now();
    await ask(server, 'PUT', `/profiles/${made.id}`, content('Waiting', { assets: forTag('waiting'), priority: 7 }));
    expect(openProfile((await second).json(), { ...expected, revisionMin: 2 })).toMatchObject({
      revision: 2,
      profileVersion: 2,
    });
    expect(performance.now() - begun).toBeLessThan(5_000);

    // Changed by another server of the same catalog: nobody here is told.
    const third = poll(2);
    await server.catalog.profiles.remove(made.id, undefined);
    const last = openProfile((await third).json(), { ...expected, revisionMin: 3 });
    expect([last.revision, last.profile]).toEqual([3, null]);
    expect(codeOf(await agent.send(agent.signed('GET', '/api/v1/agents/self/profile?revision=3', undefined)))).toBe(
      '204',
    );
    await expect
      .poll(() => events(agent.id))
      .toEqual(['ENROLLED', 'PROFILE-CHANGED', 'PROFILE-CHANGED', 'PROFILE-CHANGED']);
  });

  test('is signed for one agent alone, and a rolled back one is newer', async () => {
    const agent = await new TestAgent(server, 'audience').enroll({ tags: ['audience'] });
    const { id } = (await ask(server, 'POST', '/profiles', content('Audience', { assets: forTag('audience') }))).json();
    const get = async () => (await agent.send(agent.signed('GET', '/api/v1/agents/self/profile', undefined))).json();
    const old = await get();
    expect(() => openProfile(old, { ...agent.answer, agentId: 'agt_other', revisionMin: 1 })).toThrow(/another agent/);
    await ask(server, 'PUT', `/profiles/${id}`, content('Audience', { assets: forTag('audience'), priority: 3 }));
    const back = (await ask(server, 'POST', `/profiles/${id}/roll-back`, { version: 1 })).json();
    expect(back).toMatchObject({ version: 3, content: { priority: 100 } });
    const now = openProfile(await get(), { ...agent.answer, revisionMin: 2 });
    expect(now.profileVersion).toBe(3);
    expect(() => openProfile(old, { ...agent.answer, revisionMin: now.revision })).toThrow(/older/);
  });

  test('is applied or refused as heartbeats say, and each is an event', async () => {
    const agent = await new TestAgent(server, 'applying').enroll({ tags: ['applying'] });
    await ask(server, 'POST', '/profiles', content('Applying', { assets: forTag('applying') }));
    expect((await agent.beat()).json()).toMatchObject({ revision: 1, eventsUpTo: 0 });
    const state = async () => (await ask(server, 'GET', `/agents/${agent.id}`)).json();
    expect((await state()).profile.state).toBe('pending');
    await agent.beat({
      profile: { applied: 0, refused: { revision: 1, code: 'path-forbidden', sentence: 'Not here.' } },
    });
    expect((await state()).profile).toMatchObject({ state: 'refused', refusedCode: 'path-forbidden' });
    await agent.beat({ profile: { applied: 1 } });
    expect(await state()).toMatchObject({
      state: 'active',
      profile: { state: 'applied' },
      notices: [{ code: 'no-files' }],
    });
    await expect
      .poll(() => events(agent.id))
      .toEqual(['ENROLLED', 'PROFILE-CHANGED', 'PROFILE-REFUSED', 'PROFILE-APPLIED']);
  });
});

test('happenings of an agent are stored once, however often they are told', async () => {
  const agent = await new TestAgent(server, 'telling').enroll();
  const happening = {
    sequence: 1,
    kind: 'log-shrank' as const,
    time: clock(),
    place: '/var/log/x\n{"a":1}',
    sentence: 'It shrank.\r\nSILENT',
  };
  for (let tries = 0; tries < 3; tries++) {
    expect((await agent.beat({ events: [happening] })).json().eventsUpTo).toBe(1);
  }
  await expect.poll(() => events(agent.id)).toEqual(['ENROLLED', 'LOG-SHRANK']);
  expect(await count(`agentId: "${agent.id}" and eventType: gap`)).toBe(1);
  // Every kind has a category of its own.
  expect(await count('source: meridian-fleet and eventCategory: other')).toBe(0);
});

describe('a batch of an agent', () => {
  let agent: TestAgent;
  beforeAll(async () => {
    agent = await new TestAgent(server, 'shipper').enroll();
  });
  const records = (from: number, many: number) =>
    sampleRecords(many).map((record, at) => ({ ...record, position: from + at * 100, raw: `line ${from + at}` }));

  test('is stored under the identity that was proven, whatever its records say', async () => {
    expect((await agent.claim('s-identity')).json()).toEqual({ generation: 0, position: 0 });
    const lying = records(0, 4).map((record) => ({
      ...record,
      agent: 'agt_other',
      agentId: 'agt_other',
      stream: 's-other',
      generation: 7,
    }));
    const response = await agent.send(agent.batch('s-identity', [0, 400], lying));
    expect(response.json()).toMatchObject({ records: 4, stored: 4, deadLetters: 0 });
    expect(await count(`stream: s-identity and agentId: "${agent.id}" and generation: 0`)).toBe(4);
    expect(await count('stream: s-other or agentId: agt_other')).toBe(0);
  });

  test('again adds nothing, and what was received is known', async () => {
    await agent.claim('s-again');
    const send = () => agent.send(agent.batch('s-again', [0, 800], records(0, 8)));
    expect((await send()).json()).toMatchObject({ stored: 8, known: 0 });
    expect((await send()).json()).toMatchObject({ stored: 0, known: 8 });
    expect((await agent.claim('s-again')).json()).toEqual({ generation: 0, position: 800 });
    const [stream] = (await ask(server, 'GET', '/completeness?stream=s-again')).json().streams;
    expect(stream).toMatchObject({
      from: 0,
      to: 800,
      lines: 8,
      records: 8,
      events: 8,
      gaps: 0,
      complete: true,
      agent: agent.id,
    });
    expect((await ask(server, 'GET', '/completeness/kinds?stream=s-again&generation=0')).json()).toEqual({
      kinds: { BIND: 2, CONNECTION: 2, RESULT: 2, SRCH: 2 },
    });
  });

  test('without records is received, too', async () => {
    await agent.claim('s-blank');
    expect((await agent.send(agent.batch('s-blank', [0, 50], []))).json()).toMatchObject({ records: 0 });
    expect((await agent.claim('s-blank')).json().position).toBe(50);
  });

  test('of a stream it has not claimed is refused', async () => {
    expect(codeOf(await agent.send(agent.batch('s-foreign', [0, 100], records(0, 1))))).toBe('stream-not-claimed');
    const other = await new TestAgent(server, 'other-shipper').enroll();
    await agent.claim('s-mine');
    expect(codeOf(await other.send(other.batch('s-mine', [0, 100], records(0, 1))))).toBe('stream-not-claimed');
    expect((await other.claim('s-mine')).json().generation).toBe(1);
    expect(await count('stream: s-foreign or stream: s-mine')).toBe(0);
  });

  test('with records that cannot be stored keeps these as dead letters, and stores the others', async () => {
    await agent.claim('s-poisoned');
    const [good] = records(0, 1);
    const poisoned = [
      good,
      '{broken',
      { ...good, position: 5_000 },
      { ...good, position: undefined },
      { ...good, position: 100, DeviceModel: 'Meridian Agent', source: 'meridian-fleet', verb: 'ENROLLED' },
    ];
    const response = await agent.send(agent.batch('s-poisoned', [0, 400], poisoned));
    expect(response.json()).toMatchObject({
      ...{ records: 5, stored: 1, deadLetters: 4 },
      deadLetterCodes: { 'broken-json': 1, 'position-outside-range': 2, 'source-reserved': 1 },
    });
  });

  test.each([
    ['no stream', { 'meridian-stream': '' }, 'request-invalid'],
    ['a range that ends before it begins', { 'meridian-range': '9-3' }, 'request-invalid'],
    ['lines that are none', { 'meridian-lines': '-1' }, 'request-invalid'],
    ['a log with a quote', { 'meridian-log': "x'y" }, 'request-invalid'],
    ['a place that is cut', { 'meridian-place': '%E0%A4%A' }, 'request-invalid'],
    ['no place', { 'meridian-place': '' }, 'request-invalid'],
  ])('with %s is refused', async (_what, headers, code) => {
    expect(codeOf(await agent.send(agent.batch('s-headers', [0, 100], records(0, 1), headers)))).toBe(code);
  });

  test('that is a bomb, or has too many records, is refused, and nothing is stored', async () => {
    await agent.claim('s-bomb');
    const bomb = agent.batch('s-bomb', [0, 100], []);
    const body = gzipSync(Buffer.alloc(100_000_000, 'a'));
    const signed = agent.signed('POST', '/api/v1/records', body, {
      ...Object.fromEntries(
        Object.entries(bomb.headers ?? {})
          .filter(
            ([name]) => name.startsWith('meridian-') || name.startsWith('content-t') || name === 'content-encoding',
          )
          .map(([name, value]) => [name, String(value)]),
      ),
    });
    expect(codeOf(await agent.send(signed))).toBe('body-too-large');
    expect(codeOf(await agent.send(agent.batch('s-bomb', [0, 100], Array(1_002).fill({}))))).toBe('too-many-records');
    expect((await agent.claim('s-bomb')).json().position).toBe(0);
    expect(await count('stream: s-bomb')).toBe(0);
  });

  test('that was changed on its way is refused', async () => {
    await agent.claim('s-changed');
    const batch = agent.batch('s-changed', [0, 100], records(0, 1));
    expect(codeOf(await agent.send({ ...batch, payload: gzipSync('{}') }))).toBe('content-digest-wrong');
    const headers = Object.entries(batch.headers ?? {}).filter(([name]) => name !== 'content-encoding');
    const stripped = { ...batch, headers: Object.fromEntries(headers) };
    expect(codeOf(await agent.send(stripped))).toBe('signature-malformed');
    expect(await count('stream: s-changed')).toBe(0);
  });
});

test('reading without an agent and with one share a generation, when the content is the same', async () => {
  const agent = await new TestAgent(server, 'sharing').enroll();
  const marks = [{ position: 256, hash: 'b'.repeat(16) }];
  const counts = { position: 900, lines: 9, events: 9, deadLetters: 0, continuations: 0 };
  const label = { source: '389-directory-server', log: 'access', file: '/x' };
  const state = JSON.stringify({ version: 1, marks, reader: null });
  await server.store.streams.save({ stream: 's-shared', generation: 3, ...label, ...counts, state });
  expect((await agent.claim('s-shared', { marks })).json().generation).toBe(3);
  expect((await agent.claim('s-shared', { marks: [{ position: 256, hash: 'c'.repeat(16) }] })).json().generation).toBe(
    4,
  );
  // And the other way round.
  const made = await server.store.streams.get('s-shared', 4);
  expect(JSON.parse(made?.state ?? '')).toMatchObject({ marks: [{ position: 256, hash: 'c'.repeat(16) }] });
});
