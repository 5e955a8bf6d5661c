import type { Recognition, Source } from './source.ts';

/** Bytes of a file that are looked at to recognize it. */
export const sampleBytes: number = 64 * 1024;

/** A log, and the source it is of. */
export interface RecognizedLog {
  readonly source: Source;
  readonly recognition: Recognition;
}

/** Asks each source whether the bytes are the beginning of a log of its own; the surest wins. */
export function recognizeLog(sample: Buffer, sources: readonly Source[]): RecognizedLog | undefined {
  let best: RecognizedLog | undefined;
  for (const source of sources) {
    const recognition = source.recognize(sample);
    if (recognition === undefined) continue;
    if (best === undefined || recognition.confidence > best.recognition.confidence) best = { source, recognition };
  }
  return best;
}

/** Text logs hold hardly any control characters but line breaks and tabs. */
export function isBinary(sample: Buffer): boolean {
  let controls = 0;
  for (const byte of sample) if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) controls += 1;
  return controls * 20 > sample.length;
}
