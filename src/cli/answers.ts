import { AppError } from '#error';
import type { EventValue, Label } from '#event';
import { type Question, type QuestionWords, readQuestion } from '#query';
import type { Group, Sort, Store } from '#store';
import { type ApiClient, property } from './api-client.ts';

/** A row of an answer: the labels an event has. */
export type Row = Readonly<Partial<Record<Label, EventValue | undefined>>>;

export interface RowOptions {
  readonly fields: readonly Label[] | undefined;
  readonly sort: Sort | undefined;
  /** Most rows; undefined without end. */
  readonly limit: number | undefined;
}

/** What is stored, for somebody whose query found nothing. */
export interface Holdings {
  readonly events: number;
  /** Epoch milliseconds; undefined when there are no events. */
  readonly oldest: number | undefined;
  readonly newest: number | undefined;
}

/** Somebody who answers questions: the store of this machine, or a server. */
export interface Answers {
  count(question: QuestionWords): Promise<number>;
  rows(question: QuestionWords, options: RowOptions): AsyncIterable<readonly Row[]>;
  groups(question: QuestionWords, labels: readonly Label[], limit: number | undefined): Promise<readonly Group[]>;
  holdings(): Promise<Holdings>;
  close(): Promise<void>;
}

/** Answers from a store; relative dates count from `now`. */
export function storeAnswers(store: Store, now: number, signal: AbortSignal): Answers {
  const read = (words: QuestionWords): Question => readQuestion(words, now);
  return {
    count(words) {
      const { condition, from, to } = read(words);
      return store.count(condition, { from, to, signal });
    },
    rows(words, { fields, sort, limit }) {
      const { condition, from, to } = read(words);
      return store.scan(condition, { from, to, signal, fields, sort, limit });
    },
    groups(words, labels, limit) {
      const { condition, from, to } = read(words);
      return store.groupBy(condition, labels, { from, to, signal, limit });
    },
    async holdings() {
      const [bounds, stats] = await Promise.all([store.bounds({ signal }), store.stats({ signal })]);
      return { events: stats.events, oldest: bounds?.oldest, newest: bounds?.newest };
    },
    close: () => store.close(),
  };
}

/** Rows asked for at a time. */
const pageRows = 5000;

/** Answers from a server, over its API. */
export function serverAnswers(api: ApiClient): Answers {
  return {
    async count(words) {
      const count = property(await api.ask('/events/count', { ...words }), 'count');
      if (typeof count !== 'number') throw badAnswer(api);
      return count;
    },
    async *rows(words, { fields, sort, limit = Number.POSITIVE_INFINITY }) {
      const asked = {
        ...words,
        ...(fields === undefined ? {} : { fields }),
        ...(sort === undefined ? {} : { sort: `${sort.order === 'descending' ? '-' : ''}${sort.label}` }),
      };
      let left = limit;
      let place: { readonly cursor?: unknown } = {};
      while (left > 0) {
        const answer = await api.ask('/events/search', { ...asked, ...place, limit: Math.min(left, pageRows) });
        const events = rowsOf(answer, api);
        yield events;
        left -= events.length;
        const cursor = property(answer, 'next');
        if (cursor === undefined || events.length === 0) return;
        place = { cursor };
      }
    },
    async groups(words, labels, limit) {
      const answer = await api.ask('/events/group', {
        ...words,
        by: labels,
        ...(limit === undefined ? {} : { limit }),
      });
      const groups = property(answer, 'groups');
      if (!Array.isArray(groups)) throw badAnswer(api);
      return groups.map((group: unknown) => readGroup(group, api));
    },
    async holdings() {
      const answer = await api.get('/system');
      const store = property(answer, 'store');
      const [events, oldest, newest] = ['events', 'oldestEvent', 'newestEvent'].map((name) => property(store, name));
      return { events: numberOr(events) ?? 0, oldest: numberOr(oldest), newest: numberOr(newest) };
    },
    close: () => Promise.resolve(),
  };
}

/** The server names labels as the dictionary does; what is printed is looked up label by label. */
function rowsOf(answer: unknown, api: ApiClient): readonly Row[] {
  const events = property(answer, 'events');
  if (!Array.isArray(events)) throw badAnswer(api);
  return events;
}

function readGroup(group: unknown, api: ApiClient): Group {
  const values = property(group, 'values');
  const [count, first, last] = ['count', 'first', 'last'].map((name) => numberOr(property(group, name)));
  if (!Array.isArray(values) || count === undefined || first === undefined || last === undefined) throw badAnswer(api);
  return { values: values.map((value: EventValue | null) => value ?? undefined), count, first, last };
}

function numberOr(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function badAnswer(api: ApiClient): AppError {
  return new AppError('server-answer', `${api.url} gave an answer that cannot be understood.`);
}
