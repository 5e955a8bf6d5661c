import { describe, expect, test } from 'vitest';
import { AppError } from '#error';
import type { Event } from '#event';
import type { Store } from './store.ts';
import { everything, makeCheckpoint, makeEvent, makeEvents, makeLetter, start } from './test-events.ts';
import { codeOf, write } from './test-store.ts';

/** What every store must do with what is written: the second half of the suite. */
export function writingConformance(store: () => Store): void {
  describe('exactly once', () => {
    test('the same records again, in whatever batches, add nothing', async () => {
      const events = makeEvents(1000, {}, 'again');
      await write(store(), events.slice(0, 600));
      for (const rowsPerBlock of [1000, 77, 1]) {
        const writer = store().writer({ rowsPerBlock });
        for (const event of rowsPerBlock === 1 ? events.slice(590, 610) : events) writer.add(event);
        await writer.close();
      }
      await write(store(), [...events].reverse());
      await write(store(), [...events, ...events]);
      const stored = await store().groupBy(everything, ['stream']);
      expect(stored.find(({ values }) => values[0] === 'again')?.count).toBe(1000);
    });

    test('what was there is told from what is new', async () => {
      const events = makeEvents(50, {}, 'told');
      await write(store(), events.slice(0, 30));
      const writer = store().writer();
      for (const event of events) writer.add(event);
      await writer.close();
      expect(writer.counts).toMatchObject({ added: 50, durable: 50, known: 30 });
    });

    test('a gap left below the highest position is filled', async () => {
      const events = makeEvents(20, {}, 'gap');
      await write(store(), events.slice(15));
      await write(store(), events);
      expect(await store().highWater('gap', 0)).toBe(1900);
      expect((await store().groupBy(everything, ['stream'])).find(({ values }) => values[0] === 'gap')?.count).toBe(20);
    });

    test('generations of a stream are different records', async () => {
      await write(store(), [makeEvent(1, {}, 'generations'), makeEvent(1, { generation: 1 }, 'generations')]);
      expect(
        (await store().groupBy(everything, ['stream', 'generation'])).filter(
          ({ values }) => values[0] === 'generations',
        ),
      ).toHaveLength(2);
    });

    test('two writers of one store do not double', async () => {
      const events = makeEvents(300, {}, 'writers');
      const writers = [store().writer({ rowsPerBlock: 50 }), store().writer({ rowsPerBlock: 70 })];
      for (const event of events) for (const writer of writers) writer.add(event);
      await Promise.all(writers.map((writer) => writer.close()));
      expect((await store().groupBy(everything, ['stream'])).find(({ values }) => values[0] === 'writers')?.count).toBe(
        300,
      );
    });
  });

  describe('many writers at once', () => {
    test('each event keeps its own labels, whatever others in the same insert have', async () => {
      const kinds: readonly Partial<Event>[] = [
        { boundDn: 'uid=a,dc=example,dc=com', resultCode: 49 },
        { sourceIp: '198.51.100.7', tags: ['one', 'two'], actorPrivileged: true },
        { duration: 0.25, message: 'Straße' },
        {},
      ];
      const writers = Array.from({ length: 12 }, () => store().writer({ flushMs: 0 }));
      for (const [at, writer] of writers.entries()) {
        for (const event of makeEvents(20, kinds[at % kinds.length], `at-once-${at}`)) writer.add(event);
        writer.checkpoint(makeCheckpoint(2000, { stream: `at-once-${at}` }));
      }
      await Promise.all(writers.map((writer) => writer.close()));
      for (const [at, writer] of writers.entries()) {
        expect(writer.counts).toMatchObject({ added: 20, durable: 20, known: 0 });
        for (const number of [0, 19]) {
          const wanted = makeEvent(number, kinds[at % kinds.length], `at-once-${at}`);
          const { boundDn, resultCode, sourceIp, tags, actorPrivileged, duration, message } = wanted;
          const labels = {
            boundDn,
            resultCode,
            sourceIp,
            tags,
            actorPrivileged,
            duration,
            message,
            rawEvent: wanted.rawEvent,
          };
          expect(await store().get(`at-once-${at}-0-${number * 100}`)).toMatchObject(
            Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== undefined)),
          );
        }
        const first = await store().get(`at-once-${at}-0-0`);
        expect(first?.['boundDn'] === undefined).toBe(kinds[at % kinds.length]?.boundDn === undefined);
        expect((await store().streams.get(`at-once-${at}`, 0))?.position).toBe(2000);
      }
    });

    test('the same batch by all of them is stored once, and each is told', async () => {
      const events = makeEvents(40, {}, 'same-at-once');
      const writers = Array.from({ length: 6 }, () => store().writer({ flushMs: 0 }));
      for (const writer of writers) for (const event of events) writer.add(event);
      await Promise.all(writers.map((writer) => writer.close()));
      const counts = writers.map((writer) => writer.counts);
      expect(counts.map(({ durable }) => durable)).toEqual(Array(6).fill(40));
      expect(counts.reduce((sum, { known }) => sum + known, 0)).toBe(200);
      const stored = await store().groupBy(everything, ['stream']);
      expect(stored.find(({ values }) => values[0] === 'same-at-once')?.count).toBe(40);
    });
  });

  test('an event without identity or possible time is refused, and harms no other', async () => {
    const writer = store().writer();
    for (const wrong of [
      { stream: undefined },
      { eventTime: undefined },
      { eventTime: 9e15 },
      { position: -1 },
      { position: 'x' },
      { generation: 0.5 },
    ]) {
      expect(() => writer.add(makeEvent(1, wrong, 'refused'))).toThrow(AppError);
    }
    writer.add(makeEvent(2, {}, 'refused'));
    await writer.close();
    expect(writer.counts.added).toBe(1);
  });

  test('a value no column can hold is left out and counted', async () => {
    const writer = store().writer();
    writer.add(
      makeEvent(
        1,
        { sourceIp: 'no address', duration: 1e12, resultCode: 0.5, sessionId: '99999999999999999999' },
        'unfit',
      ),
    );
    await writer.close();
    expect(writer.counts.unfit).toBe(4);
    expect(await store().get('unfit-0-100')).not.toHaveProperty('sourceIp');
  });

  describe('dead letters', () => {
    test('are listed, counted, found and removed for good', async () => {
      const writer = store().writer();
      for (const number of [1, 2, 3]) writer.addDead(makeLetter(number, { stream: 'dead', raw: '\udcff\u0000' }));
      writer.addDead(makeLetter(4, { stream: 'dead', code: 'broken-json' }));
      await writer.flush();
      for (const number of [1, 2]) writer.addDead(makeLetter(number, { stream: 'dead' }));
      await writer.close();
      expect(await store().deadLetters.counts()).toEqual([
        { code: 'unreadable-line', source: '389-directory-server', count: 3 },
        { code: 'broken-json', source: '389-directory-server', count: 1 },
      ]);
      const first = await store().deadLetters.list({ limit: 3 });
      expect(first.letters.map(({ position }) => position)).toEqual([100, 200, 300]);
      expect((await store().deadLetters.list({ limit: 3, cursor: first.next })).letters.map(({ id }) => id)).toEqual([
        'dead-0-400',
      ]);
      expect(await store().deadLetters.get('dead-0-300')).toMatchObject({
        raw: '\udcff\u0000',
        code: 'unreadable-line',
      });
      expect((await store().deadLetters.list({ code: 'broken-json' })).letters).toHaveLength(1);
      expect(await store().highWater('dead', 0)).toBe(400);
      await store().deadLetters.remove(['dead-0-100', 'dead-0-400', 'nonsense']);
      expect(await store().deadLetters.get('dead-0-100')).toBeUndefined();
      const again = store().writer();
      again.addDead(makeLetter(1, { stream: 'dead' }));
      await again.close();
      expect((await store().deadLetters.list({})).letters.map(({ id }) => id)).toEqual(['dead-0-200', 'dead-0-300']);
    });

    test('a letter whose record is read as an event is no letter any more', async () => {
      const before = store().writer();
      before.addDead(makeLetter(5, { stream: 'healed' }));
      before.add(makeEvent(9, {}, 'healed'));
      await before.close();
      await write(store(), [makeEvent(5, {}, 'healed')]);
      expect(await store().deadLetters.get('healed-0-500')).toBeUndefined();
      expect(await store().get('healed-0-500')).toBeDefined();
    });

    test('a wrong cursor is refused', async () => {
      expect(await codeOf(store().deadLetters.list({ cursor: '%%%' }))).toBe('cursor-invalid');
    });
  });

  test('checkpoints replace one another and carry any state', async () => {
    const writer = store().writer({ flushMs: 0 });
    const state = JSON.stringify({ raw: '\udc80 "quoted" \u0000', many: 'x'.repeat(200_000) });
    writer.checkpoint(makeCheckpoint(100));
    writer.checkpoint(makeCheckpoint(200, { state }));
    writer.checkpoint(makeCheckpoint(50, { generation: 1 }));
    expect(await store().streams.get('stream-a', 0)).toBeUndefined();
    await writer.close();
    expect(await store().streams.get('stream-a', 0)).toMatchObject(makeCheckpoint(200, { state }));
    await store().streams.save(makeCheckpoint(300));
    expect(await store().streams.get('stream-a', 0)).toMatchObject(makeCheckpoint(300));
    expect((await store().streams.list({ stream: 'stream-a' })).map(({ position }) => position)).toEqual([300, 50]);
    expect(await store().streams.list({ stream: 'other' })).toEqual([]);
  });

  test('a flush acknowledges what was added before it, and the writer goes on', async () => {
    const writer = store().writer({ flushMs: 0, rowsPerBlock: 10 });
    for (const event of makeEvents(25, {}, 'flush')) writer.add(event);
    await writer.flush();
    expect(writer.counts).toMatchObject({ added: 25, durable: 25, blocks: 3 });
    writer.add(makeEvent(25, {}, 'flush'));
    await writer.close();
    expect(writer.counts.durable).toBe(26);
    expect(() => writer.add(makeEvent(26, {}, 'flush'))).toThrow('closed');
  });

  test('events are written after a while without a flush', async () => {
    const writer = store().writer({ flushMs: 50 });
    writer.add(makeEvent(1, {}, 'while'));
    await expect.poll(() => store().get('while-0-100'), { timeout: 10_000 }).toBeDefined();
    await writer.close();
  });

  test('retention is kept, checked and obeyed', async () => {
    expect(await store().retention()).toEqual({ days: null, sources: {} });
    const retention = { days: 30, sources: { "it's": 7, forever: null } };
    await store().setRetention(retention);
    expect(await store().retention()).toEqual(retention);
    for (const days of [0, 1.5, -1, 1e9])
      expect(await codeOf(store().setRetention({ days, sources: {} }))).toBe('store-option-invalid');
    await store().setRetention({ days: null, sources: {} });
    expect(await store().retention()).toEqual({ days: null, sources: {} });
  });

  test('compacting changes no answer', async () => {
    const before = await store().count(everything);
    await store().compact();
    expect(await store().count(everything)).toBe(before);
    expect((await store().inspect()).parts).toBe((await store().stats()).days.length);
  });

  test('a backup brings back what was there', async () => {
    const before = await store().count(everything);
    const { bytes } = await store().backup('first');
    expect(bytes).toBeGreaterThan(1000);
    expect(await codeOf(store().backup('first'))).toBe('backup-exists');
    expect(await codeOf(store().backup('../first'))).toBe('backup-name-invalid');
    expect(await codeOf(store().restore('missing'))).toBe('backup-missing');
    await write(store(), makeEvents(5, {}, 'after-backup'));
    expect(await store().count(everything)).toBe(before + 5);
    await store().restore('first');
    expect(await store().count(everything)).toBe(before);
    await write(store(), makeEvents(5, {}, 'after-backup'));
    expect(await store().count(everything)).toBe(before + 5);
  });

  test('a log of many days goes in', async () => {
    const day = 86_400_000;
    await write(
      store(),
      Array.from({ length: 60 }, (_, at) => makeEvent(at, { eventTime: start - (at + 1) * day }, 'days')),
    );
    expect(await store().count(everything, { to: start - 7_200_000 })).toBe(60);
  });
}
