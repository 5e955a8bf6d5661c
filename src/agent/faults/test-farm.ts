import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Catalog, openCatalog } from '#catalog';
import { createCategorizer } from '#categorize';
import { createEnricher, type Enricher } from '#enrich';
import type { Event } from '#event';
import { createLogger } from '#log';
import { createNormalizer, type Normalizer } from '#normalize';
import { keep, type Stage } from '#pipeline';
import { composeServer } from '#server';
import { loadSources, type Source } from '#source';
import { openStore, type Store } from '#store';
import type { PlainEvent } from './test-expected-events.ts';

type App = Awaited<ReturnType<typeof composeServer>>;

const sourceId = '389-directory-server';
const serversMax = 2;

/** Servers over one store and one catalog, as behind a balancer; for many runs, each with an agent of its own. */
export class Farm {
  readonly store: Store;
  readonly sources: readonly Source[];
  readonly source: Source;
  readonly normalize: Normalizer['normalize'];
  /** What follows normalizing, for events that come another way. */
  readonly finish: (event: Event) => void;
  readonly #catalog: Catalog;
  readonly #enricher: Enricher;
  readonly #stages: readonly Stage[];
  readonly #folder: string;
  readonly #apps: (App | undefined)[] = [];
  #urls: string[] = [];

  private constructor(folder: string, store: Store, catalog: Catalog, sources: readonly Source[], enricher: Enricher) {
    const source = sources.find(({ id }) => id === sourceId);
    if (source === undefined) throw new Error(`there is no source ${sourceId}`);
    const categorize = createCategorizer(source.categories);
    this.#folder = folder;
    this.store = store;
    this.sources = sources;
    this.source = source;
    this.#catalog = catalog;
    this.#enricher = enricher;
    this.normalize = createNormalizer(sources).normalize;
    this.finish = (event) => {
      enricher.enrich(event);
      if (event.source === sourceId) categorize(event);
    };
    const run = (event: Event): typeof keep => {
      this.finish(event);
      return keep;
    };
    this.#stages = [{ name: 'enrich and categorize', run }];
  }

  static async open(): Promise<Farm> {
    const folder = mkdtempSync(join(tmpdir(), 'meridian-farm-'));
    const store = await openStore({ kind: 'embedded', directory: join(folder, 'data') });
    const catalog = await openCatalog({ kind: 'sqlite', file: join(folder, 'catalog.db') });
    const farm = new Farm(folder, store, catalog, await loadSources(), await createEnricher());
    for (let at = 0; at < serversMax; at++) await farm.restart(at);
    return farm;
  }

  /** Base URLs of the servers. */
  get urls(): readonly string[] {
    return this.#urls;
  }

  /** Ends a server, with what it holds in memory, and starts another in its place. */
  async restart(at: number): Promise<void> {
    const before = this.#apps[at];
    this.#apps[at] = undefined;
    before?.server.closeAllConnections();
    await before?.close();
    const app = await composeServer({
      store: this.store,
      catalog: this.#catalog,
      sources: this.sources,
      stages: this.#stages,
      token: 'token-of-the-farm-abcdefghijklmnop',
      log: createLogger('silent'),
      version: '0.0.0-test',
      // All agents of all runs speak from one address.
      limits: { agentRequests: 1_000_000, agentRefusals: 1_000_000 },
    });
    this.#apps[at] = app;
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    this.#urls[at] = url;
  }

  /** A token that lets one agent in. */
  async token(): Promise<string> {
    const wanted = { description: '', tags: [], profileId: undefined, usesMax: 1, lifeMs: 3_600_000 };
    return (await this.#catalog.tokens.make(wanted)).text;
  }

  /** All that is stored of an agent's log. */
  async eventsOf(agentId: string): Promise<readonly PlainEvent[]> {
    const events: PlainEvent[] = [];
    const condition = { kind: 'text', labels: ['agentId'], test: { kind: 'equals', values: [agentId] } } as const;
    for await (const page of this.store.scan(condition))
      events.push(...page.filter(({ source }) => source === sourceId));
    return events;
  }

  async close(): Promise<void> {
    for (const app of this.#apps) await app?.close();
    await this.#enricher.close();
    await this.#catalog.close();
    await this.store.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
