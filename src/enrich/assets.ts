import { AppError } from '#error';
import type { Address, Cidr } from '#event';
import { CidrIndex, readBlocks } from './cidr-index.ts';
import { cell, cells, dateOf, type Row } from './table-file.ts';

/** What is known of a host (taxonomy §11). */
export interface Asset {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly owner: string | undefined;
  readonly unit: string | undefined;
  readonly role: string | undefined;
  /** 1 to 5. */
  readonly criticality: number | undefined;
  readonly tags: readonly string[] | undefined;
  /** Epoch milliseconds between which the addresses are this asset's. */
  readonly validFrom: number;
  readonly validUntil: number;
}

/** Assets by address, block and host name. */
export class Assets {
  readonly #byAddress = new CidrIndex<Asset>();
  readonly #byName = new Map<string, Asset>();
  #size = 0;

  /** Reads the rows of an asset table. Throws `enrichment-file` naming the row. */
  constructor(rows: readonly Row[] = []) {
    for (const [index, row] of rows.entries()) {
      const asset = readAsset(row, index);
      const blocks = cells(row, 'addresses', 'address', 'ip', 'ips', 'cidr').flatMap((text): readonly Cidr[] => {
        const read = readBlocks(text);
        if (read.length > 0) return read;
        throw new AppError('enrichment-file', `Row ${index + 1} of the assets has an address that is none.`, { place: { line: index + 2, found: text.slice(0, 100) } });
      });
      for (const block of blocks) this.#byAddress.add(block, asset);
      if (asset.name !== undefined) this.#byName.set(asset.name.toLowerCase(), asset);
      this.#size++;
    }
  }

  get size(): number {
    return this.#size;
  }

  /** The assets an address belongs or belonged to, the most specific first. */
  byAddress(address: Address): readonly Asset[] {
    return this.#size === 0 ? [] : this.#byAddress.covering(address);
  }

  byName(name: string): Asset | undefined {
    return this.#byName.get(name.toLowerCase());
  }
}

function readAsset(row: Row, index: number): Asset {
  const criticality = cell(row, 'criticality');
  const level = criticality === undefined ? undefined : Number(criticality);
  if (level !== undefined && !(Number.isInteger(level) && level >= 1 && level <= 5)) {
    throw new AppError('enrichment-file', `Row ${index + 1} of the assets has a criticality that is not 1 to 5.`, { place: { line: index + 2 } });
  }
  const tags = cells(row, 'tags');
  return {
    id: cell(row, 'assetid', 'id'),
    name: cell(row, 'name', 'fqdn', 'hostname'),
    owner: cell(row, 'owner'),
    unit: cell(row, 'businessunit', 'unit', 'bunit'),
    role: cell(row, 'role'),
    criticality: level,
    tags: tags.length === 0 ? undefined : tags,
    validFrom: dateOf(cell(row, 'validfrom')) ?? Number.NEGATIVE_INFINITY,
    validUntil: dateOf(cell(row, 'validuntil')) ?? Number.POSITIVE_INFINITY,
  };
}

