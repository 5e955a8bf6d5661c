import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEvent, type Event, toPlain } from '#event';
import { coverageConformance } from './coverage-conformance.ts';
import type { Store, StoredEvent } from './store.ts';
import { everything, is, makeEvent, makeEvents, start } from './test-events.ts';
import { codeOf, write } from './test-store.ts';
import { writingConformance } from './writing-conformance.ts';

async function collect(pages: AsyncIterable<readonly StoredEvent[]>): Promise<StoredEvent[]> {
  const rows: StoredEvent[] = [];
  for await (const page of pages) rows.push(...page);
  return rows;
}

/** An event with a value of every kind, awkward ones among them. */
function fullEvent(): Event {
  return makeEvent(0, {
    eventTime: start - 3_600_000,
    eventNanos: 817_912,
    sessionId: '18446744073709551615',
    count: 0,
    duration: 0.008905371,
    waitTime: -0.000000001,
    operationNumber: -1,
    resultCode: 49,
    pageCookie: -9_007_199_254_740_991,
    sourceIp: '2001:db8::15',
    sourceIpv6: '2001:db8::15',
    destinationIp: '192.0.2.7',
    destinationIpv4: '192.0.2.7',
    secureConnection: false,
    persistentSearch: true,
    requestTime: start - 5,
    searchFilter: '(cn=\u0000 \udcff\udc80 ü 漢 😀 \u2028)',
    requestedAttributes: ['cn', '', 'ü\udcff', '\u001f\u001e\u001eu'],
    tags: ['cleartext'],
    rawEvent: 'ä\udcff\n\t\'"\\ \u0000 {x:String} /* */ end',
    boundDn: 'uid=ann,ou=people,dc=example,dc=com',
  });
}

/** What every store must do, whatever engine is behind it. */
export function storeConformance(
  name: string,
  open: () => Promise<{ readonly store: Store; readonly close: () => Promise<void> }>,
): void {
  describe(name, () => {
    let store: Store;
    let close: () => Promise<void>;

    beforeAll(async () => {
      ({ store, close } = await open());
    });
    afterAll(() => close());

    test('an empty store answers every question', async () => {
      expect(await store.bounds()).toBeUndefined();
      expect(await store.count(everything)).toBe(0);
      expect(await store.search(everything)).toEqual({ rows: [], next: undefined });
      expect(await store.facets(everything, ['eventSubType'])).toEqual([
        { label: 'eventSubType', values: [], absent: 0, distinct: 0 },
      ]);
      expect(await store.groupBy(everything, ['eventSubType'])).toEqual([]);
      expect(await store.groupBy(everything, [])).toEqual([]);
      expect((await store.stats()).events).toBe(0);
      expect(await store.highWater('stream-a', 0)).toBeUndefined();
    });

    test('an event comes back as it was, label for label and byte for byte', async () => {
      const event = fullEvent();
      event.stream = 'full';
      await write(store, [event]);
      const found = await store.get('full-0-0');
      expect(found).toEqual({ ...toPlain(event), eventId: 'full-0-0' });
      expect(Object.keys(found ?? {})).toEqual(Object.keys(toPlain(Object.assign(createEvent(), found))));
    });

    test('the engine sees the same values as come back', async () => {
      const groups = await store.groupBy(everything, ['requestedAttributes']);
      const values = groups.map(({ values: [value] }) => value);
      expect(new Set(values)).toEqual(new Set(['cn', undefined, 'ü\udcff', '\u001f\u001e\u001eu']));
      expect(await store.groupBy(everything, ['sourceIp', 'destinationIp', 'destinationIpv4'])).toMatchObject([
        { values: ['2001:db8::15', '192.0.2.7', '192.0.2.7'] },
      ]);
    });

    test.each(['', 'full', 'full-0', 'full-0-1', "full-0-0' OR 1", 'full--1-0', `full-0-${'9'.repeat(40)}`])(
      'no event has the id %j',
      async (id) => {
        expect(await store.get(id)).toBeUndefined();
      },
    );

    describe('with events', () => {
      const count = 250;

      beforeAll(() => write(store, makeEvents(count, { logName: 'access' })));

      const window = { from: start, to: start + count * 1000 };

      test('pages lead through all events once, newest first', async () => {
        const seen: StoredEvent[] = [];
        let cursor: string | undefined;
        do {
          const page = await store.search(everything, {
            from: start,
            limit: 40,
            cursor,
            fields: ['position', 'eventTime', 'stream'],
          });
          seen.push(...page.rows);
          cursor = page.next;
        } while (cursor !== undefined);
        const own = seen.filter(({ stream }) => stream === 'stream-a');
        expect(own.map(({ position }) => position)).toEqual(
          Array.from({ length: count }, (_, at) => (count - 1 - at) * 100),
        );
      });

      test.each([
        ['position', 'ascending'],
        ['eventSubType', 'descending'],
        ['boundDn', 'ascending'],
        ['eventTime', 'ascending'],
        ['resultCode', 'descending'],
        ['sourceIp', 'ascending'],
        ['duration', 'descending'],
      ] as const)('pages sorted by %s %s miss nothing and repeat nothing', async (label, order) => {
        const options = { sort: { label, order }, limit: 33, fields: ['eventId', label] } as const;
        const seen: StoredEvent[] = [];
        let cursor: string | undefined;
        do {
          const page = await store.search(everything, { ...options, cursor });
          seen.push(...page.rows);
          cursor = page.next;
        } while (cursor !== undefined);
        expect(new Set(seen.map(({ eventId }) => eventId)).size).toBe(count + 1);
        const values = seen.map((row) => row[label]);
        const present = values.filter((value) => value !== undefined);
        expect(values.slice(0, present.length)).toEqual(present);
        const sign = order === 'ascending' ? 1 : -1;
        for (const [at, value] of present.entries()) {
          const before = present[at - 1];
          if (before !== undefined && typeof value === 'number' && typeof before === 'number')
            expect((value - before) * sign).toBeGreaterThanOrEqual(0);
        }
      });

      test('a cursor of another question is refused, and so is a damaged one', async () => {
        const { next } = await store.search(everything, { limit: 5 });
        expect(await codeOf(store.search(is('eventSubType', 'bind'), { limit: 5, cursor: next }))).toBe(
          'cursor-invalid',
        );
        expect(await codeOf(store.search(everything, { limit: 5, from: 1, cursor: next }))).toBe('cursor-invalid');
        expect(await codeOf(store.search(everything, { cursor: `${next?.slice(0, -4)}` }))).toBe('cursor-invalid');
        expect(await codeOf(store.search(everything, { cursor: 'x' }))).toBe('cursor-invalid');
      });

      test('rows cannot be sorted by a list', async () => {
        expect(await codeOf(store.search(everything, { sort: { label: 'tags', order: 'ascending' } }))).toBe(
          'option-invalid',
        );
      });

      test('a condition and a window choose events', async () => {
        expect(await store.count(is('eventSubType', 'bind'), window)).toBe(84);
        expect(await store.count(everything, { from: start + 10_000, to: start + 20_000 })).toBe(10);
        const page = await store.search(is('eventSubType', 'bind'), {
          from: start,
          limit: 3,
          fields: ['eventSubType', 'position'],
        });
        expect(page.rows).toEqual([
          { eventSubType: 'BIND', position: 24_900 },
          { eventSubType: 'BIND', position: 24_600 },
          { eventSubType: 'BIND', position: 24_300 },
        ]);
      });

      test('a word of the raw record is found', async () => {
        expect(
          await store.count({
            kind: 'text',
            labels: ['rawEvent'],
            test: { kind: 'phrase', words: ['number77'], open: false },
          }),
        ).toBe(1);
      });

      test('scan gives all events in order, or as many as asked for', async () => {
        const all = await collect(
          store.scan(everything, { ...window, fields: ['position'], sort: { label: 'eventTime', order: 'ascending' } }),
        );
        expect(all.map(({ position }) => position)).toEqual(
          Array.from({ length: count }, (_, at) => at * 100).map((position) => position),
        );
        expect(await collect(store.scan(everything, { limit: 7 }))).toHaveLength(7);
      });

      test('a histogram has every bucket, and its counts add up', async () => {
        const histogram = await store.histogram(everything, { ...window, buckets: 10 });
        expect(histogram.intervalMs).toBe(30_000);
        expect(histogram.buckets.map(({ from }) => from)).toEqual(
          Array.from({ length: 9 }, (_, at) => start + at * 30_000),
        );
        expect(histogram.buckets.map((bucket) => bucket.count)).toEqual([30, 30, 30, 30, 30, 30, 30, 30, 10]);
      });

      test('a histogram split by a label names its parts', async () => {
        const { values, buckets } = await store.histogram(everything, {
          ...window,
          intervalMs: 150_000,
          by: 'eventSubType',
        });
        expect(values).toEqual(['BIND', 'RESULT', 'SRCH']);
        expect(buckets.map(({ parts }) => parts)).toEqual([
          [50, 50, 50, 0],
          [34, 33, 33, 0],
        ]);
      });

      test('facets count values, lists taken apart, and what is absent', async () => {
        const [subTypes, tags] = await store.facets(everything, ['eventSubType', 'tags'], { limit: 2 });
        expect(subTypes).toEqual({
          label: 'eventSubType',
          values: [
            { value: 'BIND', count: 85 },
            { value: 'RESULT', count: 83 },
          ],
          absent: 0,
          distinct: 3,
        });
        expect(tags).toEqual({ label: 'tags', values: [{ value: 'cleartext', count: 1 }], absent: count, distinct: 1 });
      });

      test('groups count combinations', async () => {
        const groups = await store.groupBy(everything, ['eventSubType', 'boundDn'], { ...window, limit: 2 });
        expect(groups[1]).toEqual({
          values: ['RESULT', undefined],
          count: 83,
          first: start + 1000,
          last: start + 247_000,
        });
      });

      test('groups that came up last come first, when that is asked', async () => {
        const groups = await store.groupBy(everything, ['position'], { ...window, newcomers: true, limit: 2 });
        expect(groups.map(({ first }) => first)).toEqual([start + 249_000, start + 248_000]);
      });

      test('groups are measured, and ordered by what was measured', async () => {
        const groups = await store.groupBy(everything, ['eventSubType'], {
          ...window,
          measures: [
            { function: 'max', label: 'position' },
            { function: 'distinct', label: 'eventSubType' },
            { function: 'p95', label: 'duration' },
          ],
          order: 0,
        });
        expect(groups.map(({ values, measured }) => [values[0], ...(measured ?? [])])).toEqual([
          ['BIND', 24_900, 1, undefined],
          ['SRCH', 24_800, 1, undefined],
          ['RESULT', 24_700, 1, undefined],
        ]);
        const [all] = await store.groupBy(everything, [], {
          ...window,
          measures: [{ function: 'avg', label: 'position' }],
        });
        expect(all?.measured).toEqual([12_450]);
        const [none] = await store.groupBy(everything, [], {
          ...window,
          measures: [{ function: 'distinct', label: 'tags' }],
        });
        expect(none?.measured).toEqual([0]);
      });

      test('a histogram is measured, as a whole and part by part', async () => {
        const { buckets } = await store.histogram(everything, {
          ...window,
          intervalMs: 150_000,
          by: 'eventSubType',
          measure: { function: 'min', label: 'position' },
        });
        expect(buckets.map(({ measured }) => measured)).toEqual([0, 15_000]);
        expect(buckets.map(({ partsMeasured }) => partsMeasured)).toEqual([
          [0, 100, 200, undefined],
          [15_000, 15_100, 15_200, undefined],
        ]);
      });

      test('a session is read from its beginning', async () => {
        const { rows, next } = await store.session('session-3', { fields: ['position'], limit: 20 });
        expect(rows.map(({ position }) => position)).toEqual([
          3000, 3100, 3200, 3300, 3400, 3500, 3600, 3700, 3800, 3900,
        ]);
        expect(next).toBeUndefined();
      });

      test('the store tells what it holds', async () => {
        expect(await store.bounds()).toMatchObject({ oldest: start - 3_600_000, newest: start + (count - 1) * 1000 });
        const stats = await store.stats();
        expect(stats).toMatchObject({
          events: count + 1,
          days: [{ day: '2026-11-24', events: count + 1 }],
          sources: [{ source: '389-directory-server', events: count + 1 }],
        });
        expect(stats.bytes).toBeGreaterThan(1000);
        expect(await store.inspect()).toMatchObject({ events: count + 1, schemaVersion: 1, problems: [] });
      });

      test('an aborted question gives up', async () => {
        const controller = new AbortController();
        const work = codeOf(store.count(everything, { signal: controller.signal }));
        controller.abort();
        expect(await work).toBe('query-cancelled');
        expect(await codeOf(store.count(everything, { signal: AbortSignal.abort() }))).toBe('query-cancelled');
        expect(await store.count(everything)).toBe(count + 1);
      });
    });

    writingConformance(() => store);
    coverageConformance(() => store);

    test('a closed store says so', async () => {
      const writer = store.writer({ flushMs: 0 });
      writer.add(makeEvent(1, {}, 'closed'));
      await store.close();
      expect(await codeOf(store.count(everything))).toBe('store-closed');
      expect(await codeOf(writer.flush())).toBe('store-closed');
      await store.close();
    });
  });
}
