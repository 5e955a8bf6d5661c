import { createMemo } from './memo.ts';

/**
 * IP addresses as values. Strict on purpose: four decimal parts without leading zeros for IPv4 (`010.0.0.1` and `10.1`
 * mean different things to different programs), RFC 4291 §2.2 for IPv6. An IPv4 address written as IPv6
 * (`::ffff:192.0.2.1`) is the IPv4 address. Text that comes out is canonical: RFC 5952 for IPv6.
 */

/** Four 32-bit words, most significant first; an IPv4 address stands in the last. */
export type AddressWords = readonly [number, number, number, number];

/** A parsed address. */
export interface Address {
  readonly family: 4 | 6;
  /** Canonical text, without scope. */
  readonly text: string;
  readonly words: AddressWords;
  /** Interface behind `%`, of a link-local IPv6 address. */
  readonly scope?: string;
}

/** All addresses from `first` to `last`, both included; of one family. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: Address;
  readonly last: Address;
}

/** An address block: a range with its prefix length, and its canonical text. */
export interface Cidr extends AddressRange {
  readonly prefix: number;
  readonly text: string;
}

/** `ffff:` six times, an IPv4 tail, and a scope of some length. */
const addressLengthMax = 128;

/** Parses an address, with or without `%scope`; undefined when it is none. */
export function parseAddress(text: string): Address | undefined {
  if (text.length > addressLengthMax || text.length < 2) return undefined;
  if (!text.includes(':')) {
    const value = parseIpv4(text, 0, text.length);
    return value < 0 ? undefined : ipv4Of(value);
  }
  const percent = text.indexOf('%');
  const words = parseIpv6(percent < 0 ? text : text.slice(0, percent));
  if (words === undefined || percent === text.length - 1) return undefined;
  if (percent >= 0) {
    const scope = text.slice(percent + 1);
    return /^[\w.~-]+$/.test(scope) ? { ...addressOf(6, words), scope } : undefined;
  }
  return words[0] === 0 && words[1] === 0 && words[2] === 0xffff ? ipv4Of(words[3]) : addressOf(6, words);
}

/** {@link parseAddress} with the answers of the last thousands of different texts remembered. */
export const parseAddressCached: (text: string) => Address | undefined = createMemo(parseAddress, {
  entriesMax: 16_384,
  keyLengthMax: addressLengthMax,
});

/** Parses `address/prefix`; bits behind the prefix are ignored. Undefined when it is none. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/');
  const digits = text.slice(slash + 1);
  if (slash < 0 || !/^(0|[1-9]\d{0,2})$/.test(digits)) return undefined;
  const address = parseAddress(text.slice(0, slash));
  if (address === undefined || address.scope !== undefined) return undefined;
  let prefix = Number(digits);
  // ::ffff:10.0.0.0/104 is 10.0.0.0/8.
  const mapped = address.family === 4 && text.includes(':');
  if (mapped) prefix -= 96;
  return prefix < 0 || prefix > (address.family === 4 ? 32 : 128) ? undefined : cidrOf(address, prefix);
}

/** Gives the block of that prefix length around an address. */
export function cidrOf(address: Address, prefix: number): Cidr {
  const { family } = address;
  const fixed = family === 4 ? prefix + 96 : prefix;
  const mask = ([0, 1, 2, 3] as const).map((index) => maskOf(Math.min(32, Math.max(0, fixed - index * 32))));
  const low = map(address.words, (word, index) => (word & (mask[index] ?? 0)) >>> 0);
  const high = map(address.words, (word, index) => (word | ~(mask[index] ?? 0)) >>> 0);
  const first = addressOf(family, low);
  return { family, first, last: addressOf(family, high), prefix, text: `${first.text}/${prefix}` };
}

/** Gives the range between two addresses of one family, whichever comes first; undefined across families. */
export function addressRange(one: Address, other: Address): AddressRange | undefined {
  if (one.family !== other.family) return undefined;
  const [first, last] = compareAddresses(one, other) <= 0 ? [one, other] : [other, one];
  return { family: one.family, first, last };
}

/** Whether the address lies in the range or block. */
export function containsAddress(range: AddressRange, address: Address): boolean {
  return (
    range.family === address.family &&
    compareAddresses(range.first, address) <= 0 &&
    compareAddresses(address, range.last) <= 0
  );
}

/** Orders addresses: IPv4 before IPv6, then by number. Scopes do not count. */
export function compareAddresses(one: Address, other: Address): number {
  if (one.family !== other.family) return one.family - other.family;
  for (let index = 0; index < 4; index++) {
    const difference = (one.words[index] ?? 0) - (other.words[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function maskOf(bits: number): number {
  return bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
}

function map(words: AddressWords, change: (word: number, index: number) => number): AddressWords {
  return [change(words[0], 0), change(words[1], 1), change(words[2], 2), change(words[3], 3)];
}

function ipv4Of(value: number): Address {
  return addressOf(4, [0, 0, 0, value]);
}

function addressOf(family: 4 | 6, words: AddressWords): Address {
  return { family, words, text: family === 4 ? printIpv4(words[3]) : printIpv6(words) };
}

/** Value of the IPv4 address between two offsets, or -1. */
function parseIpv4(text: string, from: number, to: number): number {
  let value = 0;
  let parts = 0;
  let at = from;
  while (at < to) {
    let part = 0;
    const start = at;
    for (; at < to; at++) {
      const digit = text.charCodeAt(at) - 48;
      if (digit < 0 || digit > 9) break;
      part = part * 10 + digit;
    }
    const digits = at - start;
    if (digits === 0 || digits > 3 || part > 255 || (digits > 1 && text.charCodeAt(start) === 48)) return -1;
    value = value * 256 + part;
    parts++;
    if (at === to) return parts === 4 ? value : -1;
    if (text.charCodeAt(at) !== 46 || parts === 4) return -1;
    at++;
  }
  return -1;
}

function parseIpv6(text: string): AddressWords | undefined {
  const gap = text.indexOf('::');
  if (gap >= 0 && text.indexOf('::', gap + 1) >= 0) return undefined;
  const head = parseGroups(gap < 0 ? text : text.slice(0, gap), gap < 0);
  const tail = gap < 0 ? [] : parseGroups(text.slice(gap + 2), true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (gap < 0 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array<number>(missing).fill(0), ...tail];
  const word = (index: number): number => (groups[index * 2] ?? 0) * 65_536 + (groups[index * 2 + 1] ?? 0);
  return [word(0), word(1), word(2), word(3)];
}

/** Groups of up to four hexadecimal digits between colons; the last may be an IPv4 address where `tail` says so. */
function parseGroups(text: string, tail: boolean): number[] | undefined {
  if (text === '') return [];
  const words = text.split(':');
  if (words.length > 8) return undefined;
  const groups: number[] = [];
  for (const [index, word] of words.entries()) {
    if (tail && index === words.length - 1 && word.includes('.')) {
      const value = parseIpv4(word, 0, word.length);
      if (value < 0) return undefined;
      groups.push(value >>> 16, value & 0xffff);
    } else if (/^[\da-f]{1,4}$/i.test(word)) groups.push(Number.parseInt(word, 16));
    else return undefined;
  }
  return groups;
}

function printIpv4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/** RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups as `::`, the first among equals. */
function printIpv6(words: AddressWords): string {
  const groups = words.flatMap((word) => [word >>> 16, word & 0xffff]);
  let from = -1;
  let length = 1;
  for (let start = 0; start < 8; start++) {
    let end = start;
    while (end < 8 && groups[end] === 0) end++;
    if (end - start > length) {
      from = start;
      length = end - start;
    }
    start = end;
  }
  const hex = groups.map((group) => group.toString(16));
  return from < 0 ? hex.join(':') : `${hex.slice(0, from).join(':')}::${hex.slice(from + length).join(':')}`;
}
