import { AppError } from '#error';
import type { Address, AddressRange, AddressWords, Cidr } from '#event';
import { nodesMax } from './limits.ts';

/**
 * Address blocks with values, as one binary tree a family: a node a bit, so a look-up takes as many steps as the longest
 * block that covers the address has bits, however many blocks there are.
 */
export class PrefixTree<Value> {
  // An IPv4 address stands in the last of four words.
  readonly #families: Readonly<Record<4 | 6, Branch<Value>>> = { 4: new Branch(96), 6: new Branch(0) };

  /** Adds a block. Throws `enrichment-file-too-large` when the tree would grow over its bounds. */
  add(block: Cidr, value: Value): void {
    this.#families[block.family].add(block.first.words, block.prefix, value);
  }

  /** Adds a range, as the blocks that make it up. */
  addRange(range: AddressRange, value: Value): void {
    const bits = range.family === 4 ? 32 : 128;
    for (const { first, hostBits } of blocksOf(numberOf(range.first.words), numberOf(range.last.words), bits)) {
      this.#families[range.family].add(wordsOf(first), bits - hostBits, value);
    }
  }

  /** Values of all blocks that hold the address, the widest block first. */
  covering(address: Address): readonly Value[] {
    return this.#families[address.family].covering(address.words);
  }

  /** Value of the narrowest block that holds the address; of equal blocks the one added last. */
  longest(address: Address): Value | undefined {
    return this.covering(address).at(-1);
  }
}

/** Three numbers a node: child for bit 0, child for bit 1, and where its values are; 0 is none. */
const nodeWidth = 3;

class Branch<Value> {
  /** Bit of the four words at which the family's addresses begin. */
  readonly #offset: number;
  #nodes: Int32Array = new Int32Array(64 * nodeWidth);
  #used = 1;
  readonly #values: Value[][] = [[]];

  constructor(offset: number) {
    this.#offset = offset;
  }

  add(words: AddressWords, prefix: number, value: Value): void {
    let node = 0;
    for (let bit = 0; bit < prefix; bit++) {
      const at = node * nodeWidth + this.#bit(words, bit);
      let child = this.#nodes[at] ?? 0;
      if (child === 0) {
        child = this.#grow();
        this.#nodes[at] = child;
      }
      node = child;
    }
    const at = node * nodeWidth + 2;
    const slot = this.#nodes[at] ?? 0;
    if (slot === 0) this.#nodes[at] = this.#values.push([value]) - 1;
    else this.#values[slot]?.push(value);
  }

  covering(words: AddressWords): readonly Value[] {
    const bits = 128 - this.#offset;
    const found: Value[] = [];
    let node = 0;
    for (let bit = 0; ; bit++) {
      const slot = this.#nodes[node * nodeWidth + 2] ?? 0;
      if (slot !== 0) found.push(...(this.#values[slot] ?? []));
      if (bit === bits) return found;
      node = this.#nodes[node * nodeWidth + this.#bit(words, bit)] ?? 0;
      if (node === 0) return found;
    }
  }

  #bit(words: AddressWords, index: number): number {
    const bit = this.#offset + index;
    return ((words[bit >>> 5] ?? 0) >>> (31 - (bit & 31))) & 1;
  }

  #grow(): number {
    if (this.#used >= nodesMax) {
      throw new AppError('enrichment-file-too-large', `Address blocks with more than ${nodesMax} nodes are not held.`);
    }
    if ((this.#used + 1) * nodeWidth > this.#nodes.length) {
      const larger = new Int32Array(this.#nodes.length * 2);
      larger.set(this.#nodes);
      this.#nodes = larger;
    }
    return this.#used++;
  }
}

/** Splits a range into the fewest blocks: at most two for each bit. */
function* blocksOf(first: bigint, last: bigint, bits: number): Generator<{ first: bigint; hostBits: number }> {
  let from = first;
  while (from <= last) {
    let hostBits = 0;
    while (hostBits < bits) {
      const size = 1n << BigInt(hostBits + 1);
      if (from % size !== 0n || from + size - 1n > last) break;
      hostBits++;
    }
    yield { first: from, hostBits };
    from += 1n << BigInt(hostBits);
  }
}

function numberOf(words: AddressWords): bigint {
  return words.reduce((number, word) => (number << 32n) | BigInt(word), 0n);
}

function wordsOf(number: bigint): AddressWords {
  const word = (index: bigint): number => Number((number >> (32n * (3n - index))) & 0xffffffffn);
  return [word(0n), word(1n), word(2n), word(3n)];
}
