import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type AgentHost,
  type AgentStatus,
  defaultProfileLimits,
  keyProofText,
  makeSigningKey,
  signBytes,
} from '#delivery';
import type { CatalogOptions } from './connect.ts';
import type { Enrolled } from './enroll-agent.ts';
import { type Catalog, openCatalog } from './open-catalog.ts';
import type { ProfileContent } from './profile-content.ts';

/** A profile as people would make it. */
export function sampleContent(name: string, change: Partial<ProfileContent> = {}): ProfileContent {
  return {
    name,
    description: '',
    platform: 'linux',
    enabled: true,
    isDefault: false,
    priority: 100,
    assets: { tags: [], excludeTags: [], hosts: [], excludeHosts: [] },
    profile: { sources: [], collectors: [], limits: defaultProfileLimits, blackouts: [] },
    ...change,
  };
}

function host(name: string, change: Partial<AgentHost> = {}): AgentHost {
  const plain = { os: 'Debian 12', kernel: '6.1', arch: 'x64', addresses: ['192.0.2.7'], version: '1.0.0', tags: [] };
  return { name, machineId: `machine-${name}`, ...plain, ...change };
}

function statusOf(of: AgentHost, instance: string, change: Partial<AgentStatus> = {}): AgentStatus {
  return {
    version: '1.0.1',
    instance,
    host: of,
    startedAt: 1,
    time: 1,
    profile: { applied: 0 },
    files: [],
    filesMore: 0,
    sessionsOpen: 0,
    spool: { bytes: 0, batches: 0, oldestSeconds: 0, full: false },
    shipped: { batches: 0, records: 0, lines: 0, bytes: 0, deadLetters: 0 },
    errors: [],
    events: [],
    ...change,
  };
}

const note = { by: 'tester', remark: 'created' };
const instanceOf = (): string => `instance-${randomBytes(12).toString('hex')}`;

/** The suite that every kind of catalog passes. */
export function catalogConformance(kind: string, place: () => CatalogOptions): void {
  let now = 1_795_514_400_000;
  let catalog: Catalog;
  const made: Catalog[] = [];

  async function open(): Promise<Catalog> {
    const one = await openCatalog(place(), () => now);
    made.push(one);
    return one;
  }

  async function enroll(
    of: AgentHost,
    change: { tags?: string[]; profileId?: string; usesMax?: number } = {},
  ): Promise<Enrolled & { text: string }> {
    const { tags = [], profileId, usesMax = 1 } = change;
    const { text } = await catalog.tokens.make({ description: '', tags, profileId, usesMax, lifeMs: 3_600_000 });
    const key = makeSigningKey();
    const offered = {
      token: text,
      publicKey: key.publicKey,
      host: of,
      instance: instanceOf(),
      created: Math.floor(now / 1_000),
    };
    return { ...(await catalog.enroll(offered)), text };
  }

  describe(`a catalog in ${kind}`, () => {
    beforeAll(async () => {
      catalog = await open();
    });
    afterAll(async () => {
      for (const one of made) await one.close();
    });

    test('keeps its identity, and all servers of it share one', async () => {
      const again = await open();
      expect(again.identity.serverId).toBe(catalog.identity.serverId);
      expect(again.identity.key.publicKey).toBe(catalog.identity.key.publicKey);
    });

    describe('profiles', () => {
      test('have versions, and can be gone back in', async () => {
        const first = await catalog.profiles.create(sampleContent('Alpha'), note);
        const second = await catalog.profiles.update(first.id, { ...first.content, priority: 5 }, 1, {
          by: 'x',
          remark: 'sooner',
        });
        expect(second.version).toBe(2);
        const old = await catalog.profiles.version(first.id, 1);
        const third = await catalog.profiles.update(first.id, old.content, 2, { by: 'x', remark: 'rolled back' });
        expect(third).toMatchObject({ version: 3, content: first.content });
        const versions = await catalog.profiles.versions(first.id);
        expect(versions.map(({ version, remark }) => [version, remark])).toEqual([
          [3, 'rolled back'],
          [2, 'sooner'],
          [1, 'created'],
        ]);
      });

      test('of the same content make no version', async () => {
        const first = await catalog.profiles.create(sampleContent('Same'), note);
        expect((await catalog.profiles.update(first.id, first.content, 1, note)).version).toBe(1);
      });

      test('changed by two at the same time: the second is told', async () => {
        const { id, content } = await catalog.profiles.create(sampleContent('Contested'), note);
        const both = await Promise.allSettled([
          catalog.profiles.update(id, { ...content, priority: 1 }, 1, note),
          catalog.profiles.update(id, { ...content, priority: 2 }, 1, note),
        ]);
        expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
          reason: { code: 'catalog-conflict' },
        });
        expect((await catalog.profiles.get(id)).version).toBe(2);
      });

      test('cannot have one name, however it is written', async () => {
        await catalog.profiles.create(sampleContent('Directory servers'), note);
        await expect(catalog.profiles.create(sampleContent('DIRECTORY servers'), note)).rejects.toMatchObject({
          code: 'profile-name-taken',
        });
      });

      test('are found by a part of the name, and % is no wildcard', async () => {
        await catalog.profiles.create(sampleContent('50% of hosts_a'), note);
        const found = async (search: string): Promise<string[]> =>
          (await catalog.profiles.list({ search })).profiles.map(({ content }) => content.name);
        expect(await found('0% OF')).toEqual(['50% of hosts_a']);
        expect(await found('s_a')).toEqual(['50% of hosts_a']);
        expect(await found('5%hosts')).toEqual([]);
        expect(await found("' or 1=1 --")).toEqual([]);
      });

      test('one at most is the default', async () => {
        const one = await catalog.profiles.create(sampleContent('Default one', { isDefault: true }), note);
        await catalog.profiles.create(sampleContent('Default two', { isDefault: true }), note);
        expect(await catalog.profiles.get(one.id)).toMatchObject({ version: 2, content: { isDefault: false } });
      });

      test('count as changed with each change', async () => {
        const before = await catalog.changes('profiles');
        const { id } = await catalog.profiles.create(sampleContent('Counted'), note);
        await catalog.profiles.remove(id, 1);
        expect(await catalog.changes('profiles')).toBe(before + 2);
        await expect(catalog.profiles.get(id)).rejects.toMatchObject({ code: 'profile-unknown' });
      });
    });

    describe('enrollment', () => {
      test('gives an agent the tags of the token and its own', async () => {
        const { agent, fresh } = await enroll(host('web', { tags: ['own'] }), { tags: ['ldap', 'berlin'] });
        expect(fresh).toBe(true);
        expect(agent).toMatchObject({ name: 'web', tags: ['berlin', 'ldap', 'own'], state: 'never-heard' });
      });

      test('uses a token as often as it may be, even at the same time', async () => {
        const { text } = await catalog.tokens.make({
          description: '',
          tags: [],
          profileId: undefined,
          usesMax: 3,
          lifeMs: 1_000,
        });
        const offers = Array.from({ length: 8 }, (_, at) =>
          catalog.enroll({
            token: text,
            publicKey: makeSigningKey().publicKey,
            host: host(`many-${at}`),
            instance: instanceOf(),
            created: 1,
          }),
        );
        const results = await Promise.allSettled(offers);
        expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
        expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
          reason: { code: 'enrollment-token-spent' },
        });
      });

      test.each([
        ['a wrong secret', (text: string) => `${text.slice(0, -3)}abc`, 'enrollment-token-wrong'],
        ['an unknown id', (text: string) => text.replace(/_.{12}_/, '_000000000000_'), 'enrollment-token-wrong'],
        ['another form', () => "x' or 1=1 --", 'enrollment-token-wrong'],
      ])('with %s is refused', async (_what, change, code) => {
        const { text } = await catalog.tokens.make({
          description: '',
          tags: [],
          profileId: undefined,
          usesMax: 1,
          lifeMs: 1_000,
        });
        const offered = {
          publicKey: makeSigningKey().publicKey,
          host: host('bad'),
          instance: instanceOf(),
          created: 1,
        };
        await expect(catalog.enroll({ ...offered, token: change(text) })).rejects.toMatchObject({ code });
        // Nothing was used up.
        await expect(catalog.enroll({ ...offered, token: text })).resolves.toMatchObject({ fresh: true });
      });

      test('with an expired or a revoked token is refused', async () => {
        const choices = { description: '', tags: [], profileId: undefined, usesMax: 1, lifeMs: 1_000 };
        const old = await catalog.tokens.make(choices);
        const offered = {
          publicKey: makeSigningKey().publicKey,
          host: host('late'),
          instance: instanceOf(),
          created: 1,
        };
        now += 1_001;
        await expect(catalog.enroll({ ...offered, token: old.text })).rejects.toMatchObject({
          code: 'enrollment-token-expired',
        });
        const gone = await catalog.tokens.make(choices);
        expect((await catalog.tokens.revoke(gone.token.id)).state).toBe('revoked');
        await expect(catalog.enroll({ ...offered, token: gone.text })).rejects.toMatchObject({
          code: 'enrollment-token-revoked',
        });
      });

      test('whose answer was lost gives the same agent again, and uses nothing', async () => {
        const { text } = await catalog.tokens.make({
          description: '',
          tags: [],
          profileId: undefined,
          usesMax: 1,
          lifeMs: 1_000,
        });
        const offered = {
          token: text,
          publicKey: makeSigningKey().publicKey,
          host: host('twice'),
          instance: instanceOf(),
          created: 1,
        };
        const first = await catalog.enroll(offered);
        expect(await catalog.enroll(offered)).toMatchObject({ fresh: false, agent: { id: first.agent.id } });
        await expect(catalog.enroll({ ...offered, host: host('other') })).rejects.toMatchObject({
          code: 'agent-identity-copied',
        });
      });

      test('of a host anew ends the agent before it when that is silent', async () => {
        const first = await enroll(host('again'));
        const soon = await enroll(host('again'));
        expect(soon.earlier).toEqual([{ id: first.agent.id, ended: false }]);
        now += 91_000;
        await enroll(host('again'));
        expect(await catalog.agents.get(first.agent.id)).toMatchObject({ state: 'revoked' });
      });

      test('keeps no secret', async () => {
        const { text } = await catalog.tokens.make({
          description: '',
          tags: [],
          profileId: undefined,
          usesMax: 1,
          lifeMs: 1_000,
        });
        const rows = await catalog.database.selectFrom('enrollment_tokens').selectAll().execute();
        expect(JSON.stringify(rows)).not.toContain(text.split('_')[2]);
      });
    });

    describe('the voice of an agent', () => {
      test('is known by its key until it is revoked', async () => {
        const { text } = await catalog.tokens.make({
          description: '',
          tags: [],
          profileId: undefined,
          usesMax: 1,
          lifeMs: 1_000,
        });
        const key = makeSigningKey();
        const { agent } = await catalog.enroll({
          token: text,
          publicKey: key.publicKey,
          host: host('voice'),
          instance: instanceOf(),
          created: 1,
        });
        expect(await catalog.voices.find(agent.id, key.keyId)).toMatchObject({
          name: 'voice',
          publicKey: key.publicKey,
        });
        await expect(catalog.voices.find('agt_x', key.keyId)).rejects.toMatchObject({ code: 'agent-not-enrolled' });
        expect(await catalog.agents.revoke(agent.id, 'lost')).toBe(true);
        expect(await catalog.agents.revoke(agent.id, 'lost')).toBe(false);
        await expect(catalog.voices.find(agent.id, key.keyId)).rejects.toMatchObject({ code: 'agent-revoked' });
      });

      async function speaker(
        name: string,
      ): Promise<{ id: string; key: ReturnType<typeof makeSigningKey>; instance: string }> {
        const { text } = await catalog.tokens.make({
          description: '',
          tags: [],
          profileId: undefined,
          usesMax: 1,
          lifeMs: 1_000,
        });
        const key = makeSigningKey();
        const instance = instanceOf();
        const { agent } = await catalog.enroll({
          token: text,
          publicKey: key.publicKey,
          host: host(name),
          instance,
          created: 100,
        });
        return { id: agent.id, key, instance };
      }

      test('from two processes in turn is that of a copied identity', async () => {
        const { id, key, instance } = await speaker('copied');
        const voice = () => catalog.voices.find(id, key.keyId);
        const other = instanceOf();
        await catalog.voices.hear(await voice(), other, 200);
        // Signed before the other process began: only late.
        await expect(catalog.voices.hear(await voice(), instance, 199)).rejects.toMatchObject({
          code: 'agent-instance-superseded',
        });
        await expect(catalog.voices.hear(await voice(), instance, 201)).rejects.toMatchObject({
          code: 'agent-identity-copied',
        });
        await catalog.voices.hear(await voice(), other, 202);
      });

      test('gets a new key; the old one ends with the first use of the new', async () => {
        const { id, key, instance } = await speaker('rotating');
        const next = makeSigningKey();
        const proof = signBytes(Buffer.from(keyProofText(id, next.publicKey)), next).toString('base64url');
        const voice = await catalog.voices.find(id, key.keyId);
        const bad = signBytes(Buffer.from(keyProofText(id, next.publicKey)), key).toString('base64url');
        await expect(catalog.voices.rotate(voice, { publicKey: next.publicKey, proof: bad })).rejects.toMatchObject({
          code: 'signature-wrong',
        });
        expect(await catalog.voices.rotate(voice, { publicKey: next.publicKey, proof })).toMatchObject({
          keyId: next.keyId,
        });
        // Both are taken until the new one speaks.
        await catalog.voices.hear(await catalog.voices.find(id, key.keyId), instance, 101);
        await catalog.voices.hear(await catalog.voices.find(id, next.keyId), instance, 102);
        await expect(catalog.voices.find(id, key.keyId)).rejects.toMatchObject({ code: 'agent-not-enrolled' });
      });

      test('keeps its old key ten minutes when the new one is never used', async () => {
        const { id, key } = await speaker('half-rotated');
        const next = makeSigningKey();
        const proof = signBytes(Buffer.from(keyProofText(id, next.publicKey)), next).toString('base64url');
        await catalog.voices.rotate(await catalog.voices.find(id, key.keyId), { publicKey: next.publicKey, proof });
        now += 599_000;
        await catalog.voices.find(id, key.keyId);
        now += 2_000;
        await expect(catalog.voices.find(id, key.keyId)).rejects.toMatchObject({ code: 'agent-not-enrolled' });
        await catalog.voices.find(id, next.keyId);
      });
    });

    describe('what an agent is told', () => {
      test('grows in revision with every change, also back', async () => {
        const of = host('told');
        const { agent } = await enroll(of, { tags: ['told'] });
        const tell = async (): Promise<number> =>
          (await catalog.book.tell(agent.id, await catalog.profiles.all())).revision;
        for (const { id } of (await catalog.profiles.list({ search: 'default' })).profiles)
          await catalog.profiles.remove(id, undefined);
        expect(await tell()).toBe(0);
        const assets = { tags: ['told'], excludeTags: [], hosts: [], excludeHosts: [] };
        const { id, content } = await catalog.profiles.create(sampleContent('Told', { assets }), note);
        expect(await tell()).toBe(1);
        expect(await tell()).toBe(1);
        await catalog.profiles.update(id, { ...content, priority: 7 }, undefined, note);
        expect(await tell()).toBe(2);
        await catalog.profiles.update(id, content, undefined, note);
        expect(await tell()).toBe(3);
        await catalog.profiles.update(id, { ...content, enabled: false }, undefined, note);
        expect(await tell()).toBe(4);
        expect((await catalog.agents.get(agent.id)).profile).toMatchObject({ state: 'none', revision: 4 });
      });

      test('is pending, applied, or refused as its heartbeats say', async () => {
        const of = host('beating');
        const { agent } = await enroll(of, { tags: ['beating'] });
        const assets = { tags: ['beating'], excludeTags: [], hosts: [], excludeHosts: [] };
        await catalog.profiles.create(sampleContent('Beating', { assets }), note);
        await catalog.book.tell(agent.id, await catalog.profiles.all());
        const instance = instanceOf();
        const beat = async (profile: AgentStatus['profile']): Promise<string> =>
          (await catalog.book.heard(agent.id, statusOf(of, instance, { profile, time: now - 1_500 }))).now.profile
            .state;
        expect(await beat({ applied: 0 })).toBe('pending');
        expect(await beat({ applied: 0, refused: { revision: 1, code: 'path-forbidden', sentence: 'No.' } })).toBe(
          'refused',
        );
        expect(await beat({ applied: 1 })).toBe('applied');
        // A revision it was never told.
        expect(await beat({ applied: 99 })).toBe('applied');
        expect(await catalog.agents.get(agent.id)).toMatchObject({
          state: 'active',
          version: '1.0.1',
          clockOffsetMs: -1_500,
        });
      });

      test('happenings are fresh once', async () => {
        const of = host('happening');
        const { agent } = await enroll(of);
        const instance = instanceOf();
        const events = [1, 2].map((sequence) => ({ sequence, kind: 'log-shrank' as const, time: now }));
        const beat = async (of_: string): Promise<number> =>
          (await catalog.book.heard(agent.id, statusOf(of, of_, { events }))).fresh.length;
        expect(await beat(instance)).toBe(2);
        await catalog.book.storedHappenings(agent.id, instance, 2);
        expect(await beat(instance)).toBe(0);
        expect(await beat(instanceOf())).toBe(2);
      });

      test('silence is noticed once, and ends with the next word', async () => {
        const of = host('silent');
        const { agent } = await enroll(of);
        await catalog.book.heard(agent.id, statusOf(of, instanceOf()));
        const names = async (): Promise<boolean> =>
          (await catalog.agents.markSilent()).some(({ id }) => id === agent.id);
        expect(await names()).toBe(false);
        now += 91_000;
        expect(await names()).toBe(true);
        expect(await names()).toBe(false);
        const { before, now: after } = await catalog.book.heard(agent.id, statusOf(of, instanceOf()));
        expect([before.silentSince !== undefined, after.silentSince]).toEqual([true, undefined]);
      });
    });

    test('agents are listed by name, tag and state', async () => {
      await enroll(host('list-b'), { tags: ['list_x'] });
      const { agent } = await enroll(host('list-a'), { tags: ['list_x'] });
      await catalog.agents.revoke(agent.id, 'test');
      const names = async (options: Parameters<Catalog['agents']['list']>[0]): Promise<string[]> =>
        (await catalog.agents.list(options)).agents.map(({ name }) => name);
      expect(await names({ search: 'LIST-' })).toEqual(['list-a', 'list-b']);
      expect(await names({ tag: 'list_x', state: 'never-heard' })).toEqual(['list-b']);
      expect(await names({ tag: 'listzx' })).toEqual([]);
      expect(await names({ tag: 'list_x', state: 'revoked' })).toEqual(['list-a']);
      expect(await catalog.agents.list({ search: 'list-', limit: 1, offset: 1 })).toMatchObject({
        total: 2,
        agents: [{ name: 'list-b' }],
      });
    });

    describe('generations of a stream', () => {
      const claimOf = (stream: string, marks: Record<number, string> = {}) => ({
        stream,
        place: '/var/log/dirsrv/slapd-a/access',
        source: '389-directory-server',
        log: 'access',
        marks: Object.entries(marks).map(([position, hash]) => ({ position: Number(position), hash })),
      });
      async function voiceOf(of: AgentHost): Promise<Awaited<ReturnType<Catalog['voices']['find']>>> {
        const { text } = await catalog.tokens.make({
          description: '',
          tags: [],
          profileId: undefined,
          usesMax: 1,
          lifeMs: 1_000,
        });
        const key = makeSigningKey();
        const { agent } = await catalog.enroll({
          token: text,
          publicKey: key.publicKey,
          host: of,
          instance: instanceOf(),
          created: 1,
        });
        return catalog.voices.find(agent.id, key.keyId);
      }

      test('are told apart by host and by content', async () => {
        const [one, other] = [await voiceOf(host('gen-a')), await voiceOf(host('gen-b'))];
        const claim = async (voice: typeof one, marks: Record<number, string>): Promise<number> =>
          (await catalog.streams.claim(voice, claimOf('s1', marks), [])).generation;
        expect(await claim(one, { 256: 'a', 512: 'b' })).toBe(0);
        // The same file, grown; and asked again.
        expect(await claim(one, { 256: 'a', 512: 'b', 1024: 'c' })).toBe(0);
        expect(await claim(one, { 256: 'a' })).toBe(0);
        // A copied host has a log that begins alike.
        expect(await claim(other, { 256: 'a', 512: 'b' })).toBe(1);
        // Another log of the same host, that went on otherwise.
        expect(await claim(one, { 256: 'a', 512: 'x' })).toBe(2);
        expect(await claim(one, { 256: 'a', 512: 'b', 1024: 'z' })).toBe(3);
      });

      test('that nobody has are taken when the content agrees', async () => {
        const voice = await voiceOf(host('gen-c'));
        const known = [
          { generation: 0, marks: [{ position: 256, hash: 'a' }] },
          { generation: 1, marks: [{ position: 256, hash: 'b' }] },
        ];
        expect((await catalog.streams.claim(voice, claimOf('s2', { 256: 'a' }), known)).generation).toBe(0);
        const other = await voiceOf(host('gen-d'));
        expect((await catalog.streams.claim(other, claimOf('s2', { 256: 'a' }), known)).generation).toBe(2);
      });

      test('pass on to the next agent of a reinstalled host, not to a living copy', async () => {
        const first = await voiceOf(host('gen-e'));
        await catalog.streams.claim(first, claimOf('s3', { 256: 'a' }), []);
        now += 5_000;
        const reinstalled = await voiceOf(host('gen-e'));
        expect((await catalog.streams.claim(reinstalled, claimOf('s3', { 256: 'a' }), [])).generation).toBe(0);
        await expect(catalog.streams.find(first.agentId, 's3', 0)).rejects.toMatchObject({
          code: 'stream-not-claimed',
        });

        now += 5_000;
        const copy = await voiceOf(host('gen-e'));
        now += 5_000;
        await catalog.book.heard(reinstalled.agentId, statusOf(host('gen-e'), instanceOf()));
        expect((await catalog.streams.claim(copy, claimOf('s3', { 256: 'a' }), [])).generation).toBe(1);
      });

      test("claimed by many at the same time are each somebody's alone", async () => {
        const voices = await Promise.all(Array.from({ length: 4 }, (_, at) => voiceOf(host(`gen-many-${at}`))));
        const claims = await Promise.all(
          voices.map((voice) => catalog.streams.claim(voice, claimOf('s4', { 256: 'a' }), [])),
        );
        expect(claims.map(({ generation }) => generation).sort()).toEqual([0, 1, 2, 3]);
      });
    });

    test('a lease is held by one server at a time', async () => {
      const other = await open();
      expect(await catalog.leases.take('work', 1_000)).toBe(true);
      expect(await other.leases.take('work', 1_000)).toBe(false);
      expect(await catalog.leases.take('work', 1_000)).toBe(true);
      now += 1_001;
      expect(await other.leases.take('work', 1_000)).toBe(true);
      await other.leases.release();
      expect(await catalog.leases.take('work', 1_000)).toBe(true);
    });

    test('of a newer program is refused', async () => {
      const row = { name: '9999-later', timestamp: 'x' };
      // Kysely keeps the names of the migrations that were run.
      await catalog.database
        .insertInto('catalog_migrations' as never)
        .values(row as never)
        .execute();
      await expect(openCatalog(place(), () => now)).rejects.toMatchObject({ code: 'catalog-newer' });
      await catalog.database
        .deleteFrom('catalog_migrations' as never)
        .where('name' as never, '=', '9999-later' as never)
        .execute();
    });
  });
}
