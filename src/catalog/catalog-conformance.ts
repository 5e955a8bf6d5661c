import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentConformance } from './agent-conformance.ts';
import type { CatalogOptions } from './connect.ts';
import { dashboardConformance } from './dashboard-conformance.ts';
import { enrollmentConformance } from './enrollment-conformance.ts';
import { openCatalog } from './open-catalog.ts';
import { outboxConformance } from './outbox-conformance.ts';
import { profileConformance } from './profile-conformance.ts';
import { streamConformance } from './stream-conformance.ts';
import { CatalogScene } from './test-catalog-scene.ts';
import { voiceConformance } from './voice-conformance.ts';

/** The suite that every kind of catalog passes. */
export function catalogConformance(kind: string, place: () => CatalogOptions): void {
  const scene = new CatalogScene(place);

  describe(`a catalog in ${kind}`, () => {
    beforeAll(async () => {
      await scene.open();
    });
    afterAll(() => scene.close());

    test('keeps its identity, and all servers of it share one', async () => {
      const again = await scene.open();
      expect(again.identity.serverId).toBe(scene.catalog.identity.serverId);
      expect(again.identity.key.publicKey).toBe(scene.catalog.identity.key.publicKey);
    });

    profileConformance(scene);
    enrollmentConformance(scene);
    voiceConformance(scene);
    agentConformance(scene);
    streamConformance(scene);
    dashboardConformance(scene);
    outboxConformance(scene);

    test('a lease is held by one server at a time', async () => {
      const other = await scene.open();
      expect(await scene.catalog.leases.take('work', 1_000)).toBe(true);
      expect(await other.leases.take('work', 1_000)).toBe(false);
      expect(await scene.catalog.leases.take('work', 1_000)).toBe(true);
      scene.now += 1_001;
      expect(await other.leases.take('work', 1_000)).toBe(true);
      await other.leases.release();
      expect(await scene.catalog.leases.take('work', 1_000)).toBe(true);
    });

    test('of a newer program is refused', async () => {
      const row = { name: '9999-later', timestamp: 'x' };
      // Kysely keeps the names of the migrations that were run.
      await scene.catalog.database
        .insertInto('catalog_migrations' as never)
        .values(row as never)
        .execute();
      await expect(openCatalog(place(), () => scene.now)).rejects.toMatchObject({ code: 'catalog-newer' });
      await scene.catalog.database
        .deleteFrom('catalog_migrations' as never)
        .where('name' as never, '=', '9999-later' as never)
        .execute();
    });
  });
}
