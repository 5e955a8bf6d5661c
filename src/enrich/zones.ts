import { type Address, type Cidr, cidrOf, parseAddress, parseCidr } from '#event';
import { zoneColumns } from './columns.ts';
import type { FirstRows } from './first-rows.ts';
import type { Part } from './part.ts';
import { PrefixTree } from './prefix-tree.ts';
import type { FileContent } from './read-file.ts';
import { invalid, paced, readTable } from './read-table.ts';
import { flagIn, textIn } from './row-values.ts';
import { SkippedRows } from './skipped-rows.ts';

/** Where addresses of a block are, as the operator or the defaults say (taxonomy §13). */
export interface Zone {
  readonly zone: string;
  readonly site: string | undefined;
  /** May act as a proxy; undefined where the table does not say. */
  readonly trusted: boolean | undefined;
  readonly prefix: number;
  readonly source: string;
}

/** One table of zones. */
export interface ZonePart extends Part {
  readonly kind: 'zones';
  readonly tree: PrefixTree<Zone>;
  /** Whether any block is said to hold proxies. */
  readonly namesProxies: boolean;
}

/** Name of the defaults in `enrichedBy`. */
export const defaultZonesSource = 'default-zones@1';
/** Zone of what never leaves the host. */
export const localZone = 'local';

/** Zones of addresses that no table speaks of. */
export const defaultZones: readonly (readonly [block: string, zone: string])[] = [
  ['0.0.0.0/0', 'external'],
  ['::/0', 'external'],
  ['127.0.0.0/8', localZone],
  ['::1/128', localZone],
  ['10.0.0.0/8', 'internal'],
  ['172.16.0.0/12', 'internal'],
  ['192.168.0.0/16', 'internal'],
  ['fc00::/7', 'internal'],
  ['169.254.0.0/16', 'link-local'],
  ['fe80::/10', 'link-local'],
  ['100.64.0.0/10', 'shared'],
  ['192.0.2.0/24', 'documentation'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['2001:db8::/32', 'documentation'],
];

const defaults: PrefixTree<Zone> = new PrefixTree();
for (const [text, zone] of defaultZones) {
  const block = parseCidr(text);
  if (block === undefined) throw new TypeError(`not a block: ${text}`);
  defaults.add(block, { zone, site: undefined, trusted: undefined, prefix: block.prefix, source: defaultZonesSource });
}

/** The narrowest block of all tables counts; of equal ones that of the table read last. Without any, the defaults. */
export function zoneOf(address: Address, tables: readonly ZonePart[]): Zone | undefined {
  let found: Zone | undefined;
  for (const { tree } of tables) {
    const zone = tree.longest(address);
    if (zone !== undefined && (found === undefined || zone.prefix >= found.prefix)) found = zone;
  }
  return found ?? defaults.longest(address);
}

/** Reads a table of zones: `cidr` and `zone`, and `site`, `description`, `trusted` as wished. */
export async function readZones(content: FileContent, first?: FirstRows): Promise<ZonePart> {
  const table = await readTable(content);
  first?.keepTable(table);
  const source = `${content.name}@${content.version}`;
  const tree = new PrefixTree<Zone>();
  const skipped = new SkippedRows();
  let entries = 0;
  let namesProxies = false;
  for await (const row of paced(table.rows)) {
    const text = textIn(row, ...zoneColumns.block.names);
    const zone = textIn(row, ...zoneColumns.zone.names);
    const block = text === undefined ? undefined : blockOf(text);
    if (block === undefined) skipped.add(row.at, text === undefined ? 'no cidr' : `"${text}" is no address block`);
    else if (zone === undefined) skipped.add(row.at, 'no zone');
    else {
      const trusted = flagIn(row, ...zoneColumns.trusted.names);
      namesProxies ||= trusted === true;
      tree.add(block, { zone, site: textIn(row, ...zoneColumns.site.names), trusted, prefix: block.prefix, source });
      entries++;
    }
  }
  if (entries === 0 && skipped.count > 0) throw invalid(content, 'no row has both a cidr and a zone');
  return { kind: 'zones', source, tree, entries, namesProxies, ...skipped.told(content, table.exceeded) };
}

/** A block, or a single address as a block of its own. */
export function blockOf(text: string): Cidr | undefined {
  const block = parseCidr(text);
  if (block !== undefined) return block;
  const address = parseAddress(text);
  return address === undefined ? undefined : cidrOf(address, address.family === 4 ? 32 : 128);
}
