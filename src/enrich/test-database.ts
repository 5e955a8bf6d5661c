import { type AddressWords, parseCidr } from '#event';

/** Values an mmdb record may hold. */
export type TestValue =
  | string
  | number
  | boolean
  | Uint8Array
  | readonly TestValue[]
  | { readonly [key: string]: TestValue };

/** What a test database says of itself. */
export interface TestDatabase {
  readonly type: string;
  readonly ipVersion?: 4 | 6;
  /** Day on which it was built. */
  readonly built?: string;
  readonly records: Readonly<Record<string, TestValue>>;
}

interface Node {
  children: [Node | undefined, Node | undefined];
  data: number | undefined;
}

const marker = Buffer.from('abcdef4d61784d696e642e636f6d', 'hex');

/** Writes a small mmdb file (format 2.0, 32-bit records), for tests; IPv4 blocks stand in `::/96`, as in published ones. */
export function writeTestDatabase(database: TestDatabase): Buffer {
  const ipVersion = database.ipVersion ?? 6;
  const data: Buffer[] = [];
  let dataBytes = 0;
  const root = newNode();
  for (const [cidr, record] of Object.entries(database.records)) {
    const block = parseCidr(cidr);
    if (block === undefined) throw new TypeError(`not a block: ${cidr}`);
    const encoded = encode(record);
    // An IPv4 address stands in the last of four words.
    const bits = block.family === 4 ? 96 + block.prefix : block.prefix;
    insert(root, block.first.words, ipVersion === 4 ? 96 : 0, bits, dataBytes);
    data.push(encoded);
    dataBytes += encoded.length;
  }
  const nodes = numberNodes(root);
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: Date.parse(database.built ?? '2026-11-20') / 1000,
    database_type: database.type,
    description: { en: 'test' },
    ip_version: ipVersion,
    languages: ['en'],
    node_count: nodes.length,
    record_size: 32,
  });
  return Buffer.concat([encodeTree(nodes), Buffer.alloc(16), ...data, marker, metadata]);
}

function encodeTree(nodes: readonly Node[]): Buffer {
  const numbers = new Map(nodes.map((node, index) => [node, index]));
  const pointerTo = (child: Node | undefined): number => {
    if (child === undefined) return nodes.length;
    return child.data === undefined ? (numbers.get(child) ?? 0) : nodes.length + 16 + child.data;
  };
  const tree = Buffer.alloc(nodes.length * 8);
  for (const [index, { children }] of nodes.entries()) {
    tree.writeUInt32BE(pointerTo(children[0]), index * 8);
    tree.writeUInt32BE(pointerTo(children[1]), index * 8 + 4);
  }
  return tree;
}

function newNode(): Node {
  return { children: [undefined, undefined], data: undefined };
}

/** Follows bits `from` to `until` of an address; at least one, since the root holds no data. */
function insert(root: Node, words: AddressWords, from: number, until: number, data: number): void {
  let node = root;
  for (let bit = from; bit < until; bit++) {
    const side = ((words[bit >>> 5] ?? 0) >>> (31 - (bit & 31))) & 1 ? 1 : 0;
    const child = node.children[side] ?? newNode();
    node.children[side] = child;
    node = child;
  }
  node.data = data;
}

function numberNodes(root: Node): readonly Node[] {
  const nodes: Node[] = [root];
  for (const node of nodes) {
    for (const child of node.children) if (child !== undefined && child.data === undefined) nodes.push(child);
  }
  return nodes;
}

function encode(value: TestValue): Buffer {
  if (typeof value === 'string') {
    const bytes = Buffer.from(value);
    return Buffer.concat([control(2, bytes.length), bytes]);
  }
  if (typeof value === 'boolean') return control(14, value ? 1 : 0);
  if (typeof value === 'number') return encodeNumber(value);
  if (value instanceof Uint8Array) return Buffer.concat([control(4, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([control(11, value.length), ...value.map(encode)]);
  const entries = Object.entries(value);
  return Buffer.concat([control(7, entries.length), ...entries.flatMap(([key, one]) => [encode(key), encode(one)])]);
}

function encodeNumber(value: number): Buffer {
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 32) {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([control(6, 4), bytes]);
  }
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return Buffer.concat([control(3, 8), bytes]);
}

/** Type and size; types above 7 stand in a byte of their own. */
function control(type: number, size: number): Buffer {
  const short = size < 29 ? size : size < 285 ? 29 : 30;
  const more = short === 29 ? [size - 29] : short === 30 ? [(size - 285) >> 8, (size - 285) & 255] : [];
  return type > 7 ? Buffer.from([short, type - 7, ...more]) : Buffer.from([(type << 5) | short, ...more]);
}
