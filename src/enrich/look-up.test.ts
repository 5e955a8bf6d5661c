import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEvent } from '#event';
import { createEnricher, type Enricher } from './enricher.ts';
import { writeTestDatabase } from './test-database.ts';

const now = Date.parse('2026-11-24T12:00:00Z');
let folder = '';
let enricher: Enricher;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'look-up-'));
  const files: Record<string, string | Buffer> = {
    'zones.csv': 'cidr,zone,site\n10.20.0.0/16,server,Oslo\n',
    'assets.csv': 'id,name,ip,validUntil\na1,ldap1,10.20.0.5,\na2,old,10.20.0.9,2026-01-01\n',
    'identities.csv': 'dn,displayName,memberOf\n"uid=ada,dc=x","Ada","cn=admins,dc=x"\n',
    'geography/country.mmdb': writeTestDatabase({
      type: 'Test-Country',
      records: { '8.0.0.0/8': { country: { iso_code: 'US' } } },
    }),
    'intelligence/scanners.txt': '8.8.8.0/24\n9.9.9.9\n',
    'intelligence/ignore.txt': '9.9.9.9\n',
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  enricher = await createEnricher({ folder, pollMs: 0, clock: () => now });
});
afterAll(async () => {
  await enricher.close();
  rmSync(folder, { recursive: true });
});

test('an address: what each file says, and all of it together', () => {
  const { kind, value, added, parts, remarks } = enricher.lookUp(' 10.20.0.5 ', now);
  expect([kind, value, remarks.length]).toEqual(['address', '10.20.0.5', 1]);
  expect(added).toMatchObject({ sourceZone: 'server', sourceSite: 'Oslo', sourceAssetName: 'ldap1' });
  expect(parts.map((part) => part.kind)).toEqual(['built-in', 'assets', 'zones']);
  expect(parts[0]?.added).toEqual({ sourceZone: 'internal', destinationZone: 'internal' });
  expect(parts[2]?.added).toEqual({ sourceZone: 'server', sourceSite: 'Oslo', destinationZone: 'server' });
});

test('a public address: the database and the list', () => {
  const { parts } = enricher.lookUp('8.8.8.8', Date.now());
  expect(parts.map((part) => part.source.replace(/@.*/, ''))).toEqual(['built-in', 'Test-Country', 'scanners']);
});

test('why something is not added', () => {
  expect(enricher.lookUp('10.20.0.9', now).remarks).toContain('Assets have it, but none of them at this time.');
  expect(enricher.lookUp('9.9.9.9', now).remarks).toEqual(['It is among the addresses that no list may name.']);
  expect(enricher.lookUp('8.8.8.8', now + 365 * 86_400_000).remarks).toEqual([
    'Lists name it, but none of them at this time.',
  ]);
});

test('a DN in any spelling, and the name of a server', () => {
  const dn = enricher.lookUp('UID=Ada, DC=X', now);
  expect([dn.kind, dn.value]).toEqual(['dn', 'uid=ada,dc=x']);
  expect(dn.added).toMatchObject({ actorName: 'Ada', actorPrivileged: true, targetName: 'Ada' });
  expect(enricher.lookUp('LDAP1', now)).toMatchObject({ kind: 'host', added: { destinationAssetId: 'a1' } });
});

test('looking up is counted nowhere, and takes any text', () => {
  const before = enricher.status().events;
  for (const text of ['', '=', 'a=', '\0', '::', '1.2.3.4/8', 'x'.repeat(8_000), '\u202e=\ud800']) {
    expect(enricher.lookUp(text, now).kind).toMatch(/address|dn|host/);
  }
  expect(enricher.status().events).toBe(before);
});

test('a database that is damaged inside is told of when an event meets it, not when somebody looks it up', async () => {
  const damaged = join(folder, 'geography/damaged.mmdb');
  const database = writeTestDatabase({ type: 'Test-Country', records: { '7.7.7.0/24': { country_code: 'US' } } });
  const at = database.indexOf('country_code');
  database.fill(0xff, at - 2, at + 15);
  writeFileSync(damaged, database);
  const one = await createEnricher({ folder, pollMs: 0, clock: () => now });
  const failures = () => one.notices().filter(({ code }) => code === 'enrichment-failed');
  expect(one.lookUp('7.7.7.7', now).remarks).toContain('A file that should say more could not be read.');
  expect(failures()).toEqual([]);
  const event = createEvent();
  event.sourceIp = '7.7.7.7';
  one.enrich(event);
  expect(failures().map(({ file }) => file)).toEqual([damaged]);
  await one.close();
  rmSync(damaged);
});
