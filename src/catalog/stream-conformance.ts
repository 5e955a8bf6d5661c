import { describe, expect, test } from 'vitest';
import type { AgentHost } from '#delivery';
import { makeSigningKey } from '#delivery';
import type { Catalog } from './open-catalog.ts';
import { type CatalogScene, host, instanceOf, statusOf } from './test-catalog-scene.ts';

/** Whose the generations of streams are, in every kind of catalog. */
export function streamConformance(scene: CatalogScene): void {
  describe('generations of a stream', () => {
    const claimOf = (stream: string, marks: Record<number, string> = {}) => ({
      stream,
      place: '/var/log/dirsrv/slapd-a/access',
      source: '389-directory-server',
      log: 'access',
      marks: Object.entries(marks).map(([position, hash]) => ({ position: Number(position), hash })),
    });
    async function voiceOf(of: AgentHost): Promise<Awaited<ReturnType<Catalog['voices']['find']>>> {
      const { text } = await scene.catalog.tokens.make({
        description: '',
        tags: [],
        profileId: undefined,
        usesMax: 1,
        lifeMs: 1_000,
      });
      const key = makeSigningKey();
      const { agent } = await scene.catalog.enroll({
        token: text,
        publicKey: key.publicKey,
        host: of,
        instance: instanceOf(),
        created: 1,
      });
      return scene.catalog.voices.find(agent.id, key.keyId);
    }

    test('are told apart by host and by content', async () => {
      const [one, other] = [await voiceOf(host('gen-a')), await voiceOf(host('gen-b'))];
      const claim = async (voice: typeof one, marks: Record<number, string>): Promise<number> =>
        (await scene.catalog.streams.claim(voice, claimOf('s1', marks), [])).generation;
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
      expect((await scene.catalog.streams.claim(voice, claimOf('s2', { 256: 'a' }), known)).generation).toBe(0);
      const other = await voiceOf(host('gen-d'));
      expect((await scene.catalog.streams.claim(other, claimOf('s2', { 256: 'a' }), known)).generation).toBe(2);
    });

    test('pass on to the next agent of a reinstalled host, not to a living copy', async () => {
      const first = await voiceOf(host('gen-e'));
      await scene.catalog.streams.claim(first, claimOf('s3', { 256: 'a' }), []);
      scene.now += 5_000;
      const reinstalled = await voiceOf(host('gen-e'));
      expect((await scene.catalog.streams.claim(reinstalled, claimOf('s3', { 256: 'a' }), [])).generation).toBe(0);
      await expect(scene.catalog.streams.find(first.agentId, 's3', 0)).rejects.toMatchObject({
        code: 'stream-not-claimed',
      });

      scene.now += 5_000;
      const copy = await voiceOf(host('gen-e'));
      scene.now += 5_000;
      await scene.catalog.book.heard(reinstalled.agentId, statusOf(host('gen-e'), instanceOf()));
      expect((await scene.catalog.streams.claim(copy, claimOf('s3', { 256: 'a' }), [])).generation).toBe(1);
    });

    test("claimed by many at the same time are each somebody's alone", async () => {
      const voices = await Promise.all(Array.from({ length: 4 }, (_, at) => voiceOf(host(`gen-many-${at}`))));
      const claims = await Promise.all(
        voices.map((voice) => scene.catalog.streams.claim(voice, claimOf('s4', { 256: 'a' }), [])),
      );
      expect(claims.map(({ generation }) => generation).sort()).toEqual([0, 1, 2, 3]);
    });
  });
}
