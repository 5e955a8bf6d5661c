import { AppError } from '#error';
import type { EventValue, Label } from '#event';
import type { Condition } from '#query';
import { columnOf } from './columns.ts';
import { absentSql } from './keyset.ts';
import {
  bucketsDefault,
  bucketsMax,
  facetLabelsMax,
  facetValuesDefault,
  facetValuesMax,
  groupLabelsMax,
  groupMeasuresMax,
  groupsDefault,
  groupsMax,
  histogramValuesMax,
} from './limits.ts';
import { measuredOf, measureSql } from './measure-sql.ts';
import type { CellValue } from './native/decode-block.ts';
import { numberOf, type Reading, type Row } from './reading.ts';
import type {
  Facet,
  FacetOptions,
  Group,
  GroupOptions,
  Histogram,
  HistogramBucket,
  HistogramOptions,
  ReadOptions,
} from './store.ts';
import { whereOf } from './where.ts';

const secondMs = 1_000;
const minuteMs: number = 60 * secondMs;
const hourMs: number = 60 * minuteMs;
const dayMs: number = 24 * hourMs;

/** Lengths of a bucket that people know. */
const intervals: readonly number[] = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  ...[1, 2, 5, 10, 15, 30].map((count) => count * secondMs),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minuteMs),
  ...[1, 2, 3, 6, 12].map((count) => count * hourMs),
  ...[1, 2, 7, 14, 28].map((count) => count * dayMs),
];

function intervalFor(options: HistogramOptions): number {
  const length = options.to - options.from;
  if (options.intervalMs !== undefined) return Math.max(1, Math.floor(options.intervalMs));
  const wanted = Math.min(Math.max(1, options.buckets ?? bucketsDefault), bucketsMax);
  const least = length / wanted;
  return intervals.find((interval) => interval >= least) ?? Math.ceil(least / dayMs) * dayMs;
}

/** The label's values one by one: lists are taken apart, an empty one gives one absent value. */
function valueSql(label: Label): string {
  return columnOf(label).storage === 'list' ? `arrayJoin(if(empty(${label}), [''], ${label}))` : label;
}

/** True in SQL where a value taken by {@link valueSql} stands for "absent". */
function absentValue(label: Label, value: string): string {
  return columnOf(label).storage === 'list' ? `(${value} = '')` : absentSql(label, value);
}

function present(value: CellValue | undefined): EventValue | undefined {
  return value === undefined || value === null || value === '' ? undefined : (value as EventValue);
}

function refuse(count: number, most: number, what: string): void {
  if (count <= most) return;
  throw new AppError('option-invalid', `At most ${most} ${what} can be asked for at a time, found ${count}.`);
}

function clamp(wanted: number | undefined, usual: number, most: number): number {
  return Math.min(Math.max(1, Math.floor(wanted ?? usual)), most);
}

/** Counts events in several ways. */
export class Summaries {
  readonly #reading: Reading;
  readonly #table: string;

  constructor(reading: Reading, database: string) {
    this.#reading = reading;
    this.#table = `${database}.events`;
  }

  async count(condition: Condition, options: ReadOptions): Promise<number> {
    const where = whereOf(condition, options);
    const rows = await this.#reading.rows({
      sql: `SELECT count() AS events FROM ${this.#table} WHERE ${where.sql}`,
      params: where.params,
      signal: options.signal,
      doing: 'count events',
    });
    return numberOf(rows[0]?.['events']);
  }

  async histogram(condition: Condition, options: HistogramOptions): Promise<Histogram> {
    const { from, to, by, measure, signal } = options;
    if (!(from < to)) return { intervalMs: intervalFor({ from: 0, to: 1 }), buckets: [] };
    const intervalMs = intervalFor(options);
    const start = Math.floor(from / intervalMs) * intervalMs;
    const count = Math.ceil((to - start) / intervalMs);
    refuse(count, bucketsMax + 1, 'buckets');
    const where = whereOf(condition, { from, to });
    const params = { ...where.params, start: String(start), interval: String(intervalMs) };
    const bucket = 'intDiv(toUnixTimestamp64Milli(eventTime) - {start:Int64}, {interval:Int64}) AS bucket';
    const doing = 'count events over time';
    if (by === undefined) {
      const rows = await this.#reading.rows({
        sql: `SELECT ${bucket}, count() AS events${measure === undefined ? '' : `, ${measureSql(measure)} AS measured`}
          FROM ${this.#table} WHERE ${where.sql} GROUP BY bucket`,
        params,
        signal,
        doing,
      });
      const found = new Map(rows.map((row) => [numberOf(row['bucket']), row]));
      const buckets = Array.from({ length: count }, (_, at): HistogramBucket => {
        const row = found.get(at);
        return {
          from: start + at * intervalMs,
          count: row === undefined ? 0 : numberOf(row['events']),
          ...(measure === undefined ? {} : { measured: measuredOf(row?.['measured']) }),
        };
      });
      return { intervalMs, buckets };
    }
    const value = valueSql(by);
    const isAbsent = absentValue(by, 'value');
    // A measure cannot be made of measures: then every event is looked at where counts would do.
    const inner =
      measure === undefined
        ? `SELECT ${bucket}, ${value} AS value, count() AS events FROM ${this.#table} WHERE ${where.sql} GROUP BY bucket, value`
        : `SELECT ${bucket}, ${value} AS value, 1 AS events, ${measure.label} AS measuring FROM ${this.#table} WHERE ${where.sql}`;
    const measured = measure === undefined ? '' : `, ${measureSql(measure, 'measuring')} AS measured`;
    const askedParts = this.#reading.rows({
      // The most frequent values are found first; the rest of the question then tells only these apart.
      sql: `WITH (SELECT groupArray(assumeNotNull(value)) FROM (SELECT ${value} AS value, count() AS events FROM ${this.#table}
          WHERE ${where.sql} GROUP BY value HAVING NOT ${isAbsent} ORDER BY events DESC, value LIMIT ${histogramValuesMax})) AS top
        SELECT bucket, if(${isAbsent}, 0, indexOf(top, assumeNotNull(value))) AS part, any(value) AS example, sum(events) AS events${measured}
        FROM (${inner}) GROUP BY bucket, part`,
      params,
      signal,
      doing,
    });
    if (measure === undefined) return { intervalMs, ...partsOf(await askedParts, start, count, intervalMs) };
    // All of a bucket together is no sum of its parts either; and an event with a list stands in several of them.
    const [rows, whole] = await Promise.all([
      askedParts,
      this.histogram(condition, { from, to, intervalMs, measure, signal }),
    ]);
    const split = partsOf(rows, start, count, intervalMs);
    const parts = measuredParts(rows, split.values ?? []);
    const buckets = split.buckets.map((one, at) => ({
      ...one,
      measured: whole.buckets[at]?.measured,
      partsMeasured: parts(at),
    }));
    return { intervalMs, ...split, buckets };
  }

  async facets(condition: Condition, labels: readonly Label[], options: FacetOptions): Promise<readonly Facet[]> {
    refuse(labels.length, facetLabelsMax, 'facets');
    const limit = clamp(options.limit, facetValuesDefault, facetValuesMax);
    return Promise.all(labels.map((label) => this.#facet(condition, label, limit, options)));
  }

  async #facet(condition: Condition, label: Label, limit: number, options: FacetOptions): Promise<Facet> {
    const where = whereOf(condition, options);
    const isAbsent = absentValue(label, 'value');
    const rows = await this.#reading.rows({
      sql: `SELECT value, events, sumIf(events, ${isAbsent}) OVER () AS absent, countIf(NOT ${isAbsent}) OVER () AS different,
          CAST(${isAbsent}, 'UInt8') AS none
        FROM (SELECT ${valueSql(label)} AS value, count() AS events FROM ${this.#table} WHERE ${where.sql} GROUP BY value)
        ORDER BY none, events DESC, value LIMIT ${limit}`,
      params: where.params,
      signal: options.signal,
      doing: `count the values of ${label}`,
    });
    const values = rows.flatMap((row) => {
      const value = present(row['value']);
      return value === undefined || row['none'] === 1 ? [] : [{ value, count: numberOf(row['events']) }];
    });
    const [first] = rows;
    return {
      label,
      values,
      absent: first === undefined ? 0 : numberOf(first['absent']),
      distinct: first === undefined ? 0 : numberOf(first['different']),
    };
  }

  async groupBy(condition: Condition, labels: readonly Label[], options: GroupOptions): Promise<readonly Group[]> {
    refuse(labels.length, groupLabelsMax, 'labels to group by');
    const limit = clamp(options.limit, groupsDefault, groupsMax);
    const { measures = [], order, newcomers = false } = options;
    refuse(measures.length, groupMeasuresMax, 'measures');
    if (order !== undefined && measures[order] === undefined) {
      throw new AppError('option-invalid', `There is no measure at place ${order} to order groups by.`, {
        hint: `Places count from 0; found ${measures.length} measures.`,
      });
    }
    const where = whereOf(condition, options);
    const names = labels.map((_, at) => `value${at}`);
    const measured = measures.map((measure, at) => `, ${measureSql(measure)} AS measured${at}`).join('');
    const measure = order === undefined ? [] : [orderByMeasure(order)];
    const first = newcomers ? ['oldest DESC', ...measure] : measure;
    const values = labels.map((label, at) => `${valueSql(label)} AS value${at}, `).join('');
    const rows = await this.#reading.rows({
      sql: `SELECT ${values}count() AS events, toUnixTimestamp64Milli(min(eventTime)) AS oldest, toUnixTimestamp64Milli(max(eventTime)) AS newest${measured}
        FROM ${this.#table} WHERE ${where.sql} ${names.length === 0 ? '' : `GROUP BY ${names.join(', ')} `}
        ORDER BY ${[...first, 'events DESC', ...names].join(', ')} LIMIT ${limit}`,
      params: where.params,
      signal: options.signal,
      doing: 'group events',
    });
    return rows
      .filter((row) => numberOf(row['events']) > 0)
      .map((row) => ({
        values: names.map((name) => present(row[name])),
        count: numberOf(row['events']),
        first: Number(row['oldest']),
        last: Number(row['newest']),
        ...(measures.length === 0 ? {} : { measured: measures.map((_, at) => measuredOf(row[`measured${at}`])) }),
      }));
  }
}

/** Groups without a value, be it null or not a number, come last. */
function orderByMeasure(at: number): string {
  return `ifNull(isNaN(measured${at}), 1), measured${at} DESC`;
}

/** Gives what was measured of the parts of a bucket: those of the values, then everything else. */
function measuredParts(
  rows: readonly Row[],
  values: readonly EventValue[],
): (bucket: number) => readonly (number | undefined)[] {
  const found = new Map(
    rows.map((row) => [`${numberOf(row['bucket'])} ${numberOf(row['part'])}`, measuredOf(row['measured'])]),
  );
  return (bucket) => [...values.map((_, at) => found.get(`${bucket} ${at + 1}`)), found.get(`${bucket} 0`)];
}

/** Puts the answer of a split histogram into buckets: each value has its place, by how often it was met. */
function partsOf(
  rows: readonly Row[],
  start: number,
  count: number,
  intervalMs: number,
): Pick<Histogram, 'buckets' | 'values'> {
  const values: EventValue[] = [];
  const parts = new Map<number, Map<number, number>>();
  for (const row of rows) {
    const part = numberOf(row['part']);
    const value = present(row['example']);
    if (part > 0 && value !== undefined) values[part - 1] = value;
    const bucket = parts.get(numberOf(row['bucket'])) ?? new Map<number, number>();
    bucket.set(part, (bucket.get(part) ?? 0) + numberOf(row['events']));
    parts.set(numberOf(row['bucket']), bucket);
  }
  const buckets = Array.from({ length: count }, (_, at): HistogramBucket => {
    const bucket = parts.get(at);
    const counts = [...values.map((_value, index) => bucket?.get(index + 1) ?? 0), bucket?.get(0) ?? 0];
    return { from: start + at * intervalMs, count: counts.reduce((sum, events) => sum + events, 0), parts: counts };
  });
  return { buckets, values };
}
