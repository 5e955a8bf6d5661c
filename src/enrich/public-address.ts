import { type Address, containsAddress, parseCidr } from '#event';

/** Blocks that are not on the public internet (IANA special-purpose registries): never looked up in geography or lists. */
const special = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.168.0.0/16',
  '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3', '::/127', 'fc00::/7', 'fe80::/10', 'ff00::/8', '2001:db8::/32', '100::/64',
].flatMap((text) => parseCidr(text) ?? []);

/** Whether an address belongs to the public internet. */
export function isPublic(address: Address): boolean {
  return !special.some((block) => containsAddress(block, address));
}
