import { describe, expect, test } from 'vitest';
import { parseAddress } from '#event';
import { type AssetPart, assetAt, assetsNamed, assetsOf, readAssets } from './assets.ts';
import { testContent } from './test-content.ts';

function assetId(text: string, time: string, ...tables: readonly AssetPart[]): string | undefined {
  const address = parseAddress(text);
  return address === undefined ? undefined : assetAt(assetsOf(address, tables), Date.parse(time))?.id;
}

const csv = `Asset Id,FQDN,Addresses,Operating System,Owner,Business Unit,Criticality,Tags,Role,Valid From,Valid Until
a1,ldap1.example.com,192.0.2.1;2001:db8::1,Debian 12,Ada,IT,5,prod;ldap,Directory,,
lease-1,,10.0.0.7,,Bob,Sales,,,workstation,2026-01-01,2026-06-01
lease-2,,10.0.0.7,,Eve,Legal,,,workstation,2026-06-01,
ended,,10.0.0.9,,Ira,Sales,,,workstation,,2026-06-01
net,,10.0.0.0/8,,Network,IT,1,,,,
`;

describe('an address belongs to an asset', () => {
  test.each([
    ['192.0.2.1', '2026-11-24', 'a1'],
    ['2001:db8:0::1', '2026-11-24', 'a1'],
    // An address given to one host after the other: the time of the event tells whose it was.
    ['10.0.0.7', '2026-03-01', 'lease-1'],
    ['10.0.0.7', '2026-05-31T23:59:59.999Z', 'lease-1'],
    ['10.0.0.7', '2026-06-01', 'lease-2'],
    ['10.0.0.7', '2025-12-31', 'net'],
    ['10.0.0.9', '2026-05-31T23:59:59.999Z', 'ended'],
    ['10.0.0.9', '2026-06-01', 'net'],
    ['10.0.0.8', '2026-11-24', 'net'],
    ['192.0.2.2', '2026-11-24', undefined],
  ])('%s on %s is %s', async (text, time, id) => {
    expect(assetId(text, time, await readAssets(testContent('assets.csv', csv)))).toBe(id);
  });

  test('and all its columns are read', async () => {
    const table = await readAssets(testContent('assets.csv', csv));
    expect(assetsNamed('LDAP1.example.com.', [table])).toMatchObject([
      {
        id: 'a1',
        name: 'ldap1.example.com',
        owner: 'Ada',
        unit: 'IT',
        role: 'directory',
        criticality: 5,
        tags: ['prod', 'ldap'],
      },
    ]);
    expect(table.entries).toBe(5);
  });

  test('in JSON, too', async () => {
    const json = JSON.stringify({
      assets: [
        { assetId: 'a1', name: 'web', addresses: ['192.0.2.9', '198.51.100.0/28'], tags: ['dmz'], criticality: 3 },
      ],
    });
    const table = await readAssets(testContent('assets.json', json));
    expect([assetId('192.0.2.9', '2026-01-01', table), assetId('198.51.100.15', '2026-01-01', table)]).toEqual([
      'a1',
      'a1',
    ]);
  });

  test('the narrowest block of several tables', async () => {
    const wide = await readAssets(testContent('assets.csv', 'id,cidr\nwide,10.0.0.0/8\n'));
    const narrow = await readAssets(testContent('assets-2.csv', 'id,cidr\nnarrow,10.1.0.0/16\nmid,10.0.0.0/12\n'));
    expect(assetId('10.1.0.1', '2026-01-01', narrow, wide)).toBe('narrow');
  });
});

test('rows that cannot be used are named; a criticality out of range is left out', async () => {
  const text = 'id,address,criticality,validFrom\nx,300.1.1.1,9,\ny,10.0.0.1,9,\nz,10.0.0.2,,yesterday\n,,,\nw,,,\n';
  const table = await readAssets(testContent('assets.csv', text));
  expect(table.entries).toBe(1);
  expect(assetsOf(parseAddress('10.0.0.1') ?? expect.fail(), [table])[0]?.criticality).toBeUndefined();
  expect(table.notices[0]?.sentence).toBe(
    '3 rows of /etc/assets.csv are not used: row 2: "300.1.1.1" is no address; row 4: validFrom or validUntil is no time; row 6: no address, block or host name.',
  );
});
