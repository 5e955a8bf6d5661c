import type { Engine } from './engine.ts';
import { quoteText } from './engine.ts';
import { numberOf, type Reading, textOf } from './reading.ts';
import { schemaVersion } from './schema.ts';
import type { Bounds, CancelOptions, StoreInspection, StoreStats } from './store.ts';
import { ownTable } from './tables.ts';

/** Free bytes below which `inspect` warns. */
const freeBytesLow: number = 1024 ** 3;

/** Parts of one day above which merging has fallen behind. */
const partsPerDayMany = 300;

/** What is in the store as a whole. */
export class Overview {
  readonly #engine: Engine;
  readonly #reading: Reading;
  readonly #table: string;

  constructor(engine: Engine, reading: Reading) {
    this.#engine = engine;
    this.#reading = reading;
    this.#table = `${engine.database}.events`;
  }

  /** Oldest and newest time and the count; the engine knows them without reading events. */
  async bounds({ signal }: CancelOptions = {}): Promise<(Bounds & { readonly events: number }) | undefined> {
    const [row] = await this.#reading.rows({
      sql: `SELECT count() AS events, toUnixTimestamp64Milli(min(eventTime)) AS oldest, toUnixTimestamp64Milli(max(eventTime)) AS newest FROM ${this.#table}`,
      signal,
      doing: 'look up the oldest and newest event',
    });
    const events = numberOf(row?.['events']);
    return events === 0 ? undefined : { events, oldest: numberOf(row?.['oldest']), newest: numberOf(row?.['newest']) };
  }

  /** The engine's list of parts, of one server or of all. */
  #parts(): string {
    const { cluster, database } = this.#engine;
    const parts = cluster === undefined ? 'system.parts' : `cluster(${cluster}, system.parts)`;
    return `${parts} WHERE active AND database = ${quoteText(database)} AND table = ${quoteText(ownTable('events', cluster))}`;
  }

  async #deadLetters(signal: AbortSignal | undefined): Promise<number> {
    const [row] = await this.#reading.rows({
      sql: `SELECT count() AS letters FROM ${this.#engine.database}.dead_letters FINAL WHERE removed = 0`,
      signal,
      doing: 'count dead letters',
    });
    return numberOf(row?.['letters']);
  }

  async stats({ signal }: CancelOptions): Promise<StoreStats> {
    const doing = 'sum up what is stored';
    const [days, sources, deadLetters] = await Promise.all([
      this.#reading.rows({
        sql: `SELECT partition AS day, sum(rows) AS events, sum(bytes_on_disk) AS bytes FROM ${this.#parts()} GROUP BY day ORDER BY day DESC`,
        signal,
        doing,
      }),
      this.#reading.rows({
        sql: `SELECT source, count() AS events, toUnixTimestamp64Milli(min(eventTime)) AS oldest, toUnixTimestamp64Milli(max(eventTime)) AS newest
          FROM ${this.#table} GROUP BY source ORDER BY events DESC`,
        signal,
        doing,
      }),
      this.#deadLetters(signal),
    ]);
    const perDay = days.map((row) => ({
      day: textOf(row['day']),
      events: numberOf(row['events']),
      bytes: numberOf(row['bytes']),
    }));
    return {
      events: perDay.reduce((sum, { events }) => sum + events, 0),
      deadLetters,
      bytes: perDay.reduce((sum, { bytes }) => sum + bytes, 0),
      sources: sources.map((row) => ({
        source: textOf(row['source']),
        events: numberOf(row['events']),
        oldest: Number(row['oldest']),
        newest: Number(row['newest']),
      })),
      days: perDay,
    };
  }

  async inspect({ signal }: CancelOptions): Promise<StoreInspection> {
    const [version, parts, deadLetters, freeBytes] = await Promise.all([
      this.#reading.rows({ sql: 'SELECT version() AS version', signal, doing: 'ask the engine for its version' }),
      this.#reading.rows({
        sql: `SELECT sum(events) AS events, sum(bytes) AS bytes, sum(partsOfDay) AS parts, max(partsOfDay) AS most FROM
          (SELECT partition, sum(rows) AS events, sum(bytes_on_disk) AS bytes, count() AS partsOfDay FROM ${this.#parts()} GROUP BY partition)`,
        signal,
        doing: 'look at the parts of the store',
      }),
      this.#deadLetters(signal),
      this.#engine.freeBytes(),
    ]);
    const row = parts[0];
    const problems: { problem: string; hint: string }[] = [];
    if (freeBytes !== undefined && freeBytes < freeBytesLow) {
      problems.push({
        problem: 'Less than 1 GiB is free where the data lies.',
        hint: 'Free space, or shorten the retention.',
      });
    }
    if (numberOf(row?.['most']) > partsPerDayMany) {
      problems.push({
        problem: 'Merging has fallen behind: one day lies in hundreds of parts.',
        hint: 'Give it time; write larger batches.',
      });
    }
    return {
      kind: this.#engine.kind,
      place: this.#engine.place,
      engineVersion: textOf(version[0]?.['version']),
      schemaVersion,
      events: numberOf(row?.['events']),
      bytes: numberOf(row?.['bytes']),
      parts: numberOf(row?.['parts']),
      freeBytes,
      deadLetters,
      problems,
    };
  }
}
