import { numberOf, type Reading, type Row, textOf } from './reading.ts';
import type { CancelOptions, StoredCheckpoint, StreamCheckpoint, Streams } from './store.ts';
import { bytesParameter, bytesValue } from './where.ts';
import type { WriteQueue } from './write-queue.ts';

/** Columns but the state, which may be large. */
const plain = 'stream, generation, source, log, file, position, lines, events, deadLetters, continuations, updated';

function checkpointOf(row: Row): StoredCheckpoint {
  return {
    stream: textOf(row['stream']),
    generation: numberOf(row['generation']),
    source: textOf(row['source']),
    log: textOf(row['log']),
    file: textOf(row['file']),
    position: numberOf(row['position']),
    lines: numberOf(row['lines']),
    events: numberOf(row['events']),
    deadLetters: numberOf(row['deadLetters']),
    continuations: numberOf(row['continuations']),
    state: row['state'] === undefined ? '' : textOf(row['state']),
    updated: numberOf(row['updated']),
  };
}

/** See {@link Streams}. */
export class StreamBook implements Streams {
  readonly #reading: Reading;
  readonly #queue: WriteQueue;
  readonly #table: string;

  constructor(reading: Reading, queue: WriteQueue, database: string) {
    this.#reading = reading;
    this.#queue = queue;
    this.#table = `${database}.streams`;
  }

  async get(stream: string, generation: number, { signal }: CancelOptions = {}): Promise<StoredCheckpoint | undefined> {
    const rows = await this.#reading.rows({
      sql: `SELECT ${plain}, state FROM ${this.#table} FINAL WHERE stream = ${bytesParameter('stream')} AND generation = {generation:Int64}`,
      params: { stream: bytesValue(stream), generation: String(generation) },
      signal,
      doing: 'look up how far a stream was read',
    });
    return rows[0] === undefined ? undefined : checkpointOf(rows[0]);
  }

  async list(
    options: CancelOptions & { readonly stream?: string | undefined } = {},
  ): Promise<readonly StoredCheckpoint[]> {
    const only = options.stream === undefined ? '' : ` WHERE stream = ${bytesParameter('stream')}`;
    const rows = await this.#reading.rows({
      sql: `SELECT ${plain} FROM ${this.#table} FINAL${only} ORDER BY stream, generation`,
      ...(options.stream === undefined ? {} : { params: { stream: bytesValue(options.stream) } }),
      signal: options.signal,
      doing: 'list the streams',
    });
    return rows.map(checkpointOf);
  }

  async save(state: StreamCheckpoint): Promise<void> {
    await this.#queue.enqueue(() => this.#queue.writeCheckpoints([state]));
  }
}
