import { openStore } from './open-store.ts';
import { storeConformance } from './store-conformance.ts';
import { startTestServer, testPassword, testUser } from './test-clickhouse-server.ts';

storeConformance('the remote store', async () => {
  const server = await startTestServer();
  const store = await openStore({ kind: 'remote', url: server.url, user: testUser, password: testPassword });
  const close = async (): Promise<void> => {
    await store.close();
    await server.close();
  };
  return { store, close };
});
