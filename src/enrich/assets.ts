import { type Address, parseAddress, parseCidr } from '#event';
import { assetColumns } from './columns.ts';
import type { FirstRows } from './first-rows.ts';
import { dayMs, type Part } from './part.ts';
import { PrefixTree } from './prefix-tree.ts';
import type { FileContent } from './read-file.ts';
import { invalid, paced, type Row, readTable } from './read-table.ts';
import { listIn, numberIn, type Period, periodIn, textIn, words } from './row-values.ts';
import { SkippedRows } from './skipped-rows.ts';

/** What is known of a host (taxonomy §11). */
export interface Asset extends Period {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly owner: string | undefined;
  readonly unit: string | undefined;
  readonly role: string | undefined;
  /** 1 to 5. */
  readonly criticality: number | undefined;
  readonly tags: readonly string[] | undefined;
  readonly source: string;
}

/** One table of assets. */
export interface AssetPart extends Part {
  readonly kind: 'assets';
  readonly byAddress: ReadonlyMap<string, readonly Asset[]>;
  readonly byBlock: PrefixTree<Asset>;
  readonly byName: ReadonlyMap<string, readonly Asset[]>;
}

/** An inventory is expected to be exported weekly at least. */
const staleAfterMs = 30 * dayMs;

/** All assets an address may belong to: exact addresses first, then the narrowest block; newer periods first. */
export function assetsOf(address: Address, tables: readonly AssetPart[]): readonly Asset[] {
  const exact = tables.flatMap((table) => table.byAddress.get(address.text) ?? []);
  const blocks = tables.flatMap((table) => [...table.byBlock.covering(address)].reverse());
  return [...newestFirst(exact), ...blocks];
}

/** All assets of a host name. */
export function assetsNamed(name: string, tables: readonly AssetPart[]): readonly Asset[] {
  const folded = foldHost(name);
  return newestFirst(tables.flatMap((table) => table.byName.get(folded) ?? []));
}

/** Addresses are given to other hosts later: the period tells which asset it was at a time. */
export function assetAt(assets: readonly Asset[], time: number): Asset | undefined {
  for (const asset of assets) if (time >= asset.from && time < asset.until) return asset;
  return undefined;
}

function newestFirst(assets: Asset[]): readonly Asset[] {
  return assets.length < 2
    ? assets
    : assets.sort((one, other) => (one.from === other.from ? 0 : other.from - one.from));
}

function foldHost(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** Reads a table of assets, keyed by address, block or host name. */
export async function readAssets(content: FileContent, first?: FirstRows): Promise<AssetPart> {
  const table = await readTable(content);
  first?.keepTable(table);
  const source = `${content.name}@${content.version}`;
  const byAddress = new Map<string, Asset[]>();
  const byBlock = new PrefixTree<Asset>();
  const byName = new Map<string, Asset[]>();
  const skipped = new SkippedRows();
  let entries = 0;
  for await (const row of paced(table.rows)) {
    const period = periodIn(row);
    if (period === undefined) {
      skipped.add(row.at, 'validFrom or validUntil is no time');
      continue;
    }
    const asset = assetOf(row, period, source);
    const addresses = listIn(row, words, ...assetColumns.addresses.names);
    const names = listIn(row, words, ...assetColumns.host.names, ...assetColumns.name.names);
    const bad = addresses.filter((text) => !addAddress(text, asset, byAddress, byBlock));
    for (const name of names) push(byName, foldHost(name), asset);
    if (bad.length > 0) skipped.add(row.at, `"${bad[0]}" is no address`);
    if (bad.length < addresses.length || names.length > 0) entries++;
    else if (bad.length === 0) skipped.add(row.at, 'no address, block or host name');
  }
  if (entries === 0 && skipped.count > 0) throw invalid(content, 'no row has an address, a block or a host name');
  return {
    kind: 'assets',
    source,
    byAddress,
    byBlock,
    byName,
    entries,
    ...skipped.told(content, table.exceeded),
    staleAfter: content.changed + staleAfterMs,
  };
}

function addAddress(text: string, asset: Asset, byAddress: Map<string, Asset[]>, byBlock: PrefixTree<Asset>): boolean {
  const address = parseAddress(text);
  if (address !== undefined) {
    push(byAddress, address.text, asset);
    return true;
  }
  const block = parseCidr(text);
  if (block !== undefined) byBlock.add(block, asset);
  return block !== undefined;
}

function assetOf(row: Row, period: Period, source: string): Asset {
  const tags = listIn(row, words, ...assetColumns.tags.names);
  return {
    ...period,
    id: textIn(row, ...assetColumns.id.names),
    name: textIn(row, ...assetColumns.name.names, ...assetColumns.host.names),
    owner: textIn(row, ...assetColumns.owner.names),
    unit: textIn(row, ...assetColumns.unit.names),
    role: textIn(row, ...assetColumns.role.names)?.toLowerCase(),
    criticality: numberIn(row, 1, 5, ...assetColumns.criticality.names),
    tags: tags.length === 0 ? undefined : tags,
    source,
  };
}

/** Adds to a list in a map. */
export function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
