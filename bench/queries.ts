import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCategorizer } from '#categorize';
import { createEnricher } from '#enrich';
import type { Event } from '#event';
import { createNormalizer } from '#normalize';
import { type Condition, check, parse } from '#query';
import { loadSources } from '#source';
import { openStore, type Store } from '#store';
import { type ConsoleRun, measureConsole } from './console.ts';
import type { BenchLog } from './logs.ts';

/** Time over which the events are spread. */
const spanMs = 7 * 86_400_000;
const runs = 20;
/** A question that takes seconds is asked fewer times: no longer than so many milliseconds in all. */
const questionMsMax = 30_000;
const runsMin = 3;
const day = 86_400_000;

/** How long one kind of question took, hot: the index and the columns were read before. */
export interface QueryRun {
  readonly name: string;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** What a store of some size answers. */
export interface QueryRuns {
  readonly events: number;
  readonly fillSeconds: number;
  readonly bytesPerEvent: number;
  readonly residentBytes: number;
  readonly queries: readonly QueryRun[];
  readonly console: ConsoleRun | undefined;
}

/** Fills a store with so many events, made of the log's by shifting time, and asks it, directly and by the console. */
export async function measureQueries(log: BenchLog, events: number): Promise<QueryRuns> {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-bench-'));
  const directory = join(folder, 'data');
  try {
    const { newest, ...asked } = await measureStore(directory, log, events);
    return { ...asked, console: await measureConsole(directory, newest) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureStore(
  directory: string,
  log: BenchLog,
  events: number,
): Promise<Omit<QueryRuns, 'console'> & { readonly newest: number }> {
  const store = await openStore({ kind: 'embedded', directory });
  try {
    const before = process.hrtime.bigint();
    const newest = await fill(store, await sample(log), events);
    const fillSeconds = Number(process.hrtime.bigint() - before) / 1e9;
    await store.compact();
    const queries: QueryRun[] = [];
    for (const [name, ask] of Object.entries(questions(newest))) queries.push(await time(name, () => ask(store)));
    const stats = await store.stats();
    return {
      newest,
      events: stats.events,
      fillSeconds,
      bytesPerEvent: stats.bytes / stats.events,
      residentBytes: process.memoryUsage().rss,
      queries,
    };
  } finally {
    await store.close();
  }
}

function questions(newest: number): Readonly<Record<string, (store: Store) => Promise<unknown>>> {
  const failures = conditionOf('eventSubType: RESULT and outcome: failure');
  const window = { from: newest - day, to: newest + 1 };
  const whole = { from: newest - spanMs, to: newest + 1 };
  return {
    'filter, histogram and first page, one day': async (store) => {
      await store.histogram(failures, { ...window, buckets: 60 });
      await store.search(failures, { ...window, limit: 100 });
    },
    'filter, histogram and first page, all seven days': async (store) => {
      await store.histogram(failures, { ...whole, buckets: 60 });
      await store.search(failures, { ...whole, limit: 100 });
    },
    'newest 50 of a request type': (store) => store.search(conditionOf('eventSubType: BIND'), { limit: 50 }),
    'facets of five fields, one day': (store) =>
      store.facets(failures, ['eventSubType', 'outcome', 'reason', 'sourceIp', 'boundDn'], window),
    'a word in the raw line, all seven days': (store) => store.count(conditionOf('rawEvent: "svc-wiki"'), whole),
    'a word anywhere (free text over all fields), all seven days': (store) =>
      store.count(conditionOf('"svc-wiki"'), whole),
    'everything under a subtree, all seven days': (store) =>
      store.count(conditionOf('distinguishedName under "ou=services,dc=corp,dc=example,dc=com"'), whole),
    'bound DNs per address, all seven days': (store) =>
      store.groupBy(conditionOf('boundDn is not null'), ['sourceIp', 'boundDn'], { ...whole, limit: 100 }),
  };
}

function conditionOf(query: string): Condition {
  const checked = check(parse(query), { now: Date.now(), zone: 'UTC' });
  if (!('condition' in checked) || checked.condition === undefined)
    throw new Error(`the query does not check: ${query}`);
  return checked.condition;
}

/** Events of the log as the pipeline makes them. */
async function sample(log: BenchLog): Promise<readonly Event[]> {
  const [source] = await loadSources();
  if (source === undefined) throw new Error('there is no data source');
  const normalizer = createNormalizer([source]);
  const enricher = await createEnricher();
  const categorize = createCategorizer(source.categories);
  const events: Event[] = [];
  const reader = source.createReader({ log: 'access' });
  const sink = {
    record: (rec: Parameters<typeof normalizer.normalize>[0]): void => {
      const event = normalizer.normalize(rec);
      if ('code' in event) return;
      enricher.enrich(event as Event);
      categorize(event as Event);
      events.push(event as Event);
    },
    dead: (): void => undefined,
  };
  reader.startFile({ stream: 'bench', generation: 0, position: 0 });
  reader.push(log.bytes, sink);
  reader.endFile(sink);
  await enricher.close();
  return events;
}

/** Gives the time of the newest event. */
async function fill(store: Store, events: readonly Event[], wanted: number): Promise<number> {
  const writer = store.writer();
  const rounds = Math.ceil(wanted / events.length);
  const stepMs = Math.trunc(spanMs / rounds);
  const start = Date.now() - spanMs;
  const oldest = events[0]?.eventTime ?? 0;
  let newest = 0;
  let added = 0;
  for (let round = 0; round < rounds && added < wanted; round++) {
    for (const event of events) {
      if (added++ >= wanted) break;
      // A log forged in parts has times of other days: those stay near their neighbours.
      const offset = Math.min(Math.max(0, (event.eventTime ?? 0) - oldest), stepMs);
      const eventTime = start + round * stepMs + offset;
      newest = Math.max(newest, eventTime);
      writer.add({ ...event, eventTime, stream: 'bench', generation: round });
      if (writer.full) await writer.drain();
    }
  }
  await writer.close();
  return newest;
}

async function time(name: string, ask: () => Promise<unknown>): Promise<QueryRun> {
  const times: number[] = [];
  const begun = performance.now();
  for (let run = 0; run <= runs; run++) {
    if (run > runsMin && performance.now() - begun > questionMsMax) break;
    const before = process.hrtime.bigint();
    await ask();
    // The first run is cold.
    if (run > 0) times.push(Number(process.hrtime.bigint() - before) / 1e6);
  }
  times.sort((one, other) => one - other);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { name, p50Ms: at(0.5), p95Ms: at(0.95) };
}
