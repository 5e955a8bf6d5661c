import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { type Catalog, type CatalogOptions, openCatalog } from '#catalog';
import { createCategorizer } from '#categorize';
import { createEnricher, type Enricher } from '#enrich';
import { keep, type Stage } from '#pipeline';
import { loadSources, type Source } from '#source';
import { openStore, type Store } from '#store';
import type { App } from './app.ts';
import { composeServer } from './compose.ts';
import type { ServerLimits } from './limits.ts';
import type { PeopleOptions } from './people/people.ts';

/** For tests: a whole server over a real embedded store in a folder of its own. One per test file. */
export interface TestServer {
  readonly app: App;
  readonly store: Store;
  readonly catalog: Catalog;
  /** Listens on a free port and gives the URL. */
  listen(): Promise<string>;
  /** The server's clock. */
  now(): number;
  /** All that was logged. */
  logged(): string;
  close(): Promise<void>;
}

/** Token of test servers. */
export const testToken = 'test-token-abcdefghijklmnopqrstuvwxyz';

/** Choices for a test server. */
export interface TestServerOptions {
  readonly limits?: Partial<ServerLimits>;
  readonly clock?: () => number;
  readonly consoleFolder?: string;
  readonly enrichFolder?: string;
  readonly people?: PeopleOptions;
}

/** Opens one. */
export async function openTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), 'meridian-server-'));
  const store = await openStore({ kind: 'embedded', directory });
  const place: CatalogOptions = { kind: 'sqlite', file: join(directory, 'catalog.db') };
  const catalog = await openCatalog(place, options.clock);
  const lines: string[] = [];
  const log = pino(
    { level: 'debug' },
    new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    }),
  );
  const sources = await loadSources();
  const enricher = await createEnricher({ folder: options.enrichFolder });
  const stages = [enrichStage(enricher), categorizeStage(sources)];
  const app = await composeServer({
    store,
    sources,
    stages,
    enricher,
    catalog,
    token: testToken,
    log,
    version: '0.0.0-test',
    ...options,
  });
  let url: Promise<string> | undefined;
  return {
    app,
    store,
    catalog,
    listen() {
      url ??= app.listen({ host: '127.0.0.1', port: 0 });
      return url;
    },
    now: options.clock ?? Date.now,
    logged: () => lines.join(''),
    async close() {
      await app.close();
      await catalog.close();
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function enrichStage(enricher: Enricher): Stage {
  return {
    name: 'enrich',
    run(event) {
      enricher.enrich(event);
      return keep;
    },
  };
}

function categorizeStage(sources: readonly Source[]): Stage {
  const categorizers = new Map(sources.map((source) => [source.id, createCategorizer(source.categories)]));
  return {
    name: 'categorize',
    run(event) {
      categorizers.get(event.source ?? '')?.(event);
      return keep;
    },
  };
}

/** A search and its result as two records of one connection, as a sender would make them. */
export function sampleRecords(count: number, start = 1_795_514_400_000): Record<string, unknown>[] {
  return Array.from({ length: count }, (_, at) => ({
    EventTime: start + at * 1_000,
    DeviceModel: '389 Directory Server',
    DeviceType: 'Application',
    conn: 100 + Math.floor(at / 4),
    op: at % 4,
    verb: (['CONNECTION', 'BIND', 'SRCH', 'RESULT'] as const)[at % 4],
    ...(at % 4 === 1 ? { dn: `uid=user${at},ou=people,dc=example,dc=com`, method: '128' } : {}),
    ...(at % 4 === 2 ? { base: 'dc=example,dc=com', scope: 'subtree', filter: `(uid=user${at})` } : {}),
    ...(at % 4 === 3 ? { err: at % 8 === 3 ? 0 : 49, nentries: at, etime: 0.001, request: 'SRCH' } : {}),
    client: `192.0.2.${1 + (Math.floor(at / 4) % 200)}`,
    server: '198.51.100.1',
    log: 'access',
    session: `s-${100 + Math.floor(at / 4)}`,
  }));
}

/** Records as the body of a batch. */
export function ndjson(records: readonly unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}
