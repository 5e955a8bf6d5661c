import { expect, test } from 'vitest';
import type { CatalogScene } from './test-catalog-scene.ts';

/** What every kind of catalog does with dashboards. */
export function dashboardConformance(scene: CatalogScene): void {
  const [anna, bert] = [
    { id: 'anna', name: 'Anna' },
    { id: 'bert', name: 'Bert' },
  ] as const;
  const content = {
    name: 'Night shift',
    description: 'What happens at night.',
    widgets: 2,
    yaml: '# ours\nname: Night shift\n',
    shared: false,
  };

  test('dashboards are seen by their owner, and by all when shared', async () => {
    const { dashboards } = scene.catalog;
    const own = await dashboards.create(anna, content);
    expect(own).toMatchObject({ ...content, owner: 'Anna', ownerId: 'anna' });
    await expect(dashboards.create(anna, { ...content, name: 'NIGHT SHIFT' })).rejects.toMatchObject({
      code: 'dashboard-name-taken',
    });
    const other = await dashboards.create(bert, content);
    expect((await dashboards.list('bert')).map(({ id }) => id)).toEqual([other.id]);
    await expect(dashboards.get(own.id, 'bert')).rejects.toMatchObject({ code: 'dashboard-unknown' });
    await expect(dashboards.change(own.id, 'bert', content)).rejects.toMatchObject({ code: 'dashboard-unknown' });
    scene.now += 1_000;
    const changed = await dashboards.change(own.id, 'anna', { ...content, shared: true, widgets: 3 });
    expect(changed.updatedAt).toBe(own.createdAt + 1_000);
    expect(await dashboards.get(own.id, 'bert')).toEqual(changed);
    const [listed] = (await dashboards.list('bert')).filter(({ id }) => id === own.id);
    expect(listed).toMatchObject({ name: 'Night shift', shared: true, widgets: 3 });
    expect(listed).not.toHaveProperty('yaml');
    await expect(dashboards.change(own.id, 'bert', content)).rejects.toMatchObject({ code: 'dashboard-foreign' });
    await expect(dashboards.remove(own.id, 'bert', false)).rejects.toMatchObject({ code: 'dashboard-foreign' });
    await dashboards.remove(own.id, 'bert', true);
    await dashboards.remove(other.id, 'bert', false);
    expect(await dashboards.list('anna')).toHaveLength(0);
    await expect(dashboards.get(own.id, 'anna')).rejects.toMatchObject({ code: 'dashboard-unknown' });
  });

  test('a change of a dashboard that is based on an older one is refused, also within a millisecond', async () => {
    const { dashboards } = scene.catalog;
    const first = await dashboards.create(anna, { ...content, name: 'Two at once' });
    const change = (name: string, ifUpdatedAt?: number) =>
      dashboards.change(first.id, 'anna', { ...content, name }, ifUpdatedAt);
    const second = await change('Second', first.updatedAt);
    await expect(change('Late', first.updatedAt)).rejects.toMatchObject({ code: 'catalog-conflict' });
    expect(await dashboards.get(first.id, 'anna')).toEqual(second);
    expect((await change('Third')).name).toBe('Third');
    await dashboards.remove(first.id, 'anna', false);
  });
}
