import { type ByteSource, byteSourceOf, streamOf } from '#delivery';
import { firstRecordBytesMax, firstRecordOf, isBinary, recognizeLog, type Source, sampleBytes } from '#source';
import type { FileFacts, OpenFile } from '../file-system.ts';
import { readingLimits } from '../limits.ts';
import type { ReadingSource } from '../reading/reading.ts';

/** Below this, a log was recognized by its title alone, which is the same for several kinds. */
const confidenceMin = 0.5;
const newline = 10;

/** What a file turned out to be. */
export type Identified =
  | {
      readonly what: 'log';
      readonly source: Source;
      readonly log: string;
      readonly stream: string;
      readonly bytes: ByteSource;
    }
  /** It holds no whole record: none yet, or, when it is over, none at all. */
  | { readonly what: 'empty'; readonly over: boolean }
  /** It is none of what is looked for. */
  | { readonly what: 'other'; readonly why: 'binary' | 'unknown' | 'not-asked-for' };

/** What tells whether a file will grow. */
export interface Rest {
  /** A newer file of its log is there. */
  readonly isRotated: boolean;
  /** Milliseconds for which it did not grow. */
  readonly restMs: number;
}

/** Tells what a file is by its content. `now` is the time, to tell whether the file rests. */
export async function identify(
  path: string,
  handle: OpenFile,
  facts: FileFacts,
  wanted: ReadingSource,
  sources: readonly Source[],
  rest: Rest,
): Promise<Identified> {
  const bytes = await byteSourceOf(path, handle, facts.bytes, facts.modified);
  const sample = await bytes.peek(sampleBytes);
  if (sample.length === 0) return { what: 'empty', over: true };
  const found = recognizeLog(sample, sources);
  if (found === undefined || found.recognition.confidence < confidenceMin) {
    // Half a record may not look like one.
    if (found !== undefined || sample.length < sampleBytes / 16)
      return { what: 'empty', over: isComplete(bytes, sample, rest) };
    return { what: 'other', why: isBinary(sample) ? 'binary' : 'unknown' };
  }
  const { source, recognition } = found;
  if (!isWanted(wanted, source, recognition)) return { what: 'other', why: 'not-asked-for' };
  const first = await firstOf(bytes, sample, source, recognition.log, rest);
  if (first === undefined) return { what: 'empty', over: isComplete(bytes, sample, rest) };
  return { what: 'log', source, log: recognition.log, stream: streamOf(first), bytes };
}

function isWanted(
  wanted: ReadingSource,
  source: Source,
  recognition: { readonly log: string; readonly format: string },
): boolean {
  if (source.id !== wanted.source || !wanted.logs.includes(recognition.log)) return false;
  if (wanted.format === 'json') return recognition.format.startsWith('json');
  return wanted.format !== 'text' || !recognition.format.startsWith('json');
}

async function firstOf(
  bytes: ByteSource,
  sample: Buffer,
  source: Source,
  log: string,
  rest: Rest,
): Promise<Parameters<typeof streamOf>[0] | undefined> {
  let looked = sample;
  for (let size = sampleBytes; ; size *= 8) {
    if (size > sampleBytes) looked = await bytes.peek(size);
    const whole = looked.length < size;
    const first = firstRecordOf(source, log, looked, whole && isComplete(bytes, looked, rest));
    if (first !== undefined || whole || size > firstRecordBytesMax) return first;
  }
}

/** Whether the last record of a file's first bytes, which are all it has, is whole. */
function isComplete(bytes: ByteSource, sample: Buffer, { isRotated, restMs }: Rest): boolean {
  if (bytes.compressed) return true;
  const isEnded = sample.at(-1) === newline;
  if (isRotated) return isEnded || restMs > readingLimits.rotatedRestMs;
  return restMs > (isEnded ? readingLimits.quietMs : readingLimits.restMs);
}
