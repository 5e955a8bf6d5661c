/**
 * What each stage of the pipeline costs on one core: decode and correlate, then also normalize, then also enrich and
 * categorize. Each figure is the best of several rounds, since anything else on the machine can only make it worse.
 */
import { createCategorizer } from '#categorize';
import { createEnricher } from '#enrich';
import type { Event, Rec } from '#event';
import { createNormalizer } from '#normalize';
import { loadSources, type RecordSink, type Source } from '#source';
import type { BenchLog } from './logs.ts';

/** Bytes handed to the reader at a time. */
const chunkBytes = 1024 * 1024;

/** Lines a second of one log, by stage. */
export interface StageRates {
  readonly format: string;
  readonly lines: number;
  readonly records: number;
  /** Decode and correlate. */
  readonly decode: number;
  /** The same plus normalize. */
  readonly normalize: number;
  /** The same plus enrich and categorize. */
  readonly whole: number;
}

/** Measures one log. */
export async function measureStages(log: BenchLog, rounds: number): Promise<StageRates> {
  const [source] = await loadSources();
  if (source === undefined) throw new Error('there is no data source');
  const normalizer = createNormalizer([source]);
  const enricher = await createEnricher();
  const categorize = createCategorizer(source.categories);
  let records = 0;
  const ignore = (): void => undefined;
  const decode: RecordSink = {
    record: () => {
      records++;
    },
    dead: ignore,
  };
  const normalize: RecordSink = {
    record: (rec: Rec) => {
      normalizer.normalize(rec);
    },
    dead: ignore,
  };
  const whole: RecordSink = {
    record: (rec: Rec) => {
      const event = normalizer.normalize(rec);
      if ('code' in event) return;
      enricher.enrich(event as Event);
      categorize(event as Event);
    },
    dead: ignore,
  };
  const rate = (sink: RecordSink): number => best(source, log, sink, rounds);
  const result = {
    format: log.format,
    lines: log.lines,
    decode: rate(decode),
    normalize: rate(normalize),
    whole: rate(whole),
  };
  await enricher.close();
  return { ...result, records: Math.round(records / (rounds + 1)) };
}

function best(source: Source, log: BenchLog, sink: RecordSink, rounds: number): number {
  let seconds = Number.POSITIVE_INFINITY;
  // The first round warms the compiler up, and counts no more than the others.
  for (let round = 0; round <= rounds; round++) seconds = Math.min(seconds, readOnce(source, log.bytes, sink));
  return Math.round(log.lines / seconds);
}

/** Processor seconds of one reading. */
function readOnce(source: Source, bytes: Buffer, sink: RecordSink): number {
  const reader = source.createReader({ log: 'access' });
  const before = process.cpuUsage();
  reader.startFile({ stream: 'bench', generation: 0, position: 0 });
  for (let at = 0; at < bytes.length; at += chunkBytes) reader.push(bytes.subarray(at, at + chunkBytes), sink);
  reader.endFile(sink);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
