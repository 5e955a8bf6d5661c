import type { DeadLetter } from '#event';
import { type BlockIdentity, type Run, streamKey } from './block-identity.ts';
import { numberOf, type Reading, textOf } from './reading.ts';

/**
 * Positions closer than this belong to one range when the store is asked which it has. Records are rarely longer, so a
 * log read in order is one range; letters replayed from all over a log are many small ones.
 */
const gapMax = 8_192;

/** Ranges in one question. */
const rangesPerQuestion = 200;

interface Range {
  readonly stream: string;
  readonly generation: number;
  readonly low: number;
  readonly high: number;
}

function lowest(positions: Iterable<number>): number {
  let least = Number.MAX_SAFE_INTEGER;
  for (const position of positions) if (position < least) least = position;
  return least;
}

function highest(positions: Iterable<number>): number {
  let most = 0;
  for (const position of positions) if (position > most) most = position;
  return most;
}

function rangesOf(positions: Float64Array, run: Run): readonly Range[] {
  const sorted = positions.slice(run.first, run.end).sort();
  const ranges: Range[] = [];
  let low = sorted[0] ?? 0;
  let high = low;
  for (const position of sorted) {
    if (position - high > gapMax) {
      ranges.push({ stream: run.stream, generation: run.generation, low, high });
      low = position;
    }
    high = position;
  }
  ranges.push({ stream: run.stream, generation: run.generation, low, high });
  return ranges;
}

/** What is known of a block's rows. */
interface Findings {
  /** True when some row lies where the store has been before. */
  readonly doubtful: boolean;
  /** 1 for each row that is in the store, or twice in the block; undefined when there is none. */
  readonly marks: Uint8Array | undefined;
}

/** Knows which records the store has: by the highest position of each stream, and by asking for the rest. */
export class KnownRows {
  readonly #reading: Reading;
  readonly #database: string;
  /** False when others write, too: then nothing may be remembered. */
  readonly #remembers: boolean;
  /** Highest position of a stream that may be in the store; -1 for a new stream. */
  readonly #highest: Map<string, number> = new Map();

  constructor(reading: Reading, database: string, remembers: boolean) {
    this.#reading = reading;
    this.#database = database;
    this.#remembers = remembers;
  }

  /** Highest position of an event or dead letter of that stream; undefined when there is none. */
  async highWater(stream: string, generation: number, signal?: AbortSignal): Promise<number | undefined> {
    const own = (table: string): string =>
      `SELECT max(position) AS highest, count() AS rows FROM ${this.#database}.${table}
       WHERE stream = {stream:String} AND generation = {generation:Int64}`;
    const rows = await this.#reading.rows({
      sql: `SELECT max(highest) AS highest, sum(rows) AS rows FROM (${own('events')} UNION ALL ${own('dead_letters')})`,
      params: { stream, generation: String(generation) },
      signal,
      doing: 'look up how far a stream is stored',
    });
    const row = rows[0];
    return row === undefined || numberOf(row['rows']) === 0 ? undefined : numberOf(row['highest']);
  }

  /**
   * Whether all rows of a block lie beyond what is stored, which needs no question to the store, or one the first time.
   * What it holds counts as stored from here on.
   */
  async areNew(identity: BlockIdentity): Promise<boolean> {
    let all = true;
    for (const run of identity.runs()) {
      if (!(await this.#isBeyond(identity.positions, run))) all = false;
    }
    return all;
  }

  /** Finds out what of a block is in the store. What it holds counts as stored from here on. */
  async find(identity: BlockIdentity): Promise<Findings> {
    const doubtful: Run[] = [];
    for (const run of identity.runs()) {
      if (!(await this.#isBeyond(identity.positions, run))) doubtful.push(run);
    }
    if (doubtful.length === 0) return { doubtful: false, marks: undefined };
    const stored = await this.#stored(doubtful.flatMap((run) => rangesOf(identity.positions, run)));
    const marks = new Uint8Array(identity.rows);
    let found = false;
    for (const run of doubtful) {
      const key = streamKey(run.stream, run.generation);
      const positions = stored.get(key) ?? new Set<number>();
      stored.set(key, positions);
      for (let row = run.first; row < run.end; row++) {
        const position = identity.positions[row] ?? 0;
        if (positions.has(position)) {
          marks[row] = 1;
          found = true;
        } else {
          positions.add(position);
        }
      }
    }
    return { doubtful: true, marks: found ? marks : undefined };
  }

  /** Gives the dead letters, without their raw records, that stand where rows of the block stand. */
  async lettersAmong(identity: BlockIdentity): Promise<readonly DeadLetter[]> {
    const letters: DeadLetter[] = [];
    for (const { stream, generation, first, end } of identity.runs()) {
      const positions = new Set(identity.positions.subarray(first, end));
      const rows = await this.#reading.rows({
        sql: `SELECT position, log, source, code, reason FROM ${this.#database}.dead_letters FINAL
          WHERE removed = 0 AND stream = {stream:String} AND generation = {generation:Int64}
          AND position BETWEEN {low:UInt64} AND {high:UInt64}`,
        params: {
          stream,
          generation: String(generation),
          low: String(lowest(positions)),
          high: String(highest(positions)),
        },
        doing: 'look for dead letters that became events',
      });
      for (const row of rows) {
        const position = numberOf(row['position']);
        if (!positions.has(position)) continue;
        const [log, source, code, reason] = [row['log'], row['source'], row['code'], row['reason']].map(textOf);
        letters.push({
          stream,
          generation,
          position,
          log: log ?? '',
          source: source ?? '',
          code: code ?? '',
          reason: reason ?? '',
          raw: '',
        });
      }
    }
    return letters;
  }

  /** Forgets what it knew of these streams: their insert may have happened or not. */
  forget(identity: BlockIdentity): void {
    for (const { stream, generation } of identity.runs()) this.#highest.delete(streamKey(stream, generation));
  }

  /** True when all rows lie beyond what is stored, in rising order; moves the mark. */
  async #isBeyond(positions: Float64Array, run: Run): Promise<boolean> {
    if (!this.#remembers) return false;
    const key = streamKey(run.stream, run.generation);
    let highest = this.#highest.get(key) ?? (await this.highWater(run.stream, run.generation)) ?? -1;
    let rising = true;
    for (let row = run.first; row < run.end; row++) {
      const position = positions[row] ?? 0;
      if (position > highest) highest = position;
      else rising = false;
    }
    this.#highest.set(key, highest);
    return rising;
  }

  async #stored(ranges: readonly Range[]): Promise<Map<string, Set<number>>> {
    const stored = new Map<string, Set<number>>();
    for (let at = 0; at < ranges.length; at += rangesPerQuestion) {
      const some = ranges.slice(at, at + rangesPerQuestion);
      const params: Record<string, string> = {};
      const conditions = some.map(({ stream, generation, low, high }, index) => {
        params[`s${index}`] = stream;
        params[`g${index}`] = String(generation);
        params[`l${index}`] = String(low);
        params[`h${index}`] = String(high);
        return `(stream = {s${index}:String} AND generation = {g${index}:Int64} AND position BETWEEN {l${index}:UInt64} AND {h${index}:UInt64})`;
      });
      const blocks = await this.#reading.ask({
        sql: `SELECT stream, generation, position FROM ${this.#database}.events WHERE ${conditions.join(' OR ')}`,
        params,
        doing: 'look up which records are stored',
      });
      for (const { rows, columns } of blocks) {
        const [streams, generations, positions] = columns;
        for (let row = 0; row < rows; row++) {
          const key = streamKey(textOf(streams?.values[row]), numberOf(generations?.values[row]));
          const known = stored.get(key) ?? new Set<number>();
          known.add(numberOf(positions?.values[row]));
          stored.set(key, known);
        }
      }
    }
    return stored;
  }
}
