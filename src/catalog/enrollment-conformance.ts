import { describe, expect, test } from 'vitest';
import { enrollmentTokenForm, makeSigningKey } from '#delivery';
import { type CatalogScene, host, instanceOf } from './test-catalog-scene.ts';

/** How agents are let in, in every kind of catalog. */
export function enrollmentConformance(scene: CatalogScene): void {
  describe('enrollment', () => {
    test('gives an agent the tags of the token and its own', async () => {
      const { agent, fresh } = await scene.enroll(host('web', { tags: ['own'] }), { tags: ['ldap', 'berlin'] });
      expect(fresh).toBe(true);
      expect(agent).toMatchObject({ name: 'web', tags: ['berlin', 'ldap', 'own'], state: 'never-heard' });
    });

    test('uses a token as often as it may be, even at the same time', async () => {
      const { text } = await scene.catalog.tokens.make({
        description: '',
        tags: [],
        profileId: undefined,
        usesMax: 3,
        lifeMs: 1_000,
      });
      const offers = Array.from({ length: 8 }, (_, at) =>
        scene.catalog.enroll({
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
      const { text } = await scene.catalog.tokens.make({
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
      await expect(scene.catalog.enroll({ ...offered, token: change(text) })).rejects.toMatchObject({ code });
      // Nothing was used up.
      await expect(scene.catalog.enroll({ ...offered, token: text })).resolves.toMatchObject({ fresh: true });
    });

    test('with an expired or a revoked token is refused', async () => {
      const choices = { description: '', tags: [], profileId: undefined, usesMax: 1, lifeMs: 1_000 };
      const old = await scene.catalog.tokens.make(choices);
      const offered = {
        publicKey: makeSigningKey().publicKey,
        host: host('late'),
        instance: instanceOf(),
        created: 1,
      };
      scene.now += 1_001;
      await expect(scene.catalog.enroll({ ...offered, token: old.text })).rejects.toMatchObject({
        code: 'enrollment-token-expired',
      });
      const gone = await scene.catalog.tokens.make(choices);
      expect((await scene.catalog.tokens.revoke(gone.token.id)).state).toBe('revoked');
      await expect(scene.catalog.enroll({ ...offered, token: gone.text })).rejects.toMatchObject({
        code: 'enrollment-token-revoked',
      });
    });

    test('whose answer was lost gives the same agent again, and uses nothing', async () => {
      const { text } = await scene.catalog.tokens.make({
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
      const first = await scene.catalog.enroll(offered);
      expect(await scene.catalog.enroll(offered)).toMatchObject({ fresh: false, agent: { id: first.agent.id } });
      await expect(scene.catalog.enroll({ ...offered, host: host('other') })).rejects.toMatchObject({
        code: 'agent-identity-copied',
      });
    });

    test('of a host anew ends the agent before it when that is silent', async () => {
      const first = await scene.enroll(host('again'));
      const soon = await scene.enroll(host('again'));
      expect(soon.earlier).toEqual([{ id: first.agent.id, ended: false }]);
      scene.now += 91_000;
      await scene.enroll(host('again'));
      expect(await scene.catalog.agents.get(first.agent.id)).toMatchObject({ state: 'revoked' });
    });

    test('keeps no secret', async () => {
      const { text } = await scene.catalog.tokens.make({
        description: '',
        tags: [],
        profileId: undefined,
        usesMax: 1,
        lifeMs: 1_000,
      });
      const rows = await scene.catalog.database.selectFrom('enrollment_tokens').selectAll().execute();
      const [, , secret = ''] = enrollmentTokenForm.exec(text) ?? [];
      expect(secret.length).toBeGreaterThan(30);
      expect(JSON.stringify(rows)).not.toContain(secret);
    });
  });
}
