import { type Address, type AddressRange, cidrOf, type FieldType, parseAddress, parseCidr } from '#event';

/**
 * Reads an address, a CIDR block, or an IPv4 prefix such as `172.16.240.*` (qql §4.8); undefined when it is none.
 * Whether wildcards count is for the caller to say: in quotes they do not.
 */
export function readAddresses(text: string): AddressRange | undefined {
  const trimmed = text.trim();
  const address = parseAddress(trimmed);
  if (address !== undefined) return { family: address.family, first: address, last: address };
  return parseCidr(trimmed) ?? prefixOf(trimmed);
}

const prefix = /^(\d{1,3})\.(?:(\d{1,3})\.)?(?:(\d{1,3})\.)?\*(?:\.\*){0,2}$/;

function prefixOf(text: string): AddressRange | undefined {
  const parts = prefix
    .exec(text)
    ?.slice(1)
    .filter((part) => part !== undefined);
  if (parts === undefined || parts.length + text.split('*').length - 1 > 4) return undefined;
  const padded = [...parts, '0', '0', '0'].slice(0, 4).join('.');
  const address = parseAddress(padded);
  return address === undefined ? undefined : cidrOf(address, parts.length * 8);
}

/** First and last address of a family. */
export function wholeFamily(family: 4 | 6): AddressRange | undefined {
  return parseCidr(family === 4 ? '0.0.0.0/0' : '::/0');
}

/** Whether addresses of a family can stand in fields of a type. */
export function takesFamily(type: FieldType, family: 4 | 6): boolean {
  return type === 'ip' || (type === 'ipv4' ? family === 4 : family === 6);
}

/** The address before (-1) or after (1) another; undefined past the ends of its family. */
export function neighbour(address: Address, step: 1 | -1): Address | undefined {
  const groups = address.words.flatMap((word) => [word >>> 16, word & 0xffff]);
  const from = address.family === 4 ? 6 : 0;
  for (let index = 7; index >= from; index--) {
    const group = (groups[index] ?? 0) + step;
    groups[index] = (group + 0x10000) % 0x10000;
    if (group >= 0 && group <= 0xffff) {
      const next = fromGroups(address.family, groups);
      // IPv4 lies amid IPv6 as ::ffff:0:0/96, and is not of its family.
      return next?.family === address.family ? next : parseAddress(step === 1 ? '::1:0:0:0' : '::fffe:ffff:ffff');
    }
  }
  return undefined;
}

function fromGroups(family: 4 | 6, groups: readonly number[]): Address | undefined {
  if (family === 6) return parseAddress(groups.map((group) => group.toString(16)).join(':'));
  const [high = 0, low = 0] = groups.slice(6);
  return parseAddress(`${high >>> 8}.${high & 255}.${low >>> 8}.${low & 255}`);
}
