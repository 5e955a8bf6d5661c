import type { RecordSink, Source } from './source.ts';

/** Bytes in which a file's first whole record is looked for: a record of the longest kind, and what stands around it. */
export const firstRecordBytesMax: number = 4 * 1024 * 1024;

/** The first whole record of a file, and what its title says. */
export interface FirstOfLog {
  readonly source: string;
  readonly log: string;
  readonly host?: string | undefined;
  readonly instance?: string | undefined;
  readonly raw: string;
}

/**
 * Finds the first whole record in the first bytes of a file, or the first text that is none; undefined when there is
 * none yet. `complete` tells that what stands behind the last line break is a whole line.
 */
export function firstRecordOf(source: Source, log: string, sample: Buffer, complete: boolean): FirstOfLog | undefined {
  const reader = source.createReader({ log });
  const found = new FirstSink(source.id, log);
  reader.startFile({ stream: '', generation: 0, position: 0 });
  reader.push(sample, found);
  if (found.first === undefined && complete) reader.endFile(found);
  return found.first;
}

/** Keeps the first record or dead letter. */
class FirstSink implements RecordSink {
  readonly #source: string;
  readonly #log: string;
  first: FirstOfLog | undefined;

  constructor(source: string, log: string) {
    this.#source = source;
    this.#log = log;
  }

  record(rec: Parameters<RecordSink['record']>[0]): void {
    const { host, instance, raw = '' } = rec;
    this.first ??= { source: this.#source, log: this.#log, host, instance, raw };
  }

  dead(letter: Parameters<RecordSink['dead']>[0]): void {
    this.first ??= { source: this.#source, log: this.#log, raw: letter.raw };
  }
}
