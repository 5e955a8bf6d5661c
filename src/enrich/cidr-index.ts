import { type Address, type AddressRange, type Cidr, parseAddress, parseCidr } from '#event';

/** Entries one index may hold. */
export const indexEntriesMax = 4_000_000;

/**
 * Finds all values whose address block covers an address, the most specific first. One hash table per prefix length and
 * family: a look-up costs as many probes as there are different lengths, however many blocks there are.
 */
export class CidrIndex<Value> {
  readonly #tables = new Map<number, Map<string, Value[]>>();
  /** Table numbers, longest prefix first. */
  #order: number[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(block: Cidr, value: Value): void {
    const number = tableOf(block.family, block.prefix);
    let table = this.#tables.get(number);
    if (table === undefined) {
      table = new Map();
      this.#tables.set(number, table);
      this.#order = [...this.#tables.keys()].sort((one, other) => other - one);
    }
    const key = keyOf(block.first, block.family, block.prefix);
    const values = table.get(key);
    if (values === undefined) table.set(key, [value]);
    else values.push(value);
    this.#size++;
  }

  /** Values of all blocks that hold the address, longest prefix first. */
  covering(address: Address): Value[] {
    const found: Value[] = [];
    for (const number of this.#order) {
      const family = number >= ipv6Tables ? 6 : 4;
      if (family !== address.family) continue;
      const prefix = number % ipv6Tables;
      const values = this.#tables.get(number)?.get(keyOf(address, family, prefix));
      if (values !== undefined) found.push(...values);
    }
    return found;
  }
}

const ipv6Tables = 1000;

function tableOf(family: 4 | 6, prefix: number): number {
  return family === 6 ? ipv6Tables + prefix : prefix;
}

/** The bits of the prefix, as text. */
function keyOf(address: Address, family: 4 | 6, prefix: number): string {
  const fixed = family === 4 ? prefix + 96 : prefix;
  let key = '';
  for (let index = 0; index < 4; index++) {
    const bits = Math.min(32, Math.max(0, fixed - index * 32));
    if (bits === 0) break;
    const word = address.words[index] ?? 0;
    key += `${bits === 32 ? word : word >>> (32 - bits)}.`;
  }
  return key;
}

/** Reads an address, a block, or a range `first-last`, as blocks. Empty when it is none of these. */
export function readBlocks(text: string): readonly Cidr[] {
  const block = parseCidr(text);
  if (block !== undefined) return [block];
  const address = parseAddress(text);
  if (address !== undefined) return blockOf(address, address.family === 4 ? 32 : 128);
  const dash = text.indexOf('-');
  if (dash < 0) return [];
  const first = parseAddress(text.slice(0, dash).trim());
  const last = parseAddress(text.slice(dash + 1).trim());
  if (first === undefined || last === undefined || first.family !== last.family) return [];
  return blocksOfRange({ family: first.family, first, last });
}

function blockOf(address: Address, prefix: number): readonly Cidr[] {
  const block = parseCidr(`${address.text}/${prefix}`);
  return block === undefined ? [] : [block];
}

/** The fewest blocks that make up a range. */
function blocksOfRange(range: AddressRange): readonly Cidr[] {
  const bits = range.family === 4 ? 32 : 128;
  let at = numberOf(range.first);
  const last = numberOf(range.last);
  const blocks: Cidr[] = [];
  while (at <= last) {
    let size = 0;
    while (size < bits && (at & ((1n << BigInt(size + 1)) - 1n)) === 0n && at + (1n << BigInt(size + 1)) - 1n <= last) size++;
    blocks.push(...blockOf({ ...range.first, text: textOf(at, range.family) }, bits - size));
    at += 1n << BigInt(size);
  }
  return blocks;
}

function numberOf(address: Address): bigint {
  const value = address.words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n);
  return address.family === 4 ? value & 0xffff_ffffn : value;
}

function textOf(value: bigint, family: 4 | 6): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  return Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - index * 16)) & 0xffffn).toString(16)).join(':');
}
