import { describe, expect, test } from 'vitest';
import { type CatalogScene, note, sampleContent } from './test-catalog-scene.ts';

/** Profiles and their versions, in every kind of catalog. */
export function profileConformance(scene: CatalogScene): void {
  describe('profiles', () => {
    test('have versions, and can be gone back in', async () => {
      const first = await scene.catalog.profiles.create(sampleContent('Alpha'), note);
      const second = await scene.catalog.profiles.update(first.id, { ...first.content, priority: 5 }, 1, {
        by: 'x',
        remark: 'sooner',
      });
      expect(second.version).toBe(2);
      const old = await scene.catalog.profiles.version(first.id, 1);
      const third = await scene.catalog.profiles.update(first.id, old.content, 2, { by: 'x', remark: 'rolled back' });
      expect(third).toMatchObject({ version: 3, content: first.content });
      const versions = await scene.catalog.profiles.versions(first.id);
      expect(versions.map(({ version, remark }) => [version, remark])).toEqual([
        [3, 'rolled back'],
        [2, 'sooner'],
        [1, 'created'],
      ]);
    });

    test('of the same content make no version', async () => {
      const first = await scene.catalog.profiles.create(sampleContent('Same'), note);
      expect((await scene.catalog.profiles.update(first.id, first.content, 1, note)).version).toBe(1);
    });

    test('changed by two at the same time: the second is told', async () => {
      const { id, content } = await scene.catalog.profiles.create(sampleContent('Contested'), note);
      const both = await Promise.allSettled([
        scene.catalog.profiles.update(id, { ...content, priority: 1 }, 1, note),
        scene.catalog.profiles.update(id, { ...content, priority: 2 }, 1, note),
      ]);
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: { code: 'catalog-conflict' },
      });
      expect((await scene.catalog.profiles.get(id)).version).toBe(2);
    });

    test('cannot have one name, however it is written', async () => {
      await scene.catalog.profiles.create(sampleContent('Directory servers'), note);
      await expect(scene.catalog.profiles.create(sampleContent('DIRECTORY servers'), note)).rejects.toMatchObject({
        code: 'profile-name-taken',
      });
    });

    test('are found by a part of the name, and % is no wildcard', async () => {
      await scene.catalog.profiles.create(sampleContent('50% of hosts_a'), note);
      const found = async (search: string): Promise<string[]> =>
        (await scene.catalog.profiles.list({ search })).profiles.map(({ content }) => content.name);
      expect(await found('0% OF')).toEqual(['50% of hosts_a']);
      expect(await found('s_a')).toEqual(['50% of hosts_a']);
      expect(await found('5%hosts')).toEqual([]);
      expect(await found("' or 1=1 --")).toEqual([]);
    });

    test('one at most is the default', async () => {
      const one = await scene.catalog.profiles.create(sampleContent('Default one', { isDefault: true }), note);
      await scene.catalog.profiles.create(sampleContent('Default two', { isDefault: true }), note);
      expect(await scene.catalog.profiles.get(one.id)).toMatchObject({ version: 2, content: { isDefault: false } });
    });

    test('count as changed with each change', async () => {
      const before = await scene.catalog.changes('profiles');
      const { id } = await scene.catalog.profiles.create(sampleContent('Counted'), note);
      await scene.catalog.profiles.remove(id, 1);
      expect(await scene.catalog.changes('profiles')).toBe(before + 2);
      await expect(scene.catalog.profiles.get(id)).rejects.toMatchObject({ code: 'profile-unknown' });
    });
  });
}
