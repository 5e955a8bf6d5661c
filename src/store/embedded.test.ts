import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from './open-store.ts';
import { storeConformance } from './store-conformance.ts';

storeConformance('the embedded store', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'meridian-store-'));
  const store = await openStore({ kind: 'embedded', directory });
  const close = async (): Promise<void> => {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  };
  return { store, close };
});
