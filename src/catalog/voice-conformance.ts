import { describe, expect, test } from 'vitest';
import { keyProofText, makeSigningKey, signBytes } from '#delivery';
import { type CatalogScene, host, instanceOf } from './test-catalog-scene.ts';

/** How agents are known by what they sign, in every kind of catalog. */
export function voiceConformance(scene: CatalogScene): void {
  describe('the voice of an agent', () => {
    test('is known by its key until it is revoked', async () => {
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
        host: host('voice'),
        instance: instanceOf(),
        created: 1,
      });
      expect(await scene.catalog.voices.find(agent.id, key.keyId)).toMatchObject({
        name: 'voice',
        publicKey: key.publicKey,
      });
      await expect(scene.catalog.voices.find('agt_x', key.keyId)).rejects.toMatchObject({ code: 'agent-not-enrolled' });
      expect(await scene.catalog.agents.revoke(agent.id, 'lost')).toBe(true);
      expect(await scene.catalog.agents.revoke(agent.id, 'lost')).toBe(false);
      await expect(scene.catalog.voices.find(agent.id, key.keyId)).rejects.toMatchObject({ code: 'agent-revoked' });
    });

    async function speaker(
      name: string,
    ): Promise<{ id: string; key: ReturnType<typeof makeSigningKey>; instance: string }> {
      const { text } = await scene.catalog.tokens.make({
        description: '',
        tags: [],
        profileId: undefined,
        usesMax: 1,
        lifeMs: 1_000,
      });
      const key = makeSigningKey();
      const instance = instanceOf();
      const { agent } = await scene.catalog.enroll({
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
      const voice = () => scene.catalog.voices.find(id, key.keyId);
      const other = instanceOf();
      await scene.catalog.voices.hear(await voice(), other, 200);
      // Signed before the other process began: only late.
      await expect(scene.catalog.voices.hear(await voice(), instance, 199)).rejects.toMatchObject({
        code: 'agent-instance-superseded',
      });
      await expect(scene.catalog.voices.hear(await voice(), instance, 201)).rejects.toMatchObject({
        code: 'agent-identity-copied',
      });
      await scene.catalog.voices.hear(await voice(), other, 202);
    });

    test('dated ahead, of a process before the clock was set back, is late and no copy', async () => {
      const { id, key, instance } = await speaker('set-back');
      const voice = () => scene.catalog.voices.find(id, key.keyId);
      const seconds = Math.floor(scene.now / 1_000);
      await scene.catalog.voices.hear(await voice(), instanceOf(), seconds);
      await expect(scene.catalog.voices.hear(await voice(), instance, seconds + 240)).rejects.toMatchObject({
        code: 'agent-instance-superseded',
      });
    });

    test('gets a new key; the old one ends with the first use of the new', async () => {
      const { id, key, instance } = await speaker('rotating');
      const next = makeSigningKey();
      const proof = signBytes(Buffer.from(keyProofText(id, next.publicKey)), next).toString('base64url');
      const voice = await scene.catalog.voices.find(id, key.keyId);
      const bad = signBytes(Buffer.from(keyProofText(id, next.publicKey)), key).toString('base64url');
      await expect(scene.catalog.voices.rotate(voice, { publicKey: next.publicKey, proof: bad })).rejects.toMatchObject(
        {
          code: 'signature-wrong',
        },
      );
      expect(await scene.catalog.voices.rotate(voice, { publicKey: next.publicKey, proof })).toMatchObject({
        keyId: next.keyId,
      });
      // Both are taken until the new one speaks.
      await scene.catalog.voices.hear(await scene.catalog.voices.find(id, key.keyId), instance, 101);
      await scene.catalog.voices.hear(await scene.catalog.voices.find(id, next.keyId), instance, 102);
      await expect(scene.catalog.voices.find(id, key.keyId)).rejects.toMatchObject({ code: 'agent-not-enrolled' });
    });

    test('keeps its old key ten minutes when the new one is never used', async () => {
      const { id, key } = await speaker('half-rotated');
      const next = makeSigningKey();
      const proof = signBytes(Buffer.from(keyProofText(id, next.publicKey)), next).toString('base64url');
      await scene.catalog.voices.rotate(await scene.catalog.voices.find(id, key.keyId), {
        publicKey: next.publicKey,
        proof,
      });
      scene.now += 599_000;
      await scene.catalog.voices.find(id, key.keyId);
      scene.now += 2_000;
      await expect(scene.catalog.voices.find(id, key.keyId)).rejects.toMatchObject({ code: 'agent-not-enrolled' });
      await scene.catalog.voices.find(id, next.keyId);
    });
  });
}
