import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalogConformance } from './catalog-conformance.ts';
import { createAssigner, fitsOf, matchesHost, openCatalog, parseProfileContent } from './index.ts';
import { peopleConformance } from './people-conformance.ts';
import { sampleContent } from './test-catalog-scene.ts';
import { findPostgres, startPostgres, type TestPostgres } from './test-postgres-server.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 200);
const folder = mkdtempSync(join(tmpdir(), 'meridian-catalog-'));
const file = join(folder, 'deep', 'catalog.db');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

catalogConformance('a file', () => ({ kind: 'sqlite', file }));
peopleConformance('a file', () => ({ kind: 'sqlite', file: join(folder, 'people.db') }));

const programs = findPostgres();
describe.skipIf(programs === undefined)('PostgreSQL', () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres(programs ?? '');
  }, 60_000);
  afterAll(() => server.stop());
  catalogConformance('PostgreSQL', () => ({ kind: 'postgres', url: server.url }));
  peopleConformance('PostgreSQL', () => ({ kind: 'postgres', url: server.url }));

  test('many servers that start at the same time make one catalog', async () => {
    const first = await openCatalog({ kind: 'postgres', url: server.url });
    await sql`create database fresh`.execute(first.database);
    await first.close();
    const other = new URL(server.url);
    other.pathname = '/fresh';
    const catalogs = await Promise.all(
      Array.from({ length: 4 }, () => openCatalog({ kind: 'postgres', url: other.toString() })),
    );
    expect(new Set(catalogs.map(({ identity }) => identity.serverId)).size).toBe(1);
    for (const catalog of catalogs) await catalog.close();
  });
});

test('a database that does not answer is told so', async () => {
  await expect(openCatalog({ kind: 'postgres', url: 'postgres://x@127.0.0.1:1/none' })).rejects.toMatchObject({
    code: 'catalog-unreachable',
  });
});

describe('the file of a catalog', () => {
  test('may be read by its owner alone', () => {
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  test('that is none is refused, and left as it is', async () => {
    const other = join(folder, 'other.db');
    writeFileSync(other, 'no database at all, but long enough to be looked at as one'.repeat(100));
    const before = readFileSync(other);
    await expect(openCatalog({ kind: 'sqlite', file: other })).rejects.toMatchObject({ code: 'catalog-damaged' });
    expect(readFileSync(other).equals(before)).toBe(true);
  });
});

describe('which profile an agent gets', () => {
  const assets = (change: object): ReturnType<typeof sampleContent>['assets'] => ({
    tags: [],
    excludeTags: [],
    hosts: [],
    excludeHosts: [],
    ...change,
  });
  const profile = (name: string, change: Parameters<typeof sampleContent>[1]) => ({
    id: name,
    version: 1,
    content: sampleContent(name, change),
  });
  const names = (asset: Parameters<typeof fitsOf>[0], profiles: Parameters<typeof fitsOf>[1]): string[] => {
    const fits = fitsOf(asset, profiles);
    expect(createAssigner(profiles)(asset)).toEqual(fits[0]);
    return fits.map((fit) => `${fit.profile.id}:${fit.reason}`);
  };

  test('is decided by priority, then by name', () => {
    const profiles = [
      profile('zeta', { priority: 10, assets: assets({ tags: ['ldap'] }) }),
      profile('beta', { priority: 20, assets: assets({ hosts: ['ds*'] }) }),
      profile('alpha', { priority: 20, assets: assets({ tags: ['ldap'] }) }),
      profile('off', { priority: 1, enabled: false, assets: assets({ tags: ['ldap'] }) }),
      profile('rest', { priority: 1, isDefault: true }),
    ];
    expect(names({ name: 'ds1', tags: ['ldap'] }, profiles)).toEqual(['zeta:tag', 'alpha:tag', 'beta:host']);
    expect(names({ name: 'web1', tags: [] }, profiles)).toEqual(['rest:default']);
    expect(names({ name: 'ds1', tags: [], pinnedProfileId: 'rest' }, profiles)).toEqual(['rest:pinned', 'beta:host']);
    expect(names({ name: 'web1', tags: [], pinnedProfileId: 'off' }, profiles)).toEqual(['rest:default']);
  });

  test('what is left out wins over what is in', () => {
    const content = {
      assets: assets({ tags: ['ldap'], hosts: ['*'], excludeTags: ['test'], excludeHosts: ['*-old'] }),
    };
    expect(names({ name: 'a', tags: ['ldap'] }, [profile('p', content)])).toEqual(['p:tag']);
    expect(names({ name: 'a', tags: ['ldap', 'test'] }, [profile('p', content)])).toEqual([]);
    expect(names({ name: 'a-old', tags: ['ldap'] }, [profile('p', content)])).toEqual([]);
  });

  test.each([
    ['ds*.example.com', 'DS1.example.com', true],
    ['ds*.example.com', 'ds1.example.org', false],
    ['*', '', true],
    ['a*a', 'a', false],
    ['a*b*c', 'aXbYc', true],
    ['a*b*c', 'acb', false],
    ['a.c', 'abc', false],
    ['', 'x', false],
  ])('host pattern %s on %s: %s', (pattern, name, expected) => {
    expect(matchesHost(pattern, name)).toBe(expected);
  });

  test('fuzz: host patterns say what a regular expression of the same meaning says', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 12 });
    fc.assert(
      fc.property(text, text, (pattern, name) => {
        const source = pattern
          .split('*')
          .map((part) => part.replaceAll('.', '\\.'))
          .join('[^]*');
        expect(matchesHost(pattern, name)).toBe(new RegExp(`^${source}$`).test(name));
      }),
      { numRuns: runs },
    );
  });
});

test.each([
  ['a blank name', { name: '  ' }],
  ['a line break in the name', { name: 'a\nb' }],
  ['a name of 257', { name: 'x'.repeat(257) }],
  ['a key nobody knows', { extra: 1 }],
  ['a host pattern with a blank', { assets: { tags: [], excludeTags: [], hosts: ['a b'], excludeHosts: [] } }],
])('a profile with %s is refused', (_what, change) => {
  expect(() => parseProfileContent({ ...sampleContent('x'), ...change })).toThrow(/profile/);
});
