import { describe, expect, test } from 'vitest';
import { parseAddress } from '#event';
import { testContent } from './test-content.ts';
import { readZones, type ZonePart, zoneOf } from './zones.ts';

function zone(text: string, ...tables: readonly ZonePart[]): string | undefined {
  const address = parseAddress(text);
  return address === undefined ? undefined : zoneOf(address, tables)?.zone;
}

describe('without a table, addresses have the zones everybody expects', () => {
  test.each([
    ['127.0.0.1', 'local'],
    ['::1', 'local'],
    ['10.1.2.3', 'internal'],
    ['172.20.0.1', 'internal'],
    ['192.168.0.1', 'internal'],
    ['fd00::1', 'internal'],
    ['169.254.0.1', 'link-local'],
    ['fe80::1', 'link-local'],
    ['100.64.0.1', 'shared'],
    ['192.0.2.1', 'documentation'],
    ['198.51.100.1', 'documentation'],
    ['203.0.113.1', 'documentation'],
    ['2001:db8::1', 'documentation'],
    ['8.8.8.8', 'external'],
    ['2606:4700::1', 'external'],
    ['::ffff:10.0.0.1', 'internal'],
  ])('%s is %s', (text, expected) => expect(zone(text)).toBe(expected));
});

describe('a table', () => {
  const csv = `cidr,zone,site,description,trusted
10.0.0.0/8,corp,,everything,
10.1.0.0/16,server,Oslo,"racks 1, 2",no
10.1.2.3,jump,Oslo,one host,yes
2001:db8:1::/48,user,Bergen,,
`;

  test('says more than the defaults, and the narrowest block counts', async () => {
    const table = await readZones(testContent('zones.csv', csv));
    expect(
      ['10.9.9.9', '10.1.9.9', '10.1.2.3', '2001:db8:1::5', '192.168.1.1', '8.8.8.8'].map((text) => zone(text, table)),
    ).toEqual(['corp', 'server', 'jump', 'user', 'internal', 'external']);
    const address = parseAddress('10.1.2.3');
    if (address === undefined) throw new Error('no address');
    expect(zoneOf(address, [table])).toMatchObject({ site: 'Oslo', trusted: true });
    expect(table).toMatchObject({ entries: 4, namesProxies: true, notices: [] });
  });

  test.each([
    ['zones.json', '[{"cidr":"10.0.0.0/8","zone":"corp"}]'],
    ['zones.json', '{"zones":[{"CIDR":"10.0.0.0/8","Zone":"corp"}]}'],
    ['zones.yaml', 'zones:\n  - cidr: 10.0.0.0/8\n    zone: corp\n'],
    ['zones.yml', '- { cidr: 10.0.0.0/8, zone: corp }\n'],
    ['zones.tsv', 'cidr\tzone\n10.0.0.0/8\tcorp\n'],
    ['zones.csv', '\ufeff# our networks\nCIDR;Zone\n10.0.0.0/8;corp\n'],
  ])('may be %s: %s', async (name, text) =>
    expect(zone('10.1.1.1', await readZones(testContent(name, text)))).toBe('corp'),
  );

  test('that holds everything hides the defaults', async () => {
    const table = await readZones(testContent('zones.csv', 'cidr,zone\n0.0.0.0/0,world\n'));
    expect([zone('127.0.0.1', table), zone('::1', table)]).toEqual(['world', 'local']);
  });

  test('without rows leaves the defaults', async () => {
    expect(zone('10.0.0.1', await readZones(testContent('zones.csv', 'cidr,zone\n')))).toBe('internal');
    expect(zone('10.0.0.1', await readZones(testContent('zones.csv', '')))).toBe('internal');
  });

  test('keeps its good rows and names the bad ones', async () => {
    const table = await readZones(
      testContent('zones.csv', 'cidr,zone\n10.0.0.0/33,a\n10.0.0.0/8,corp\n10.1.0.0/16,\n'),
    );
    expect(zone('10.1.1.1', table)).toBe('corp');
    expect(table.notices.map((one) => [one.code, one.sentence])).toEqual([
      [
        'enrichment-rows-skipped',
        '2 rows of /etc/zones.csv are not used: row 2: "10.0.0.0/33" is no address block; row 4: no zone.',
      ],
    ]);
  });

  test.each([
    ['zones.csv', 'cidr,zone\nnonsense,a\n'],
    ['zones.csv', 'name,place\na,b\n'],
    ['zones.csv', 'cidr,zone\n"10.0.0.0/8,corp\n'],
    ['zones.json', '{"cidr":'],
    ['zones.json', '"text"'],
    ['zones.json', '[1, 2]'],
    ['zones.yaml', 'a: [b'],
    ['zones.csv', Buffer.from([0x63, 0xff, 0xfe, 0x0a])],
  ])('that cannot be used is refused: %s %s', async (name, text) => {
    await expect(readZones(testContent(name, text))).rejects.toMatchObject({ code: 'enrichment-file-invalid' });
  });
});
