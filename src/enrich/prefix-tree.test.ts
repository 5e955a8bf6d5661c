import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Address, addressRange, type Cidr, containsAddress, parseAddress, parseCidr } from '#event';
import { PrefixTree } from './prefix-tree.ts';

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 100);

function address(text: string): Address {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new Error(`no address: ${text}`);
  return parsed;
}

function block(text: string): Cidr {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(`no block: ${text}`);
  return parsed;
}

function treeOf(...blocks: readonly string[]): PrefixTree<string> {
  const tree = new PrefixTree<string>();
  for (const text of blocks) tree.add(block(text), text);
  return tree;
}

describe('the narrowest block counts, and all that cover are known', () => {
  test.each([
    ['10.1.2.3', ['0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16', '10.1.2.3/32']],
    ['10.1.2.4', ['0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16']],
    ['10.2.0.0', ['0.0.0.0/0', '10.0.0.0/8']],
    ['11.0.0.0', ['0.0.0.0/0']],
    ['2001:db8:0:1::7', ['2001:db8::/32', '2001:db8:0:1::/64']],
    ['2001:db8:0:2::7', ['2001:db8::/32']],
    ['2001:db9::', []],
    // An IPv4 address written as IPv6 is the IPv4 address.
    ['::ffff:10.1.2.3', ['0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16', '10.1.2.3/32']],
  ])('%s', (text, expected) => {
    const tree = treeOf('10.1.2.3/32', '0.0.0.0/0', '10.1.0.0/16', '10.0.0.0/8', '2001:db8::/32', '2001:db8:0:1::/64');
    expect(tree.covering(address(text))).toEqual(expected);
    expect(tree.longest(address(text))).toBe(expected.at(-1));
  });

  test('::/0 holds all of IPv6 and nothing of IPv4', () => {
    const tree = treeOf('::/0');
    expect(tree.longest(address('ffff::1'))).toBe('::/0');
    expect(tree.longest(address('192.0.2.1'))).toBeUndefined();
  });

  test('equal blocks keep all their values, the last one first in rank', () => {
    const tree = new PrefixTree<string>();
    tree.add(block('192.0.2.0/24'), 'first');
    tree.add(block('192.0.2.9/24'), 'second');
    expect(tree.covering(address('192.0.2.1'))).toEqual(['first', 'second']);
    expect(tree.longest(address('192.0.2.1'))).toBe('second');
  });
});

const ipv4 = fc.ipV4().map(address);
const ipv6 = fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat()).map((words) => {
  const groups = words.flatMap((word) => [word >>> 16, word & 0xffff]).map((group) => group.toString(16));
  return address(groups.join(':'));
});

test('fuzz: a tree finds what comparing one by one finds', () => {
  const blocks = fc.tuple(ipv4, fc.nat(32)).map(([first, prefix]) => block(`${first.text}/${prefix}`));
  const blocks6 = fc.tuple(ipv6, fc.nat(128)).map(([first, prefix]) => block(`${first.text}/${prefix}`));
  fc.assert(
    fc.property(fc.array(fc.oneof(blocks, blocks6), { maxLength: 30 }), fc.oneof(ipv4, ipv6), (all, probe) => {
      const tree = new PrefixTree<string>();
      for (const one of all) tree.add(one, one.text);
      const expected = all.filter((one) => containsAddress(one, probe)).map((one) => one.text);
      expect([...tree.covering(probe)].sort()).toEqual(expected.sort());
    }),
    { numRuns },
  );
});

test('fuzz: a range holds its ends and what lies between, and nothing else', () => {
  fc.assert(
    fc.property(fc.oneof(fc.tuple(ipv4, ipv4, ipv4), fc.tuple(ipv6, ipv6, ipv6)), ([one, other, probe]) => {
      const range = addressRange(one, other);
      if (range === undefined) throw new Error('one family makes a range');
      const tree = new PrefixTree<true>();
      tree.addRange(range, true);
      for (const inside of [range.first, range.last]) expect(tree.covering(inside)).toEqual([true]);
      expect(tree.covering(probe).length > 0).toBe(containsAddress(range, probe));
    }),
    { numRuns },
  );
});

test.each([
  [0, 255],
  [1, 254],
  [5, 6],
  [7, 7],
  [3, 128],
  [127, 128],
])('a range from %i to %i ends where it ends', (first, last) => {
  const range = addressRange(address(`192.0.2.${first}`), address(`192.0.2.${last}`));
  if (range === undefined) throw new Error('one family makes a range');
  const tree = new PrefixTree<true>();
  tree.addRange(range, true);
  const inside = Array.from({ length: 256 }, (_, host) => host).filter(
    (host) => tree.longest(address(`192.0.2.${host}`)) !== undefined,
  );
  expect(inside).toEqual(Array.from({ length: last - first + 1 }, (_, index) => first + index));
  expect([tree.longest(address('192.0.1.255')), tree.longest(address('192.0.3.0'))]).toEqual([undefined, undefined]);
});
