import type {
  CoverageBook,
  CoverageGap,
  CoverageOptions,
  CoveredRange,
  SessionGaps,
  StreamCoverage,
} from './coverage.ts';
import type { Engine } from './engine.ts';
import { pageRowsDefault, pageRowsMax } from './limits.ts';
import { numberOf, type Reading, type Row, textOf } from './reading.ts';
import { run } from './schema.ts';
import { findSessionGaps, type SourceSession } from './session-gaps.ts';
import type { CancelOptions } from './store.ts';
import { ownTable } from './tables.ts';
import { bytesParameter, bytesValue } from './where.ts';
import type { WriteQueue } from './write-queue.ts';

/** Stretches of one stream above which they are joined, and how many at a time. */
const joinAbove = 1_000;
const joinAtOnce = 10_000;
/** Streams joined in one go. */
const joinStreams = 100;

/** A stretch as a row of its table. */
export function coverageRow(range: CoveredRange, received: number): Readonly<Record<string, string | number>> {
  return {
    stream: range.stream,
    generation: range.generation,
    firstByte: range.from,
    endByte: range.to,
    source: range.source,
    log: range.log,
    place: range.place,
    agent: range.agent,
    lines: range.lines,
    records: range.records,
    deadLetters: range.deadLetters,
    oldest: range.oldest ?? -1,
    newest: range.newest ?? -1,
    kinds: JSON.stringify(range.kinds),
    received,
  };
}

/** See {@link CoverageBook}. */
export class CoverageTable implements CoverageBook {
  readonly #engine: Engine;
  readonly #reading: Reading;
  readonly #queue: WriteQueue;
  readonly #table: string;

  constructor(engine: Engine, reading: Reading, queue: WriteQueue) {
    this.#engine = engine;
    this.#reading = reading;
    this.#queue = queue;
    this.#table = `${engine.database}.coverage`;
  }

  async list(options: CoverageOptions = {}): Promise<readonly StreamCoverage[]> {
    const { sql, params } = this.#stretches(options);
    const since = options.receivedSince === undefined ? '' : ' HAVING lastReceived >= {since:Int64}';
    const rows = await this.#reading.rows({
      // A stretch within those before it adds nothing; one that overlaps adds the part behind them.
      sql: `SELECT stream, generation, argMax(source, received) AS ofSource, argMax(log, received) AS ofLog,
          argMax(place, received) AS ofPlace, argMax(agent, received) AS ofAgent,
          min(firstByte) AS fromByte, max(endByte) AS toByte, sum(fresh) AS bytes,
          toUInt64(round(sum(lines * share))) AS allLines, toUInt64(round(sum(records * share))) AS allRecords,
          toUInt64(round(sum(deadLetters * share))) AS allLetters,
          minIf(oldest, oldest >= 0) AS oldestTime, max(newest) AS newestTime, countIf(oldest >= 0) AS timed,
          countIf(missing > 0) AS gaps, sum(missing) AS gapBytes, max(received) AS lastReceived
        FROM (${sql}) GROUP BY stream, generation${since}
        ORDER BY lastReceived DESC, stream, generation LIMIT ${limitOf(options)} OFFSET ${offsetOf(options)}`,
      params,
      signal: options.signal,
      doing: 'list what was received',
    });
    return rows.map(streamOf);
  }

  async gaps(options: CoverageOptions = {}): Promise<readonly CoverageGap[]> {
    const { sql, params } = this.#stretches(options);
    const since = options.receivedSince === undefined ? '' : ' AND received >= {since:Int64}';
    const rows = await this.#reading.rows({
      sql: `SELECT stream, generation, place, agent, before AS fromByte, firstByte AS toByte, received
        FROM (${sql}) WHERE missing > 0${since}
        ORDER BY stream, generation, fromByte LIMIT ${limitOf(options)} OFFSET ${offsetOf(options)}`,
      params,
      signal: options.signal,
      doing: 'look for gaps',
    });
    return rows.map((row) => ({
      stream: textOf(row['stream']),
      generation: numberOf(row['generation']),
      place: textOf(row['place']),
      agent: textOf(row['agent']),
      from: numberOf(row['fromByte']),
      to: numberOf(row['toByte']),
      since: numberOf(row['received']),
    }));
  }

  async kinds(
    stream: string,
    generation: number,
    { signal }: CancelOptions = {},
  ): Promise<Readonly<Record<string, number>>> {
    const { sql, params } = this.#stretches({ stream, generation });
    const rows = await this.#reading.rows({
      sql: `SELECT kind.1 AS name, sum(kind.2) AS count FROM (${sql})
        ARRAY JOIN JSONExtractKeysAndValues(kinds, 'UInt64') AS kind WHERE fresh > 0 GROUP BY name ORDER BY count DESC, name`,
      params,
      signal,
      doing: 'count the kinds of records',
    });
    return Object.fromEntries(rows.map((row) => [textOf(row['name']), numberOf(row['count'])]));
  }

  async contiguousEnd(stream: string, generation: number, { signal }: CancelOptions = {}): Promise<number> {
    const { sql, params } = this.#stretches({ stream, generation });
    const rows = await this.#reading.rows({
      sql: `SELECT min(firstByte) AS first, minIf(before, missing > 0) AS hole, countIf(missing > 0) AS holes, max(endByte) AS last
        FROM (${sql}) HAVING count() > 0`,
      params,
      signal,
      doing: 'look up how far a stream was received',
    });
    const [row] = rows;
    if (row === undefined || numberOf(row['first']) > 0) return 0;
    return numberOf(row['holes']) > 0 ? numberOf(row['hole']) : numberOf(row['last']);
  }

  sessions(source: string, options: SourceSession): Promise<SessionGaps> {
    return findSessionGaps(this.#reading, this.#engine.database, source, options);
  }

  async compact(): Promise<number> {
    const many = await this.#reading.rows({
      sql: `SELECT stream, generation FROM ${this.#table} GROUP BY stream, generation HAVING count() > ${joinAbove} LIMIT ${joinStreams}`,
      doing: 'look for streams in many stretches',
    });
    let joined = 0;
    for (const row of many) joined += await this.#join(textOf(row['stream']), numberOf(row['generation']));
    return joined;
  }

  /**
   * Joins the stretches of one stream. The joined row is written first, then those within it are removed: whoever reads in
   * between, or after a crash, sees rows that add nothing.
   */
  async #join(stream: string, generation: number): Promise<number> {
    const params = { stream: bytesValue(stream), generation: String(generation) };
    const which = `stream = ${bytesParameter('stream')} AND generation = {generation:Int64}`;
    const rows = await this.#reading.rows({
      sql: `SELECT * FROM ${this.#table} FINAL WHERE ${which} ORDER BY firstByte, endByte DESC LIMIT ${joinAtOnce}`,
      params,
      doing: 'read the stretches of a stream',
    });
    let joined = 0;
    for (const ranges of runsOf(rows.map(rangeOf))) {
      const [first] = ranges;
      if (first === undefined || ranges.length < 2) continue;
      const range = ranges.slice(1).reduce(joinRanges, first);
      await this.#queue.enqueue(() => this.#queue.writeCoverage([range]));
      await this.#queue.enqueue(() => this.#removeWithin(range));
      joined += ranges.length;
    }
    return joined;
  }

  async #removeWithin({ stream, generation, from, to }: CoveredRange): Promise<void> {
    const { cluster, database } = this.#engine;
    const on = cluster === undefined ? '' : ` ON CLUSTER ${cluster}`;
    // The stream's name goes in as hexadecimal digits: a statement that changes rows takes no parameters on all engines.
    const name = `unhex('${bytesValue(stream)}')`;
    await run(
      this.#engine,
      `DELETE FROM ${database}.${ownTable('coverage', cluster)}${on} WHERE stream = ${name} AND generation = ${generation}
        AND firstByte >= ${from} AND endByte <= ${to} AND NOT (firstByte = ${from} AND endByte = ${to})`,
      'join the stretches of a stream',
    );
  }

  /**
   * Stretches in order, each with where those before it end (`before`), what is missing in between, and what it adds: its
   * bytes behind those before (`fresh`), and their share of its own.
   */
  #stretches(options: Pick<CoverageOptions, 'stream' | 'generation' | 'agent' | 'source' | 'receivedSince'>): {
    readonly sql: string;
    readonly params: Readonly<Record<string, string>>;
  } {
    const where: string[] = [];
    const params: Record<string, string> = {};
    for (const name of ['stream', 'agent', 'source'] as const) {
      const value = options[name];
      if (value === undefined) continue;
      where.push(`${name} = ${bytesParameter(name)}`);
      params[name] = bytesValue(value);
    }
    if (options.generation !== undefined) {
      where.push('generation = {generation:Int64}');
      params['generation'] = String(options.generation);
    }
    if (options.receivedSince !== undefined) {
      params['since'] = String(Math.floor(options.receivedSince));
      where.push(`stream IN (SELECT stream FROM ${this.#table} WHERE received >= {since:Int64})`);
    }
    const only = where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`;
    const window = 'PARTITION BY stream, generation ORDER BY firstByte, endByte DESC';
    return {
      sql: `SELECT *, if(place0 > 1 AND firstByte > before, firstByte - before, 0) AS missing,
          if(endByte > before, endByte - greatest(before, firstByte), 0) AS fresh,
          if(endByte > firstByte, fresh / (endByte - firstByte), 0) AS share
        FROM (SELECT *, row_number() OVER (${window}) AS place0,
            max(endByte) OVER (${window} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
          FROM ${this.#table} FINAL${only})`,
      params,
    };
  }
}

function limitOf({ limit }: CoverageOptions): number {
  return Math.min(Math.max(1, Math.floor(limit ?? pageRowsDefault)), pageRowsMax);
}

function offsetOf({ offset }: CoverageOptions): number {
  return Math.min(Math.max(0, Math.floor(offset ?? 0)), Number.MAX_SAFE_INTEGER);
}

function streamOf(row: Row): StreamCoverage {
  const timed = numberOf(row['timed']) > 0;
  return {
    stream: textOf(row['stream']),
    generation: numberOf(row['generation']),
    source: textOf(row['ofSource']),
    log: textOf(row['ofLog']),
    place: textOf(row['ofPlace']),
    agent: textOf(row['ofAgent']),
    from: numberOf(row['fromByte']),
    to: numberOf(row['toByte']),
    bytes: numberOf(row['bytes']),
    lines: numberOf(row['allLines']),
    records: numberOf(row['allRecords']),
    deadLetters: numberOf(row['allLetters']),
    oldest: timed ? numberOf(row['oldestTime']) : undefined,
    newest: timed ? numberOf(row['newestTime']) : undefined,
    gaps: numberOf(row['gaps']),
    gapBytes: numberOf(row['gapBytes']),
    received: numberOf(row['lastReceived']),
  };
}

/** Cuts stretches in order into runs without a gap or an overlap between them. */
function runsOf(ranges: readonly CoveredRange[]): readonly (readonly CoveredRange[])[] {
  const runs: CoveredRange[][] = [];
  for (const range of ranges) {
    const last = runs.at(-1)?.at(-1);
    if (last !== undefined && last.to === range.from && last.agent === range.agent) runs.at(-1)?.push(range);
    else runs.push([range]);
  }
  return runs;
}

function joinRanges(one: CoveredRange, next: CoveredRange): CoveredRange {
  const kinds = { ...one.kinds };
  for (const [kind, count] of Object.entries(next.kinds)) kinds[kind] = (kinds[kind] ?? 0) + count;
  const oldest = [one.oldest, next.oldest].filter((time) => time !== undefined);
  const newest = [one.newest, next.newest].filter((time) => time !== undefined);
  return {
    ...next,
    from: one.from,
    lines: one.lines + next.lines,
    records: one.records + next.records,
    deadLetters: one.deadLetters + next.deadLetters,
    oldest: oldest.length === 0 ? undefined : Math.min(...oldest),
    newest: newest.length === 0 ? undefined : Math.max(...newest),
    kinds,
  };
}

function rangeOf(row: Row): CoveredRange {
  const time = (name: string): number | undefined => {
    const value = row[name];
    return typeof value === 'number' && value >= 0 ? value : undefined;
  };
  return {
    stream: textOf(row['stream']),
    generation: numberOf(row['generation']),
    source: textOf(row['source']),
    log: textOf(row['log']),
    place: textOf(row['place']),
    agent: textOf(row['agent']),
    from: numberOf(row['firstByte']),
    to: numberOf(row['endByte']),
    lines: numberOf(row['lines']),
    records: numberOf(row['records']),
    deadLetters: numberOf(row['deadLetters']),
    oldest: time('oldest'),
    newest: time('newest'),
    kinds: kindsOf(textOf(row['kinds'])),
  };
}

function kindsOf(text: string): Record<string, number> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(
      Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
    );
  } catch {
    return {};
  }
}
