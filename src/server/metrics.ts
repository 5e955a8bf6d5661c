import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Store } from '#store';
import type { Attempts } from './attempts.ts';
import type { Gate } from './gate.ts';
import type { TailCounts } from './live-tail.ts';
import { newestOfOthers } from './own-sources.ts';

/** What became of a record that was sent. */
export type RecordOutcome = 'stored' | 'known' | 'dropped' | 'dead-letter';

/** The counters of one server, as Prometheus reads them. */
export interface Metrics {
  readonly registry: Registry;
  requestDone(method: string, route: string, status: number, seconds: number): void;
  batchDone(seconds: number, bytes: number): void;
  recordsDone(outcome: RecordOutcome, count: number): void;
  refused(code: string): void;
}

/** What the gauges look at, at each reading. */
export interface MetricSources {
  readonly store: Store;
  readonly tail: { readonly counts: Readonly<TailCounts> };
  readonly attempts: Attempts;
  readonly batches: Gate;
  /** Sources whose records the product makes itself. */
  readonly own: ReadonlySet<string>;
}

const requestSeconds = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Makes the counters of one server; two servers in one process share none. */
export function createMetrics(sources: MetricSources, clock: () => number): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];

  const requests = new Histogram({
    name: 'meridian_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: requestSeconds,
    registers,
  });
  const refusals = new Counter({
    name: 'meridian_http_errors_total',
    help: 'Requests answered with an error, by its code.',
    labelNames: ['code'],
    registers,
  });
  const batches = new Histogram({
    name: 'meridian_batch_duration_seconds',
    help: 'Time a batch of records took, until it was stored.',
    buckets: requestSeconds,
    registers,
  });
  const batchBytes = new Counter({
    name: 'meridian_batch_bytes_total',
    help: 'Bytes of batches, inflated.',
    registers,
  });
  const records = new Counter({
    name: 'meridian_records_total',
    help: 'Records received, by what became of them.',
    labelNames: ['outcome'],
    registers,
  });
  addGauges(sources, registry, clock);
  addTailCounters(sources, registry);

  return {
    registry,
    requestDone: (method, route, status, seconds) =>
      requests.observe({ method, route, status: String(status) }, seconds),
    batchDone(seconds, bytes) {
      batches.observe(seconds);
      batchBytes.inc(bytes);
    },
    recordsDone(outcome, count) {
      records.inc({ outcome }, count);
    },
    refused(code) {
      refusals.inc({ code });
    },
  };
}

/** What the store tells for one reading; undefined when it does not answer. */
interface StoreFigures {
  readonly events: number;
  readonly deadLetters: number;
  readonly bytes: number;
  readonly newest: number | undefined;
}

/** One question to the store serves all gauges of a reading: they are collected at the same time. */
const figuresMs = 500;

function createFigures({ store, own }: MetricSources): () => Promise<StoreFigures | undefined> {
  let asked = Number.NEGATIVE_INFINITY;
  let figures: Promise<StoreFigures | undefined> = Promise.resolve(undefined);
  return () => {
    if (performance.now() - asked > figuresMs) {
      asked = performance.now();
      figures = askStore(store, own);
    }
    return figures;
  };
}

/** A store that does not answer must not take the other figures with it. */
async function askStore(store: Store, own: ReadonlySet<string>): Promise<StoreFigures | undefined> {
  try {
    const { events, deadLetters, bytes, sources } = await store.stats();
    return { events, deadLetters, bytes, newest: newestOfOthers(sources, own) };
  } catch {
    return undefined;
  }
}

function addGauges(sources: MetricSources, registry: Registry, clock: () => number): void {
  const figures = createFigures(sources);
  const gauges: readonly (readonly [name: string, help: string, read: () => Promise<number | undefined> | number])[] = [
    ['meridian_store_up', '1 when the store answers.', async () => ((await figures()) === undefined ? 0 : 1)],
    ['meridian_store_events', 'Events in the store.', async () => (await figures())?.events],
    ['meridian_store_dead_letters', 'Dead letters in the store.', async () => (await figures())?.deadLetters],
    ['meridian_store_bytes', 'Bytes of the events on disk, indexes included.', async () => (await figures())?.bytes],
    [
      'meridian_store_newest_event_age_seconds',
      'Age of the newest event, but for what the product records itself.',
      async () => {
        const newest = (await figures())?.newest;
        return newest === undefined ? undefined : (clock() - newest) / 1_000;
      },
    ],
    ['meridian_batches_in_flight', 'Batches being taken in.', () => sources.batches.inside],
    ['meridian_tail_clients', 'Live tails with a reader.', () => sources.tail.counts.clients],
  ];
  for (const [name, help, read] of gauges) {
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const value = await read();
        // What is not known is left out, which says more than a zero.
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
  }
}

function addTailCounters(sources: MetricSources, registry: Registry): void {
  const registers = [registry];
  const counters: readonly (readonly [name: string, help: string, read: () => number])[] = [
    ['meridian_tail_events_total', 'Events shown on live tails.', () => sources.tail.counts.matched],
    [
      'meridian_tail_dropped_total',
      'Events not shown because a reader was too slow.',
      () => sources.tail.counts.dropped,
    ],
    [
      'meridian_tail_refused_total',
      'Live tails refused because there were too many.',
      () => sources.tail.counts.refused,
    ],
    ['meridian_wrong_tokens_total', 'Requests with a wrong token.', () => sources.attempts.total],
  ];
  for (const [name, help, read] of counters) {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }
}
