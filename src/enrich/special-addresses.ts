import { type Address, parseCidr } from '#event';
import { PrefixTree } from './prefix-tree.ts';

/**
 * Blocks that belong to nobody in the world's address plan (RFC 6890 and later): no country, no owner, no intelligence
 * list can say anything about them, and their look-ups would only give away what a network looks like inside.
 */
const special = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  '::/16',
  '100::/64',
  '64:ff9b:1::/48',
  '2001:2::/48',
  '2001:10::/28',
  '2001:20::/28',
  '2001:db8::/32',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/9',
  'ff00::/8',
];

const tree: PrefixTree<true> = new PrefixTree();
for (const text of special) {
  const block = parseCidr(text);
  if (block === undefined) throw new TypeError(`not a block: ${text}`);
  tree.add(block, true);
}

/** Whether an address is one of the world's: only such are looked up in geography and intelligence. */
export function isPublic(address: Address): boolean {
  return tree.longest(address) === undefined;
}
