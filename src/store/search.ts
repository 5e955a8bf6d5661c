import type { Label } from '#event';
import type { Condition } from '#query';
import { type Place, readCursor, writeCursor } from './cursor.ts';
import { eventRows, inOrder, selectList } from './event-rows.ts';
import { behind, isByTime, orderOf, placeValue, sortLabels } from './keyset.ts';
import { pageRowsDefault, pageRowsMax, scanRows } from './limits.ts';
import type { DecodedBlock } from './native/decode-block.ts';
import type { Overview } from './overview.ts';
import type { Reading } from './reading.ts';
import type { Bounds, ScanOptions, SearchOptions, SearchPage, Sort, StoredEvent } from './store.ts';
import { type Window, whereOf } from './where.ts';

/** Newest first. */
const byTime: Sort = { label: 'eventTime', order: 'descending' };

/** Shortest stretch of time looked at for a page, and how much wider each further one is. */
const stretchMsMin = 60_000;
const stretchGrowth = 8;

interface Page {
  readonly rows: readonly StoredEvent[];
  /** Behind the last row; undefined when there are no more. */
  readonly place: Place | undefined;
}

interface PageQuestion {
  readonly condition: Condition;
  readonly window: Window;
  readonly sort: Sort;
  readonly wanted: readonly Label[];
  readonly limit: number;
  readonly place: Place | undefined;
  readonly signal: AbortSignal | undefined;
}

function nanosOf(milliseconds: number, nanos: number): string {
  return (BigInt(milliseconds) * 1_000_000n + BigInt(nanos)).toString();
}

function millisecondsOf(place: Place): number {
  return Math.floor(Number(BigInt(place.time) / 1_000_000n));
}

/** Place behind a row of an answer. */
function placeOf(block: DecodedBlock, row: number, sort: Sort, span: number): Place {
  const cell = (name: string): DecodedBlock['columns'][number] | undefined =>
    block.columns.find((column) => column.name === name);
  const time = cell('eventTime');
  return {
    time: nanosOf(Number(time?.values[row]), time?.nanos?.[row] ?? 0),
    stream: String(cell('stream')?.values[row]),
    generation: Number(cell('generation')?.values[row]),
    position: Number(cell('position')?.values[row]),
    value: isByTime(sort) ? null : placeValue(sort.label, cell(sort.label)?.values[row]),
    span,
  };
}

/** A stretch of time: `from` ≤ time < `to`, epoch milliseconds; never empty. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

function stretchFrom(from: number, to: number): Stretch | undefined {
  return from < to ? { from, to } : undefined;
}

/** All the time in which rows behind the place can lie. */
function stretchOf({ window, place, sort }: PageQuestion, bounds: Bounds): Stretch | undefined {
  const from = Math.max(window.from ?? bounds.oldest, bounds.oldest);
  const to = Math.min(window.to ?? bounds.newest + 1, bounds.newest + 1);
  if (place === undefined) return stretchFrom(from, to);
  const at = millisecondsOf(place);
  return sort.order === 'descending' ? stretchFrom(from, Math.min(to, at + 1)) : stretchFrom(Math.max(from, at), to);
}

/** Length to begin with: twice what a page needs if events lay evenly, or what the page before needed. */
function firstLength({ limit, place }: PageQuestion, bounds: Bounds & { readonly events: number }): number {
  const perMillisecond = bounds.events / Math.max(1, bounds.newest - bounds.oldest);
  return Math.max(stretchMsMin, (place?.span ?? 0) * 2, Math.ceil((limit * 2) / perMillisecond));
}

/** Cuts off the part to look at first, and gives what is left. */
function cut({ from, to }: Stretch, length: number, sort: Sort): [Stretch, Stretch | undefined] {
  if (sort.order === 'descending') {
    const start = Math.max(from, to - length);
    return [{ from: start, to }, stretchFrom(from, start)];
  }
  const end = Math.min(to, from + length);
  return [{ from, to: end }, stretchFrom(end, to)];
}

/** Finds events, page by page. */
export class Search {
  readonly #reading: Reading;
  readonly #overview: Overview;
  readonly #table: string;

  constructor(reading: Reading, overview: Overview, database: string) {
    this.#reading = reading;
    this.#overview = overview;
    this.#table = `${database}.events`;
  }

  async search(condition: Condition, options: SearchOptions): Promise<SearchPage> {
    const sort = options.sort ?? byTime;
    const limit = Math.min(Math.max(1, Math.floor(options.limit ?? pageRowsDefault)), pageRowsMax);
    const window = { from: options.from, to: options.to };
    const place = options.cursor === undefined ? undefined : readCursor(options.cursor, condition, window, sort);
    const wanted = inOrder(options.fields);
    const page = await this.#page({ condition, window, sort, wanted, limit, place, signal: options.signal });
    return {
      rows: page.rows,
      next: page.place === undefined ? undefined : writeCursor(page.place, condition, window, sort),
    };
  }

  async *scan(condition: Condition, options: ScanOptions): AsyncGenerator<readonly StoredEvent[]> {
    const sort = options.sort ?? byTime;
    const window = { from: options.from, to: options.to };
    const wanted = inOrder(options.fields);
    let left = options.limit ?? Number.POSITIVE_INFINITY;
    let place: Place | undefined;
    while (left > 0) {
      const limit = Math.min(left, scanRows);
      const page: Page = await this.#page({ condition, window, sort, wanted, limit, place, signal: options.signal });
      if (page.rows.length > 0) yield page.rows;
      left -= page.rows.length;
      if (page.place === undefined) return;
      place = page.place;
    }
  }

  #page(question: PageQuestion): Promise<Page> {
    return isByTime(question.sort) ? this.#pageByTime(question) : this.#ask(question, question.limit);
  }

  /**
   * Looks for a page in a short stretch of time, then in ever longer ones behind it, until the page is full or time
   * ends. So a page of frequent events touches little, and one of rare events hardly more than one look at everything.
   */
  async #pageByTime(question: PageQuestion): Promise<Page> {
    const { sort, limit, signal } = question;
    const bounds = await this.#overview.bounds({ signal });
    if (bounds === undefined) return { rows: [], place: undefined };
    const rows: StoredEvent[] = [];
    let place = question.place;
    let rest: Stretch | undefined = stretchOf(question, bounds);
    let length = firstLength(question, bounds);
    while (rest !== undefined) {
      const [window, behind] = cut(rest, length, sort);
      const left = limit - rows.length;
      const page = await this.#ask({ ...question, window, place }, left);
      rows.push(...page.rows);
      if (page.place !== undefined) return { rows, place: page.place };
      place = page.last ?? place;
      // Full to the row: whether there are more, the next page will tell.
      if (rows.length === limit) return { rows, place: behind === undefined ? undefined : place };
      rest = behind;
      length *= stretchGrowth;
    }
    return { rows, place: undefined };
  }

  /** Asks for one row more than wanted, to know whether there are more. */
  async #ask(question: PageQuestion, limit: number): Promise<Page & { readonly last: Place | undefined }> {
    const { condition, window, sort, wanted, place, signal } = question;
    const where = whereOf(condition, window);
    const after = place === undefined ? undefined : behind(place, sort);
    const blocks = await this.#reading.ask({
      sql: `SELECT ${selectList(wanted, sortLabels(sort))} FROM ${this.#table}
        WHERE ${where.sql}${after === undefined ? '' : ` AND ${after.sql}`}
        ORDER BY ${orderOf(sort)} LIMIT ${limit + 1}`,
      params: { ...where.params, ...after?.params },
      signal,
      doing: 'search events',
    });
    const rows: StoredEvent[] = [];
    let last: Place | undefined;
    let more = false;
    for (const block of blocks) {
      const taken = Math.min(block.rows, limit - rows.length);
      if (taken < block.rows) more = true;
      if (taken > 0) last = placeOf(block, taken - 1, sort, 0);
      rows.push(...eventRows(block, wanted).slice(0, taken));
    }
    if (last !== undefined && window.from !== undefined && window.to !== undefined) {
      last = { ...last, span: spanOf(last, window.from, window.to, sort) };
    }
    return { rows, place: more ? last : undefined, last };
  }
}

/** How much of its window a page used. */
function spanOf(last: Place, from: number, to: number, sort: Sort): number {
  const at = millisecondsOf(last);
  return Math.max(0, Math.ceil(sort.order === 'descending' ? to - at : at - from));
}
