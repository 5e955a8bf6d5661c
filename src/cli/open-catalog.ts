import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Catalog, CatalogOptions } from '#catalog';
import { AppError } from '#error';
import type { Settings } from './settings.ts';

/** Name of the catalog's file in the data directory. */
const fileName = 'catalog.db';

/** Opens the catalog the settings name: a PostgreSQL, or a file in the data directory. */
export async function openCatalogOf(settings: Settings): Promise<Catalog> {
  const { openCatalog } = await import('#catalog');
  return openCatalog(placeOf(settings));
}

/** Whether there is a catalog to look at without making one. */
export function catalogExists(settings: Settings): boolean {
  const place = placeOf(settings);
  return place.kind === 'postgres' || existsSync(place.file);
}

function placeOf(settings: Settings): CatalogOptions {
  const url = settings['catalog.url'];
  if (url === undefined) return { kind: 'sqlite', file: join(resolve(settings.data), fileName) };
  if (/^postgres(?:ql)?:\/\//.test(url) && URL.canParse(url)) return { kind: 'postgres', url };
  // What was found is not told: there may be a password in it.
  throw new AppError('setting-invalid', 'catalog.url: expected a URL that begins with postgres://.', {
    place: { field: 'catalog.url', expected: 'postgres://user:password@host/database' },
  });
}
