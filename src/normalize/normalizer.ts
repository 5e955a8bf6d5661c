import { createEvent, type Event, instantMax, instantMin, type Label, type Rec, type RecKey } from '#event';
import type { Source } from '#source';
import { compileMapping, type MapRecord, rowsOf, unmappedKeys } from './compile-mapping.ts';
import { type Coverage, CoverageCounter } from './coverage.ts';
import { derive } from './derive.ts';
import { onlyOf } from './record-reader.ts';
import { Rejection } from './rejection.ts';

/** Choices for a normalizer. */
export interface NormalizerOptions {
  /** Epoch milliseconds of now, for `ingestTime`. Default: the system clock. */
  readonly clock?: () => number;
}

/** The first stage: makes events of records, by the compiled mapping of their source. */
export interface Normalizer {
  /** Gives the event, or why there is none. Never throws. */
  normalize(rec: Rec): Event | Rejection;
  /** Per source, the keys of records that no row of its mapping takes. */
  coverage(): readonly Coverage[];
}

/** Labels of the record itself; every source has them. */
export const systemLabels: readonly Label[] = [
  'eventId',
  'ingestTime',
  'agentId',
  'source',
  'stream',
  'generation',
  'position',
  'mappingVersion',
  'correlation',
  'eventNanos',
  'extra',
  'tags',
];

/** Keys of a record that the system labels come from. */
const systemKeys: ReadonlySet<RecKey> = new Set<RecKey>([
  'agent',
  'source',
  'stream',
  'generation',
  'position',
  'correlation',
  'nanos',
  'extra',
  'tags',
  'rootDn',
]);

/** One source, ready to map. */
interface Compiled {
  readonly source: Source;
  readonly map: MapRecord;
  readonly coverage: CoverageCounter;
}

/** Compiles the mappings of all sources once. */
export function createNormalizer(sources: readonly Source[], options: NormalizerOptions = {}): Normalizer {
  const clock = options.clock ?? Date.now;
  const compiled = sources.map(
    (source): Compiled => ({
      source,
      map: compileMapping(source.mapping),
      coverage: new CoverageCounter(unmappedKeys(source.mapping, systemKeys)),
    }),
  );
  const byName = new Map<string, Compiled>();
  // An id wins over a product's name, and a product's over a vendor's.
  for (const one of compiled) byName.set(one.source.vendor, one);
  for (const one of compiled) byName.set(one.source.product, one);
  for (const one of compiled) byName.set(one.source.id, one);
  const onlySource = onlyOf(sources);
  const only = compiled.find(({ source }) => source === onlySource);

  function find(rec: Rec): Compiled | undefined {
    const name = rec.source ?? rec.DeviceModel;
    return name === undefined ? only : byName.get(name);
  }

  return {
    normalize(rec) {
      const time = rec.EventTime;
      if (typeof time !== 'number' || !Number.isSafeInteger(time)) return new Rejection('no-time');
      if (time < instantMin || time > instantMax) return new Rejection('time-out-of-range');
      if (rec.stream === undefined || rec.stream === '' || rec.position === undefined)
        return new Rejection('no-identity');
      const found = find(rec);
      if (found === undefined) return new Rejection('unknown-source');
      const event = createEvent();
      try {
        found.map(rec, event);
      } catch {
        return new Rejection('mapping-failed', failingRows(found.source, rec));
      }
      found.coverage.count(rec);
      derive(event);
      addSystem(event, rec, rec.stream, rec.position, found.source);
      event.ingestTime = clock();
      return event;
    },
    coverage: () => compiled.map((one) => one.coverage.report(one.source.id)),
  };
}

let idStream = '';
let idGeneration = -1;
let idPrefix = '';

/** Stream, generation and position in one; records of one file follow each other, so their common part is kept. */
function eventId(stream: string, generation: number, position: number): string {
  if (stream !== idStream || generation !== idGeneration) {
    idStream = stream;
    idGeneration = generation;
    idPrefix = `${stream}-${generation}-`;
  }
  return idPrefix + position;
}

function addSystem(event: Event, rec: Rec, stream: string, position: number, source: Source): void {
  const generation = rec.generation ?? 0;
  event.eventId = eventId(stream, generation, position);
  event.stream = stream;
  event.generation = generation;
  event.position = position;
  event.source = source.id;
  event.mappingVersion = source.mappingVersion;
  event.agentId = rec.agent === '' ? undefined : rec.agent;
  event.correlation = rec.correlation === 'complete' || rec.correlation === 'partial' ? rec.correlation : 'none';
  if (rec.nanos !== undefined && rec.nanos >= 0 && rec.nanos <= 999_999) event.eventNanos = rec.nanos;
  if (rec.extra !== '') event.extra = rec.extra;
  if (rec.rootDn === true) event.tags = rec.tags === undefined ? ['root-dn'] : [...rec.tags, 'root-dn'];
  else if (rec.tags !== undefined && rec.tags.length > 0) event.tags = rec.tags;
}

/** Names the labels whose row throws; only asked when one did. */
function failingRows(source: Source, rec: Rec): string {
  const event = createEvent();
  const failing: string[] = [];
  for (const row of rowsOf(source.mapping)) {
    const value = rec[row.from];
    if (row.as === undefined || value === undefined) continue;
    const change = row.as as (value: unknown, rec: Rec, event: Event) => unknown;
    try {
      change(value, rec, event);
    } catch {
      failing.push(row.to);
    }
  }
  return failing.join(', ');
}
