import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CatalogOptions } from './connect.ts';
import { type Catalog, openCatalog } from './open-catalog.ts';
import type { User } from './user-rows.ts';

const life = { idleMs: 3_600_000, lifeMs: 43_200_000 };
const from = { address: '192.0.2.1', program: 'test' };

/** What every kind of catalog does with people. Begins with a catalog that has none. */
export function peopleConformance(kind: string, place: () => CatalogOptions): void {
  let now = 1_795_514_400_000;
  let catalog: Catalog;
  let admin: User;

  const person = (name: string, role: User['role'] = 'viewer'): Promise<User> =>
    catalog.users.create({ name, displayName: name, role, passwordHash: 'hash' });

  describe(`people in ${kind}`, () => {
    beforeAll(async () => {
      catalog = await openCatalog(place(), () => now);
    });
    afterAll(() => catalog.close());

    test('the first administrator is made once, however many try', async () => {
      const first = await catalog.invitations.makeFirst(1_000);
      const second = await catalog.invitations.makeFirst(1_000);
      const acceptance = { name: 'Root', displayName: 'Root', passwordHash: 'hash' };
      const made = await Promise.allSettled(
        [first, second, first].map((secret) => catalog.invitations.accept({ ...acceptance, secret: secret ?? '' })),
      );
      expect(made.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
      const found = await catalog.users.findByName('rOOT');
      if (found === undefined) throw new Error('there is no administrator');
      admin = found.user;
      expect(admin).toMatchObject({ role: 'administrator', enabled: true, hasPassword: true, hasTotp: false });
      expect(await catalog.invitations.makeFirst(1_000)).toBeUndefined();
    });

    test('an invitation is good until its time, once, and a new one takes its place', async () => {
      const { id } = await person('invited');
      const choice = { name: 'other', displayName: '', passwordHash: 'new' };
      const old = await catalog.invitations.make(id, 1_000);
      const secret = await catalog.invitations.make(id, 1_000);
      await expect(catalog.invitations.look(old)).rejects.toMatchObject({ code: 'invitation-unknown' });
      expect(await catalog.invitations.look(secret)).toMatchObject({ purpose: 'password', user: { name: 'invited' } });
      expect(await catalog.invitations.accept({ ...choice, secret })).toMatchObject({ name: 'invited' });
      await expect(catalog.invitations.accept({ ...choice, secret })).rejects.toMatchObject({
        code: 'invitation-unknown',
      });
      const late = await catalog.invitations.make(id, 1_000);
      now += 1_000;
      await expect(catalog.invitations.look(late)).rejects.toMatchObject({ code: 'invitation-unknown' });
    });

    test('names are one, however they are written', async () => {
      await person('Anna');
      await expect(person('ANNA')).rejects.toMatchObject({ code: 'user-name-taken' });
      expect((await catalog.users.list({ search: 'nn' })).users.map(({ name }) => name)).toEqual(['Anna']);
      expect((await catalog.users.list({ search: '%' })).total).toBe(0);
    });

    test('somebody always stays administrator', async () => {
      const code = { code: 'last-administrator' };
      await expect(catalog.users.change(admin.id, { role: 'viewer' })).rejects.toMatchObject(code);
      await expect(catalog.users.change(admin.id, { enabled: false })).rejects.toMatchObject(code);
      await expect(catalog.users.remove(admin.id)).rejects.toMatchObject(code);
      const other = await person('other-root', 'administrator');
      const both = await Promise.allSettled([
        catalog.users.change(admin.id, { role: 'viewer' }),
        catalog.users.change(other.id, { role: 'viewer' }),
      ]);
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    });

    test('sessions end when they are not used, at their end, and when they are ended', async () => {
      const { id } = await person('sessions');
      const sessions = catalog.sessions(life);
      const begin = () => sessions.begin({ userId: id, method: 'password', ...from });
      const one = await begin();
      const two = await begin();
      expect(await sessions.find(one.secret, true)).toMatchObject({ user: { name: 'sessions' } });
      expect(await sessions.find(`${one.secret}x`, true)).toBeUndefined();
      now += life.idleMs - 1;
      expect(await sessions.find(one.secret, true)).toBeDefined();
      now += 1;
      expect(await sessions.find(two.secret, true)).toBeUndefined();
      // Looking without using does not renew.
      now += life.idleMs - 2;
      expect(await sessions.find(one.secret, false)).toBeDefined();
      now += 2;
      expect(await sessions.find(one.secret, true)).toBeUndefined();
      const three = await begin();
      expect(await sessions.end(three.session.id, 'somebody-else')).toBe(false);
      for (let at = 0; at < life.lifeMs / life.idleMs; at++) {
        expect(await sessions.find(three.secret, true)).toBeDefined();
        now += life.idleMs - 1;
      }
      now += life.lifeMs / life.idleMs;
      expect(await sessions.find(three.secret, true)).toBeUndefined();
    });

    test('a new password, and being disabled, end sessions', async () => {
      const { id } = await person('changing');
      const sessions = catalog.sessions(life);
      const begin = () => sessions.begin({ userId: id, method: 'password', ...from });
      const [kept, gone] = [await begin(), await begin()];
      await catalog.users.setPassword(id, 'new', kept.session.id);
      expect(await sessions.find(gone.secret, true)).toBeUndefined();
      expect(await sessions.find(kept.secret, true)).toBeDefined();
      await catalog.users.change(id, { enabled: false });
      expect(await sessions.find(kept.secret, true)).toBeUndefined();
    });

    test('a code of the second factor counts once', async () => {
      const { id } = await person('factor');
      const factors = catalog.secondFactors;
      expect(await factors.confirm(id, 5, [])).toBe(false);
      expect(await factors.begin(id, 'SECRET')).toBe(true);
      expect((await catalog.users.get(id)).hasTotp).toBe(false);
      expect(await factors.confirm(id, 5, ['a', 'b'])).toBe(true);
      expect((await catalog.users.get(id)).hasTotp).toBe(true);
      expect(await factors.begin(id, 'OTHER')).toBe(false);
      expect(await factors.takeStep(id, 5)).toBe(false);
      const taken = await Promise.all([factors.takeStep(id, 6), factors.takeStep(id, 6)]);
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect(await factors.takeRecoveryCode(id, 'a')).toBe(true);
      expect(await factors.takeRecoveryCode(id, 'a')).toBe(false);
      expect(await factors.recoveryCodesLeft(id)).toBe(1);
      await factors.end(id);
      expect(await factors.takeRecoveryCode(id, 'b')).toBe(false);
    });

    test('API tokens are found by their whole text, until they are revoked or past their time', async () => {
      const { id } = await person('tokens');
      const make = () => catalog.apiTokens.make({ userId: id, name: 'ci', scopes: ['b', 'a', 'b'], lifeMs: 10_000 });
      const { token, text } = await make();
      expect(token.scopes).toEqual(['a', 'b']);
      expect(await catalog.apiTokens.find(text)).toMatchObject({ token: { id: token.id }, user: { id } });
      expect(await catalog.apiTokens.find(`${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`)).toBeUndefined();
      expect(await catalog.apiTokens.find(`mdt_${token.id}_`)).toBeUndefined();
      await expect(catalog.apiTokens.revoke(token.id, 'somebody-else')).rejects.toMatchObject({
        code: 'api-token-unknown',
      });
      expect((await catalog.apiTokens.revoke(token.id, id)).state).toBe('revoked');
      expect(await catalog.apiTokens.find(text)).toBeUndefined();
      const late = await make();
      now += 10_000;
      expect(await catalog.apiTokens.find(late.text)).toBeUndefined();
    });

    test('a sign-in at a provider is taken once, and by the browser that began it', async () => {
      const request = { nonce: 'n', verifier: 'v' };
      const { state, binding } = await catalog.openIdRequests.begin(request, 1_000);
      expect(await catalog.openIdRequests.take(state, 'another')).toBeUndefined();
      expect(await catalog.openIdRequests.take(state, binding)).toEqual(request);
      expect(await catalog.openIdRequests.take(state, binding)).toBeUndefined();
    });

    test('the audit trail counts without gaps, pages backwards, and says what is not yet an event', async () => {
      const note = {
        actorId: 'u',
        actor: 'u',
        via: 'session',
        object: 'x',
        outcome: 'success',
        address: '',
        detail: '',
      } as const;
      const added = await Promise.all(
        Array.from({ length: 5 }, (_, at) =>
          catalog.audit.add({ ...note, action: at === 4 ? 'userless' : `user.a${at}` }),
        ),
      );
      const numbers = added.map(({ number }) => number).sort((a, b) => a - b);
      expect(numbers).toEqual(Array.from({ length: 5 }, (_, at) => (numbers[0] ?? 0) + at));
      const page = await catalog.audit.list({ limit: 2 });
      const next = await catalog.audit.list({ limit: 10, before: page.at(-1)?.number });
      expect([...page, ...next].map(({ number }) => number)).toEqual(numbers.toReversed());
      expect(await catalog.audit.list({ action: 'user' })).toHaveLength(4);
      expect(await catalog.audit.list({ action: '%' })).toHaveLength(0);
      await catalog.audit.markStored(numbers.slice(0, 3));
      expect((await catalog.audit.pending(10)).map(({ number }) => number)).toEqual(numbers.slice(3));
    });

    test('saved searches are seen by their owner, and by all when shared', async () => {
      const { searches } = catalog;
      const [anna, bert] = [
        { id: 'anna', name: 'Anna' },
        { id: 'bert', name: 'Bert' },
      ] as const;
      const content = { name: 'Failures', description: '', words: { q: 'outcome: failure' }, shared: false };
      const own = await searches.create(anna, content);
      await expect(searches.create(anna, { ...content, name: 'FAILURES' })).rejects.toMatchObject({
        code: 'saved-search-name-taken',
      });
      await searches.create(bert, content);
      expect(await searches.list('bert')).toHaveLength(1);
      await expect(searches.get(own.id, 'bert')).rejects.toMatchObject({ code: 'saved-search-unknown' });
      await expect(searches.remove(own.id, 'bert', true)).rejects.toMatchObject({ code: 'saved-search-unknown' });
      await searches.change(own.id, 'anna', { ...content, shared: true });
      expect(await searches.get(own.id, 'bert')).toMatchObject({ words: { q: 'outcome: failure' }, owner: 'Anna' });
      await expect(searches.change(own.id, 'bert', content)).rejects.toMatchObject({ code: 'saved-search-foreign' });
      await expect(searches.remove(own.id, 'bert', false)).rejects.toMatchObject({ code: 'saved-search-foreign' });
      await searches.remove(own.id, 'bert', true);
      expect(await searches.list('anna')).toHaveLength(0);
    });
  });
}
