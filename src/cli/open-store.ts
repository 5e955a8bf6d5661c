import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Store, StoreOptions } from '#store';
import type { Settings } from './settings.ts';

/** Opens the store the settings name: a ClickHouse server, or the embedded engine over the data directory. */
export async function openStoreOf(
  settings: Settings,
  notice: (sentence: string) => void,
  { mergeLater = false }: { readonly mergeLater?: boolean } = {},
): Promise<Store> {
  // Loaded only here: the engine takes a moment, and most commands can fail before they need it.
  const { openStore } = await import('#store');
  const store = await openStore({ ...storeOptions(settings), mergeLater, notice });
  const days = settings['retention.days'];
  if (days !== undefined) {
    const { sources } = await store.retention();
    await store.setRetention({ days: days === 0 ? null : days, sources });
  }
  return store;
}

/** Whether there is a store to ask: a server is taken to be there. */
export function storeExists(settings: Settings): boolean {
  return settings['store.url'] !== undefined || existsSync(settings.data);
}

function storeOptions(settings: Settings): StoreOptions {
  const url = settings['store.url'];
  if (url === undefined) return { kind: 'embedded', directory: resolve(settings.data) };
  const {
    'store.user': user,
    'store.password': password,
    'store.database': database,
    'store.cluster': cluster,
  } = settings;
  return {
    kind: 'remote',
    url,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
    ...(cluster === undefined ? {} : { cluster }),
  };
}
