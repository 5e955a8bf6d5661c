import { gzipSync } from 'node:zlib';
import type { DeadLetter, Rec } from '#event';

/** Bytes of records in a batch, before compression; the last record may go beyond it. */
const batchBytesMax = 8 * 1024 * 1024;
/** Records of a batch. */
const batchRecordsMax = 50_000;
/** Records are mostly alike, so the fastest level does. */
const level = 1;

/**
 * A part of a stream on its way to a server: records, one JSON object a line, gzip. Each record carries its own
 * identity (stream, generation, position), so a batch may be sent again, to the same server or another, and adds
 * nothing. Design §5.
 */
export interface Batch {
  readonly stream: string;
  readonly generation: number;
  /** Byte range of the stream it covers: from its first record on, up to the beginning of its last. */
  readonly from: number;
  readonly to: number;
  readonly records: number;
  readonly body: Buffer;
}

/** Collects records of one stream into a batch. */
export class BatchBuilder {
  #lines: string[] = [];
  #bytes = 0;
  #first: Readonly<Pick<DeadLetter, 'stream' | 'generation' | 'position'>> | undefined;
  #last = 0;

  /** True when it is time to {@link take} the batch. */
  get full(): boolean {
    return this.#bytes >= batchBytesMax || this.#lines.length >= batchRecordsMax;
  }

  /** True when the next record belongs to another batch, because it is of another stream. */
  endsBefore(next: Readonly<{ stream: string | undefined; generation: number | undefined }>): boolean {
    const first = this.#first;
    return first !== undefined && (first.stream !== (next.stream ?? '') || first.generation !== (next.generation ?? 0));
  }

  addRecord(rec: Rec): void {
    this.#add(rec, rec.stream ?? '', rec.generation ?? 0, rec.position ?? 0);
  }

  /** What could not be decoded goes along raw; the server keeps it as a dead letter. */
  addDead({ stream, generation, position, log, source, raw }: DeadLetter): void {
    this.#add({ stream, generation, position, log, source, raw }, stream, generation, position);
  }

  /** Gives what was collected, and begins anew; undefined when there is nothing. */
  take(): Batch | undefined {
    const first = this.#first;
    if (first === undefined) return undefined;
    const body = gzipSync(this.#lines.join(''), { level });
    const { stream, generation, position } = first;
    const batch = { stream, generation, from: position, to: this.#last, records: this.#lines.length, body };
    this.#lines = [];
    this.#bytes = 0;
    this.#first = undefined;
    return batch;
  }

  #add(record: object, stream: string, generation: number, position: number): void {
    const line = `${JSON.stringify(record)}\n`;
    this.#lines.push(line);
    this.#bytes += line.length;
    this.#first ??= { stream, generation, position };
    this.#last = position;
  }
}
