import { expect, test, vi } from 'vitest';
import { catalogLimits } from './limits.ts';
import type { CatalogScene } from './test-catalog-scene.ts';

const event = (key: string, time: number) => ({ key, time, line: `{"message":"${key} \\u0000"}` });

/** What every kind of catalog does with events of the fleet that wait for the store. */
export function outboxConformance(scene: CatalogScene): void {
  test('keeps events that wait, each once, oldest first, for whatever server comes next', async () => {
    const { outbox } = scene.catalog;
    expect(await outbox.add([])).toBe(0);
    expect(await outbox.add([event('b', 2), event('a', 2), event('c', 1)])).toBe(0);
    expect(await outbox.add([event('a', 9), event('d', 3)])).toBe(0);
    const again = await scene.open();
    expect(await again.outbox.pending(3)).toEqual([event('c', 1), event('a', 2), event('b', 2)]);
    await again.outbox.remove(['c', 'a', 'none']);
    await again.outbox.remove([]);
    expect(await outbox.pending(9)).toEqual([event('b', 2), event('d', 3)]);
    await outbox.remove(['b', 'd']);
  });

  test('keeps no more events than it may, and says how many went', async () => {
    const { outbox } = scene.catalog;
    const limits = vi.spyOn(catalogLimits, 'fleetEvents', 'get').mockReturnValue(2);
    expect(await outbox.add([event('new', 9), event('old', 1), event('older', 0)])).toBe(1);
    limits.mockRestore();
    expect((await outbox.pending(9)).map(({ key }) => key)).toEqual(['old', 'new']);
    await outbox.remove(['old', 'new']);
  });
}
