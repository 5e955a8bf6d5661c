import { isIP } from 'node:net';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, test } from 'vitest';
import {
  addressRange,
  compareAddresses,
  containsAddress,
  parseAddress,
  parseAddressCached,
  parseCidr,
} from './address.ts';

const runs = { numRuns: Number(process.env['FUZZ_RUNS'] ?? 100) };

describe('parse', () => {
  test.each([
    ['192.0.2.1', 4, '192.0.2.1'],
    ['0.0.0.0', 4, '0.0.0.0'],
    ['255.255.255.255', 4, '255.255.255.255'],
    ['::ffff:192.0.2.1', 4, '192.0.2.1'],
    ['::FFFF:c000:201', 4, '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', 4, '192.0.2.1'],
    // RFC 5952 §4
    ['2001:db8:0:0:1:0:0:1', 6, '2001:db8::1:0:0:1'],
    ['2001:0DB8::0001', 6, '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', 6, '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', 6, '2001:0:0:1::1'],
    ['1:0:0:2:0:0:3:4', 6, '1::2:0:0:3:4'],
    ['::', 6, '::'],
    ['::1', 6, '::1'],
    ['1::', 6, '1::'],
    ['1:2:3:4:5:6:7::', 6, '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', 6, '0:2:3:4:5:6:7:8'],
    ['64:ff9b::192.0.2.33', 6, '64:ff9b::c000:221'],
    ['fe80::1%eth0', 6, 'fe80::1'],
  ])('%s is IPv%i %s', (text, family, canonical) => {
    expect(parseAddress(text)).toMatchObject({ family, text: canonical });
    expect(parseAddressCached(text)).toEqual(parseAddress(text));
    expect(parseAddress(canonical)).toMatchObject({ family, text: canonical });
  });

  test('the scope is kept apart', () => {
    expect(parseAddress('fe80::1%eth0')?.scope).toBe('eth0');
  });

  test.each([
    '',
    '1',
    '10.1',
    '10.0.0',
    '10.0.0.1.2',
    '010.0.0.1',
    '10.0.0.01',
    '0x0a.0.0.1',
    '167772161',
    '10.0.0.256',
    '10.0.0.1 ',
    ' 10.0.0.1',
    '10.0.0.',
    '.0.0.1',
    '10..0.1',
    '-1.0.0.0',
    '1e1.0.0.1',
    '١.0.0.1',
    '10.0.0.1:389',
    '[::1]',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '12345::',
    'g::',
    '::1.2.3',
    '::1.2.3.4.5',
    '1.2.3.4::',
    '::01.2.3.4',
    ':1',
    '1:',
    'fe80::1%',
    'fe80::1%a b',
    '::%',
    'local',
    'unknown',
    '/run/slapd-EXAMPLE.socket',
    'internal',
    'Internal',
    'ldap.example.com',
    `::${'0'.repeat(200)}1`,
  ])('%j is no address', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });
});

describe('blocks and ranges', () => {
  test.each([
    ['10.0.0.0/8', '10.0.0.7', true],
    ['10.0.0.0/8', '11.0.0.7', false],
    ['10.9.8.7/8', '10.255.255.255', true],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['0.0.0.0/0', '::1', false],
    ['172.16.0.0/12', '172.31.255.255', true],
    ['172.16.0.0/12', '172.32.0.0', false],
    ['192.0.2.1/32', '192.0.2.1', true],
    ['192.0.2.1/32', '192.0.2.2', false],
    ['192.0.2.128/25', '192.0.2.127', false],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::', false],
    ['2001:db8::/33', '2001:db8:8000::', false],
    ['::/0', '192.0.2.1', false],
    ['::/0', '::1', true],
    ['::1/128', '::1', true],
    ['::ffff:10.0.0.0/104', '10.1.1.1', true],
    ['fe80::/10', 'fe80::1%eth0', true],
  ])('%s holds %s: %s', (block, address, expected) => {
    const cidr = parseCidr(block);
    const parsed = parseAddress(address);
    expect(cidr !== undefined && parsed !== undefined && containsAddress(cidr, parsed)).toBe(expected);
  });

  test.each([
    ['10.9.8.7/8', '10.0.0.0/8', '10.0.0.0', '10.255.255.255'],
    ['2001:DB8::1/32', '2001:db8::/32', '2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
  ])('%s is %s from %s to %s', (text, canonical, first, last) => {
    const cidr = parseCidr(text);
    expect([cidr?.text, cidr?.first.text, cidr?.last.text]).toEqual([canonical, first, last]);
  });

  test.each([
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/08',
    '10.0.0.0/255.0.0.0',
    '::/129',
    '::ffff:10.0.0.0/90',
    'fe80::1%eth0/64',
    'x/8',
    '/8',
  ])('%s is no block', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });

  test('a range takes its ends in any order, of one family', () => {
    const [low, middle, high, other] = ['10.0.0.1', '10.0.0.9', '10.0.1.0', '::1'].map((text) => parseAddress(text));
    if (low === undefined || middle === undefined || high === undefined || other === undefined)
      throw new Error('unreadable');
    const range = addressRange(high, low);
    expect(range).toMatchObject({ first: low, last: high });
    expect(
      range !== undefined &&
        containsAddress(range, middle) &&
        containsAddress(range, low) &&
        containsAddress(range, high),
    ).toBe(true);
    expect(addressRange(low, other)).toBeUndefined();
  });
});

describe('properties (fuzz)', () => {
  // The other library takes the old IPv4-compatible form, ::192.0.2.1, for a mapped one; RFC 4291 §2.5.5 keeps them apart.
  const isCompatible = (text: string): boolean => /^[0:]*::[0:]*\d+\./.test(text);
  const anything = fc
    .array(fc.constantFrom(...'0123456789abcdefG:.%/ ', '::', 'ffff', '255', '0'), { maxLength: 24 })
    .map((units) => units.join(''));

  test('any text: an address is one exactly when the runtime says so, and folds as another library folds it', () => {
    fc.assert(
      fc.property(fc.oneof(anything, fc.ipV4(), fc.ipV6()), (text) => {
        const address = parseAddress(text);
        if (!text.includes('%')) expect(address !== undefined).toBe(isIP(text) !== 0);
        if (address === undefined || address.scope !== undefined || isCompatible(text)) return;
        expect(parseAddress(address.text)).toEqual(address);
        const other = ipaddr.process(text);
        expect(address.text).toBe(other instanceof ipaddr.IPv6 ? other.toRFC5952String() : other.toString());
      }),
      runs,
    );
  });

  test('any block holds what another library says it holds', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.nat(32), fc.ipV4(), fc.ipV6(), fc.nat(128), fc.ipV6(), (a4, p4, b4, a6, p6, b6) => {
        for (const [block, prefix, text] of [
          [a4, p4, b4],
          [a6, p6, b6],
        ] as const) {
          if (isCompatible(block) || isCompatible(text)) continue;
          const cidr = parseCidr(`${block}/${prefix}`);
          const address = parseAddress(text);
          const expected = ipaddr.process(text);
          const network = ipaddr.process(block);
          // A block of IPv4 addresses written as IPv6 counts its prefix differently.
          if (
            cidr === undefined ||
            address === undefined ||
            expected.kind() !== network.kind() ||
            cidr.prefix !== prefix
          )
            continue;
          expect(containsAddress(cidr, address)).toBe(expected.match(network, prefix));
        }
      }),
      runs,
    );
  });

  test('order is that of the numbers', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.ipV6(), (one, other) => {
        const [a, b] = [parseAddress(one), parseAddress(other)];
        if (a === undefined || b === undefined || a.family !== b.family) return;
        const number = (text: string): bigint =>
          BigInt(`0x${Buffer.from(ipaddr.parse(text).toByteArray()).toString('hex')}`);
        const difference = number(a.text) - number(b.text);
        expect(Math.sign(compareAddresses(a, b))).toBe(difference === 0n ? 0 : difference > 0n ? 1 : -1);
      }),
      runs,
    );
  });
});
