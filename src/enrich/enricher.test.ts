import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createEvent, type Event, foldDn, toPlain } from '#event';
import { createEnricher, type Enricher } from './enricher.ts';
import type { EnrichOptions } from './options.ts';
import { type TestDatabase, writeTestDatabase } from './test-database.ts';

const day = 86_400_000;
const now = Date.parse('2026-11-24T12:00:00Z');

let folder = '';
let enricher: Enricher | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'enrich-'));
});

afterEach(async () => {
  await enricher?.close();
  rmSync(folder, { recursive: true, force: true });
});

function put(name: string, content: string | Buffer, changed = now): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  // A program that replaces a file does it this way, and so the file is never seen half written.
  writeFileSync(`${path}.tmp`, content);
  utimesSync(`${path}.tmp`, changed / 1000, changed / 1000);
  renameSync(`${path}.tmp`, path);
}

function putDatabase(name: string, database: TestDatabase): void {
  put(name, writeTestDatabase(database));
}

async function open(options: EnrichOptions = {}): Promise<Enricher> {
  enricher = await createEnricher({ folder, pollMs: 0, clock: () => now, ...options });
  return enricher;
}

/** The context of an event: what enrichment added. */
function contextOf(one: Enricher, labels: Partial<Event>): Record<string, unknown> {
  const event = createEvent();
  Object.assign(event, { eventTime: now }, labels);
  event.boundDnFolded = event.boundDn === undefined ? undefined : foldDn(event.boundDn);
  event.distinguishedNameFolded = event.distinguishedName === undefined ? undefined : foldDn(event.distinguishedName);
  const before = Object.keys(toPlain(event));
  one.enrich(event);
  return Object.fromEntries(
    Object.entries(toPlain(event)).filter(([label]) => !before.includes(label) || label === 'tags'),
  );
}

function codes(one: Enricher): readonly string[] {
  return one.notices().map((notice) => notice.code);
}

const alice = 'uid=alice,ou=people,dc=example,dc=com';

test('without any file, zones and kinds come from the defaults, and say so', async () => {
  enricher = await createEnricher();
  const context = contextOf(enricher, {
    sourceIp: '10.0.0.7',
    destinationIp: '192.0.2.1',
    boundDn: 'cn=Directory Manager',
    distinguishedName: alice,
  });
  expect(context).toEqual({
    sourceZone: 'internal',
    destinationZone: 'documentation',
    actorKind: 'root',
    actorPrivileged: true,
    targetKind: 'person',
    enrichedBy: ['default-zones@1', 'dn-patterns@1'],
  });
  expect(enricher.notices()).toEqual([]);
});

test.each<[string, Partial<Event>, Record<string, unknown>]>([
  [
    'over the local socket',
    { transport: 'ldapi' },
    { sourceZone: 'local', destinationZone: 'local', enrichedBy: ['default-zones@1'] },
  ],
  ['anonymous', { boundMethod: 'ANONYMOUS' }, { actorKind: 'anonymous', enrichedBy: ['dn-patterns@1'] }],
  ['nothing to look up', {}, {}],
  ['an address that is none', { sourceIp: 'unknown' }, {}],
])('%s', async (_, labels, context) => expect(contextOf(await open(), labels)).toEqual(context));

test('a whole folder: every value, with the source of each', async () => {
  put('zones.csv', 'cidr,zone,site,trusted\n81.2.69.0/24,partner,London,\n192.0.2.0/24,server,Oslo,yes\n');
  put(
    'assets.csv',
    'id,name,addresses,owner,unit,role,criticality,tags\na1,ldap1,192.0.2.1,Ada,IT,directory,5,prod\np1,gate,81.2.69.160,Bob,Sales,scanner,2,vpn\n',
  );
  put(
    'identities.csv',
    `dn,id,displayName,mail,department,memberOf,disabled\n"${alice}",i1,Alice,a@example.com,42,"cn=admins,dc=example,dc=com",yes\n`,
  );
  putDatabase('geography/city.mmdb', {
    type: 'Test-City',
    records: { '81.2.69.0/24': { country: { iso_code: 'GB' }, city: { names: { en: 'London' } } } },
  });
  putDatabase('geography/owner.mmdb', {
    type: 'Test-ASN',
    records: { '81.2.69.0/24': { asn: 64500, as_name: 'Example' } },
  });
  put('intelligence/scanners.txt', '81.2.0.0/16\n81.2.69.160\n');
  put('intelligence/other.csv', 'indicator,confidence,labels\n81.2.69.160-81.2.69.170,90,c2\n');
  put('intelligence/lists.yaml', '- list: scanners\n  confidence: 40\n  severity: medium\n  labels: [scan]\n');
  const one = await open();
  const context = contextOf(one, {
    sourceIp: '81.2.69.160',
    destinationIp: '192.0.2.1',
    boundDn: 'uid=Alice,ou=People,dc=example,dc=com',
    distinguishedName: alice,
  });
  expect(context).toEqual({
    sourceZone: 'partner',
    sourceSite: 'London',
    destinationZone: 'server',
    sourceCountry: 'GB',
    sourceCity: 'London',
    sourceAsn: 64500,
    sourceAsOrg: 'Example',
    sourceAssetId: 'p1',
    sourceAssetName: 'gate',
    sourceAssetOwner: 'Bob',
    sourceAssetUnit: 'Sales',
    sourceAssetRole: 'scanner',
    sourceAssetCriticality: 2,
    sourceAssetTags: ['vpn'],
    destinationAssetId: 'a1',
    destinationAssetName: 'ldap1',
    destinationAssetCriticality: 5,
    actorKind: 'person',
    actorId: 'i1',
    actorName: 'Alice',
    actorMail: 'a@example.com',
    actorDepartment: '42',
    actorGroups: ['cn=admins,dc=example,dc=com'],
    actorPrivileged: true,
    actorDisabled: true,
    targetKind: 'person',
    targetId: 'i1',
    targetName: 'Alice',
    targetPrivileged: true,
    targetDisabled: true,
    threatLists: ['other', 'scanners'],
    threatIndicators: ['81.2.69.160-81.2.69.170', '81.2.69.160', '81.2.0.0/16'],
    threatConfidence: 90,
    threatSeverity: 'medium',
    threatLabels: ['c2', 'scan'],
    enrichedBy: expect.arrayContaining(['Test-City@2026-11-20', 'Test-ASN@2026-11-20', 'dn-patterns@1']),
  });
  const sources = (context['enrichedBy'] as readonly string[])
    .map((source) => source.replace(/@[\da-f]{8}$/, ''))
    .sort();
  expect(sources).toEqual(
    [
      'Test-ASN@2026-11-20',
      'Test-City@2026-11-20',
      'assets',
      'dn-patterns@1',
      'identities',
      'other',
      'scanners',
      'zones',
    ].sort(),
  );
  expect(one.notices()).toEqual([]);
  expect(one.status()).toMatchObject({ zones: 2, assets: 2, identities: 1, events: 1, partial: 0 });
  expect(one.status().files).toHaveLength(8);
});

test('addresses that are not of the world are asked for in no database and no list', async () => {
  const everywhere = {
    '10.0.0.0/8': { country_code: 'XX' },
    '192.0.2.0/24': { country_code: 'XX' },
    '127.0.0.0/8': { country_code: 'XX' },
    'fe80::/10': { country_code: 'XX' },
  };
  putDatabase('world.mmdb', { type: 'Test-Country', records: everywhere });
  put('intelligence/bad.txt', '0.0.0.0/0\n::/0\n');
  const one = await open();
  for (const sourceIp of [
    '10.0.0.1',
    '127.0.0.1',
    '192.0.2.1',
    '100.64.0.1',
    '169.254.0.1',
    '224.0.0.1',
    'fe80::1',
    'fd00::1',
    'ff02::1',
    '::1',
  ]) {
    const context = contextOf(one, { sourceIp });
    expect(context['sourceCountry'], sourceIp).toBeUndefined();
    expect(context['threatLists'], sourceIp).toBeUndefined();
  }
  expect(contextOf(one, { sourceIp: '8.8.8.8' })).toMatchObject({ threatLists: ['bad'] });
});

test('the list of exceptions comes before all lists', async () => {
  put('intelligence/bad.txt', '8.0.0.0/8\n');
  put('intelligence/ignore.txt', '8.8.8.0/24 ; resolvers\n8.9.0.1-8.9.0.9\n8.7.7.7\n');
  const one = await open();
  const listed = (sourceIp: string): boolean => contextOf(one, { sourceIp })['threatLists'] !== undefined;
  expect(['8.8.8.8', '8.9.0.5', '8.7.7.7', '8.9.0.10'].map(listed)).toEqual([false, false, false, true]);
});

test('indicators and assets hold at the time of the event, not at the time of reading', async () => {
  put('intelligence/bad.csv', 'indicator,validFrom,validUntil\n8.8.8.8,2026-01-01,2026-02-01\n');
  put('assets.csv', 'id,address,validFrom,validUntil\nold,8.8.8.8,,2026-01-15\nnew,8.8.8.8,2026-01-15,\n');
  const one = await open();
  const at = (time: string): unknown[] => {
    const context = contextOf(one, { sourceIp: '8.8.8.8', eventTime: Date.parse(time) });
    return [context['threatLists'], context['sourceAssetId']];
  };
  expect(at('2025-12-31')).toEqual([undefined, 'old']);
  expect(at('2026-01-10')).toEqual([['bad'], 'old']);
  expect(at('2026-01-20')).toEqual([['bad'], 'new']);
  expect(at('2026-02-01')).toEqual([undefined, 'new']);
});

test('the server is also known by the name in its log', async () => {
  put('assets.csv', 'id,fqdn,criticality\na1,ldap1.example.com,5\n');
  const context = contextOf(await open(), { deviceHostName: 'LDAP1.example.com', transport: 'ldapi' });
  expect(context).toMatchObject({ destinationAssetId: 'a1', destinationAssetCriticality: 5 });
});

test('a proxy that no zone trusts is marked, where zones say who may be one', async () => {
  put('zones.csv', 'cidr,zone,trusted\n192.0.2.0/28,balancer,yes\n198.51.100.0/24,dmz,no\n');
  const one = await open();
  const tags = (proxyIp: string, before?: readonly string[]): unknown =>
    contextOf(one, { proxyIp, sourceIp: '8.8.8.8', ...(before === undefined ? {} : { tags: before }) })['tags'];
  expect(tags('192.0.2.3')).toBeUndefined();
  expect(tags('198.51.100.3')).toEqual(['untrusted-proxy']);
  expect(tags('8.8.4.4', ['truncated'])).toEqual(['truncated', 'untrusted-proxy']);
});

describe('files may change while events flow', () => {
  const zone = (one: Enricher): unknown => contextOf(one, { sourceIp: '10.0.0.1' })['sourceZone'];

  test('new data is taken, and nothing that was remembered stays', async () => {
    put('zones.csv', 'cidr,zone\n10.0.0.0/8,before\n');
    const one = await open();
    expect(zone(one)).toBe('before');
    put('zones.csv', 'cidr,zone\n10.0.0.0/8,behind\n');
    expect(zone(one)).toBe('before');
    await one.refresh();
    expect(zone(one)).toBe('behind');
  });

  test('a bad file leaves the data before in use, and is told of until it is mended', async () => {
    put('zones.json', '[{"cidr":"10.0.0.0/8","zone":"good"}]');
    putDatabase('c.mmdb', { type: 'Test-Country', records: { '8.8.8.0/24': { country_code: 'US' } } });
    const one = await open();
    put('zones.json', '[{"cidr":');
    put('c.mmdb', 'no database');
    await one.refresh();
    expect(zone(one)).toBe('good');
    expect(contextOf(one, { sourceIp: '8.8.8.8' })).toMatchObject({ sourceCountry: 'US' });
    expect(codes(one)).toEqual(['enrichment-file-invalid', 'enrichment-file-invalid']);
    expect(one.notices()[0]).toMatchObject({
      file: join(folder, 'c.mmdb'),
      hint: expect.stringContaining('docs/enrichment.md'),
    });
    put('zones.json', '[]');
    putDatabase('c.mmdb', { type: 'Test-Country', records: {} });
    await one.refresh();
    expect([zone(one), codes(one)]).toEqual(['internal', []]);
  });

  test('a file that goes takes its data with it; one that comes brings it', async () => {
    const one = await open();
    put('zones.csv', 'cidr,zone\n10.0.0.0/8,corp\n');
    await one.refresh();
    expect(zone(one)).toBe('corp');
    rmSync(join(folder, 'zones.csv'));
    await one.refresh();
    expect([zone(one), codes(one)]).toEqual(['internal', ['enrichment-file-gone']]);
    put('zones.csv', 'cidr,zone\n10.0.0.0/8,corp\n');
    await one.refresh();
    expect([zone(one), codes(one)]).toEqual(['corp', []]);
  });

  test('a file that was named and goes leaves its data in use', async () => {
    put('mine.csv', 'cidr,zone\n10.0.0.0/8,corp\n');
    const path = join(folder, 'mine.csv');
    const one = await open({ folder: undefined, zones: [path] });
    rmSync(path);
    await one.refresh();
    expect([zone(one), codes(one)]).toEqual(['corp', ['file-missing']]);
  });

  test('a folder that goes leaves its data in use', async () => {
    put('zones.csv', 'cidr,zone\n10.0.0.0/8,corp\n');
    const one = await open();
    renameSync(folder, `${folder}-away`);
    await one.refresh();
    renameSync(`${folder}-away`, folder);
    expect(zone(one)).toBe('corp');
    expect(codes(one)).toContain('file-missing');
  });

  test('what is said about lists changes the lists', async () => {
    put('intelligence/bad.txt', '8.8.8.8\n');
    const one = await open();
    const confidence = (): unknown => contextOf(one, { sourceIp: '8.8.8.8' })['threatConfidence'];
    expect(confidence()).toBeUndefined();
    put('intelligence/lists.yaml', '- { list: BAD, confidence: 55 }\n');
    await one.refresh();
    expect(confidence()).toBe(55);
  });

  test('they are looked at by themselves, and read when they have settled', async () => {
    put('zones.csv', 'cidr,zone\n10.0.0.0/8,before\n');
    const one = await open({ pollMs: 10, settleMs: 30, clock: Date.now });
    put('zones.csv', 'cidr,zone\n10.0.0.0/8,behind\n');
    const until = Date.now() + 10_000;
    while (zone(one) !== 'behind' && Date.now() < until) await wait(10);
    expect(zone(one)).toBe('behind');
    await one.close();
    put('zones.csv', 'cidr,zone\n10.0.0.0/8,late\n');
    await wait(100);
    expect(zone(one)).toBe('behind');
  });
});

describe('a look-up that cannot be made makes an event partial, and no more', () => {
  test('a database that could never be read', async () => {
    put('c.mmdb', 'no database');
    const one = await open();
    expect(contextOf(one, { sourceIp: '8.8.8.8', boundDn: alice })).toMatchObject({
      sourceZone: 'external',
      actorKind: 'person',
      enrichmentStatus: 'partial',
    });
    // Nobody would have asked it for this one.
    expect(contextOf(one, { sourceIp: '10.0.0.1' })['enrichmentStatus']).toBeUndefined();
    expect(one.status()).toMatchObject({ events: 2, partial: 1 });
  });

  test('a database that is damaged inside', async () => {
    const database = writeTestDatabase({ type: 'Test-Country', records: { '8.8.8.0/24': { country_code: 'US' } } });
    const at = database.indexOf('country_code');
    database.fill(0xff, at - 2, at + 15);
    put('c.mmdb', database);
    const one = await open();
    expect(contextOf(one, { sourceIp: '8.8.8.8' })).toMatchObject({ enrichmentStatus: 'partial' });
    expect(codes(one)).toEqual(['enrichment-failed']);
  });
});

describe('what a person should know', () => {
  test('data that should have been renewed', async () => {
    putDatabase('c.mmdb', { type: 'Test-Country', built: '2026-10-01', records: {} });
    put('identities.csv', `dn\n"${alice}"\n`, now - 2 * day);
    put('intelligence/bad.txt', '8.8.8.8\n', now - 4 * day);
    put('intelligence/lists.yaml', '- { list: bad, refreshHours: 24 }\n');
    const one = await open();
    expect(one.notices().map((notice) => notice.sentence)).toEqual([
      `${join(folder, 'c.mmdb')} should have been renewed by 2026-10-31.`,
      `${join(folder, 'identities.csv')} should have been renewed by 2026-11-23.`,
      `${join(folder, 'intelligence/bad.txt')} should have been renewed by 2026-11-23.`,
    ]);
  });

  test('files that nobody knows what to do with; notes for people are none', async () => {
    put('zone.csv', 'cidr,zone\n');
    put('README.md', 'ours');
    put('.hidden', '');
    put('zones.csv~', '');
    expect((await open()).notices().map((notice) => [notice.code, notice.file])).toEqual([
      ['enrichment-file-unknown', join(folder, 'zone.csv')],
    ]);
  });

  test('a folder or a file that is not there', async () => {
    const one = await open({ folder: join(folder, 'nowhere'), assets: [join(folder, 'assets.csv')], zones: [folder] });
    expect(codes(one)).toEqual(['file-missing', 'file-unreadable', 'file-missing']);
    expect(contextOf(one, { sourceIp: '10.0.0.1' })).toMatchObject({
      sourceZone: 'internal',
      enrichmentStatus: 'partial',
    });
  });
});
