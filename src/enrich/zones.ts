import { AppError } from '#error';
import type { Address } from '#event';
import { CidrIndex, readBlocks } from './cidr-index.ts';
import { cell, type Row } from './table-file.ts';

/** What the zone table says of an address. */
export interface Zone {
  readonly zone: string;
  readonly site: string | undefined;
}

/** Zones of addresses that no table names (taxonomy §13). */
const defaults: readonly (readonly [string, string])[] = [
  ['127.0.0.0/8', 'local'], ['::1', 'local'],
  ['10.0.0.0/8', 'internal'], ['172.16.0.0/12', 'internal'], ['192.168.0.0/16', 'internal'], ['fc00::/7', 'internal'],
  ['169.254.0.0/16', 'link-local'], ['fe80::/10', 'link-local'],
  ['100.64.0.0/10', 'shared'],
  ['192.0.2.0/24', 'documentation'], ['198.51.100.0/24', 'documentation'], ['203.0.113.0/24', 'documentation'], ['2001:db8::/32', 'documentation'],
  ['0.0.0.0/0', 'external'], ['::/0', 'external'],
];

/** Zones by address, the longest prefix wins; the operator's table wins over the defaults. */
export class Zones {
  readonly #own = new CidrIndex<Zone>();
  readonly #defaults = new CidrIndex<Zone>();

  /** Reads the rows of a zone table: `cidr, zone, site, description`. Throws `enrichment-file` naming the row. */
  constructor(rows: readonly Row[] = []) {
    for (const [text, zone] of defaults) for (const block of readBlocks(text)) this.#defaults.add(block, { zone, site: undefined });
    for (const [index, row] of rows.entries()) {
      const zone = cell(row, 'zone', 'name');
      const blocks = readBlocks(cell(row, 'cidr', 'range', 'network', 'address') ?? '');
      if (zone === undefined || blocks.length === 0) {
        throw new AppError('enrichment-file', `Row ${index + 1} of the zones needs an address block and a zone.`, { place: { line: index + 2 } });
      }
      for (const block of blocks) this.#own.add(block, { zone, site: cell(row, 'site') });
    }
  }

  get size(): number {
    return this.#own.size;
  }

  /** @returns the zone, and whether the operator's table gave it */
  find(address: Address): { readonly zone: Zone; readonly own: boolean } | undefined {
    const [own] = this.#own.covering(address);
    if (own !== undefined) return { zone: own, own: true };
    const [zone] = this.#defaults.covering(address);
    return zone === undefined ? undefined : { zone, own: false };
  }
}
