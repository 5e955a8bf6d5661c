import { describe, expect, test } from 'vitest';
import type { AgentStatus } from '#delivery';
import type { Catalog } from './open-catalog.ts';
import { type CatalogScene, host, instanceOf, note, sampleContent, statusOf } from './test-catalog-scene.ts';

/** What agents are told and what they say, in every kind of catalog. */
export function agentConformance(scene: CatalogScene): void {
  describe('what an agent is told', () => {
    test('grows in revision with every change, also back', async () => {
      const of = host('told');
      const { agent } = await scene.enroll(of, { tags: ['told'] });
      const tell = async (): Promise<number> =>
        (await scene.catalog.book.tell(agent.id, await scene.catalog.profiles.all())).revision;
      for (const { id } of (await scene.catalog.profiles.list({ search: 'default' })).profiles)
        await scene.catalog.profiles.remove(id, undefined);
      expect(await tell()).toBe(0);
      const assets = { tags: ['told'], excludeTags: [], hosts: [], excludeHosts: [] };
      const { id, content } = await scene.catalog.profiles.create(sampleContent('Told', { assets }), note);
      expect(await tell()).toBe(1);
      expect(await tell()).toBe(1);
      await scene.catalog.profiles.update(id, { ...content, priority: 7 }, undefined, note);
      expect(await tell()).toBe(2);
      await scene.catalog.profiles.update(id, content, undefined, note);
      expect(await tell()).toBe(3);
      await scene.catalog.profiles.update(id, { ...content, enabled: false }, undefined, note);
      expect(await tell()).toBe(4);
      expect((await scene.catalog.agents.get(agent.id)).profile).toMatchObject({ state: 'none', revision: 4 });
    });

    test('is pending, applied, or refused as its heartbeats say', async () => {
      const of = host('beating');
      const { agent } = await scene.enroll(of, { tags: ['beating'] });
      const assets = { tags: ['beating'], excludeTags: [], hosts: [], excludeHosts: [] };
      await scene.catalog.profiles.create(sampleContent('Beating', { assets }), note);
      await scene.catalog.book.tell(agent.id, await scene.catalog.profiles.all());
      const instance = instanceOf();
      const beat = async (profile: AgentStatus['profile']): Promise<string> =>
        (await scene.catalog.book.heard(agent.id, statusOf(of, instance, { profile, time: scene.now - 1_500 }))).now
          .profile.state;
      expect(await beat({ applied: 0 })).toBe('pending');
      expect(await beat({ applied: 0, refused: { revision: 1, code: 'path-forbidden', sentence: 'No.' } })).toBe(
        'refused',
      );
      expect(await beat({ applied: 1 })).toBe('applied');
      // A revision it was never told.
      expect(await beat({ applied: 99 })).toBe('applied');
      expect(await scene.catalog.agents.get(agent.id)).toMatchObject({
        state: 'active',
        version: '1.0.1',
        clockOffsetMs: -1_500,
      });
    });

    test('happenings are fresh once', async () => {
      const of = host('happening');
      const { agent } = await scene.enroll(of);
      const instance = instanceOf();
      const events = [1, 2].map((sequence) => ({ sequence, kind: 'log-shrank' as const, time: scene.now }));
      const beat = async (of_: string): Promise<number> =>
        (await scene.catalog.book.heard(agent.id, statusOf(of, of_, { events }))).fresh.length;
      expect(await beat(instance)).toBe(2);
      await scene.catalog.book.storedHappenings(agent.id, instance, 2);
      expect(await beat(instance)).toBe(0);
      expect(await beat(instanceOf())).toBe(2);
    });

    test('silence is noticed once, and ends with the next word', async () => {
      const of = host('silent');
      const { agent } = await scene.enroll(of);
      await scene.catalog.book.heard(agent.id, statusOf(of, instanceOf()));
      const names = async (): Promise<boolean> =>
        (await scene.catalog.agents.markSilent()).some(({ id }) => id === agent.id);
      expect(await names()).toBe(false);
      scene.now += 91_000;
      expect(await names()).toBe(true);
      expect(await names()).toBe(false);
      const { before, now: after } = await scene.catalog.book.heard(agent.id, statusOf(of, instanceOf()));
      expect([before.silentSince !== undefined, after.silentSince]).toEqual([true, undefined]);
    });
  });

  test('agents are listed by name, tag and state', async () => {
    await scene.enroll(host('list-b'), { tags: ['list_x'] });
    const { agent } = await scene.enroll(host('list-a'), { tags: ['list_x'] });
    await scene.catalog.agents.revoke(agent.id, 'test');
    const names = async (options: Parameters<Catalog['agents']['list']>[0]): Promise<string[]> =>
      (await scene.catalog.agents.list(options)).agents.map(({ name }) => name);
    expect(await names({ search: 'LIST-' })).toEqual(['list-a', 'list-b']);
    expect(await names({ tag: 'list_x', state: 'never-heard' })).toEqual(['list-b']);
    expect(await names({ tag: 'listzx' })).toEqual([]);
    expect(await names({ tag: 'list_x', state: 'revoked' })).toEqual(['list-a']);
    expect(await scene.catalog.agents.list({ search: 'list-', limit: 1, offset: 1 })).toMatchObject({
      total: 2,
      agents: [{ name: 'list-b' }],
    });
  });
}
