import { describe, expect, test } from 'vitest';
import type { CoveredRange } from './coverage.ts';
import type { Store } from './store.ts';
import { makeEvent, start } from './test-events.ts';
import { write } from './test-store.ts';

function stretch(stream: string, from: number, to: number, more: Partial<CoveredRange> = {}): CoveredRange {
  return {
    stream,
    generation: 0,
    source: '389-directory-server',
    log: 'access',
    place: '/var/log/dirsrv/slapd-a/access',
    agent: 'agt_a',
    from,
    to,
    lines: (to - from) / 10,
    records: (to - from) / 10,
    deadLetters: 0,
    oldest: start + from,
    newest: start + to,
    kinds: { BIND: 1 },
    ...more,
  };
}

/** What every store knows of what was received. */
export function coverageConformance(store: () => Store): void {
  async function cover(...ranges: readonly CoveredRange[]): Promise<void> {
    const writer = store().writer();
    for (const range of ranges) writer.covered(range);
    await writer.close();
  }

  describe('what was received', () => {
    test('is added up, in whatever order it came', async () => {
      await cover(stretch('c-sum', 100, 200), stretch('c-sum', 0, 100));
      await cover(stretch('c-sum', 200, 1_000, { place: '/moved', kinds: { BIND: 2, SRCH: 5 } }));
      expect(await store().coverage.list({ stream: 'c-sum' })).toEqual([
        expect.objectContaining({
          ...{ stream: 'c-sum', generation: 0, place: '/moved', agent: 'agt_a', from: 0, to: 1_000, bytes: 1_000 },
          ...{ lines: 100, records: 100, deadLetters: 0, gaps: 0, gapBytes: 0, oldest: start, newest: start + 1_000 },
        }),
      ]);
      expect(await store().coverage.kinds('c-sum', 0)).toEqual({ BIND: 4, SRCH: 5 });
      expect(await store().coverage.contiguousEnd('c-sum', 0)).toBe(1_000);
    });

    test('counts once, however often and in whatever cuts it comes', async () => {
      const all = [stretch('c-once', 0, 100), stretch('c-once', 100, 200), stretch('c-once', 200, 300)];
      await cover(...all);
      await cover(...all);
      await cover(stretch('c-once', 0, 300), stretch('c-once', 50, 150));
      expect(await store().coverage.list({ stream: 'c-once' })).toEqual([
        expect.objectContaining({ bytes: 300, lines: 30, records: 30, gaps: 0 }),
      ]);
    });

    test('shows what is missing in between, until it comes', async () => {
      await cover(stretch('c-gap', 0, 100), stretch('c-gap', 200, 300), stretch('c-gap', 400, 500));
      const found = async (): Promise<number[][]> =>
        (await store().coverage.gaps({ stream: 'c-gap' })).map(({ from, to }) => [from, to]);
      expect(await found()).toEqual([
        [100, 200],
        [300, 400],
      ]);
      expect(await store().coverage.contiguousEnd('c-gap', 0)).toBe(100);
      await cover(stretch('c-gap', 100, 200));
      expect(await found()).toEqual([[300, 400]]);
      expect(await store().coverage.list({ stream: 'c-gap' })).toEqual([
        expect.objectContaining({ gaps: 1, gapBytes: 100, bytes: 400 }),
      ]);
    });

    test('may begin later than the log, and then is no whole', async () => {
      await cover(stretch('c-late', 500, 600));
      expect(await store().coverage.gaps({ stream: 'c-late' })).toEqual([]);
      expect(await store().coverage.contiguousEnd('c-late', 0)).toBe(0);
      expect(await store().coverage.contiguousEnd('c-nothing', 0)).toBe(0);
    });

    test('without records has no times', async () => {
      await cover(stretch('c-empty', 0, 100, { records: 0, oldest: undefined, newest: undefined, kinds: {} }));
      const [empty] = await store().coverage.list({ stream: 'c-empty' });
      expect([empty?.oldest, empty?.newest]).toEqual([undefined, undefined]);
    });

    test('takes any text as a name', async () => {
      const stream = `c-' or 1=1 -- {x:String} \u0000\udcff`;
      await cover(stretch(stream, 0, 10, { place: `/a'b\n{y:Int64}` }));
      expect(await store().coverage.list({ stream })).toEqual([
        expect.objectContaining({ stream, place: `/a'b\n{y:Int64}` }),
      ]);
    });

    test('in very many stretches is joined, and says the same', async () => {
      const many = Array.from({ length: 1_200 }, (_, at) =>
        stretch("c-many'", at * 10, at * 10 + 10, { lines: 1, records: 1 }),
      );
      await cover(...many.filter((_, at) => at !== 700));
      const before = await store().coverage.list({ stream: "c-many'" });
      expect(before).toEqual([expect.objectContaining({ lines: 1_199, gaps: 1, bytes: 11_990 })]);
      expect(await store().coverage.compact()).toBe(1_199);
      expect(await store().coverage.compact()).toBe(0);
      const after = await store().coverage.list({ stream: "c-many'" });
      expect(after).toEqual([{ ...before[0], received: after[0]?.received }]);
      expect(await store().coverage.kinds("c-many'", 0)).toEqual({ BIND: 1_199 });
    });
  });

  test('numbers missing between sessions and between operations are found', async () => {
    const source = 'session-source';
    let at = 0;
    const session = (conn: number, run: string, operations: readonly number[], host: string) =>
      operations.map((operationNumber) => {
        at += 1;
        return makeEvent(
          at,
          {
            ...{ source, sessionId: conn, sessionKey: `${host}-${run}-${conn}`, operationNumber, logName: 'access' },
            ...{ deviceHostName: host, deviceInstance: 'A', position: at },
          },
          'session-stream',
        );
      });
    await write(store(), [
      ...session(5_000, 'r0', [-1, 0, 1, 2], 'one'),
      ...session(5_001, 'r0', [0, 1, 3, 3], 'one'),
      ...session(5_004, 'r0', [-1], 'one'),
      // The server started again.
      ...session(1, 'r1', [0], 'one'),
      ...session(3, 'r1', [0, 4], 'one'),
      ...session(2, 'r1', [0], 'one'),
      ...session(7, 'r0', [0], 'two'),
    ]);
    const window = { from: start, to: start + 3_600_000 };
    const { runs, connections, operations } = await store().coverage.sessions(source, window);
    expect(
      runs.map(({ host, run, lowest, highest, seen, missing }) => [host, run, lowest, highest, seen, missing]),
    ).toEqual([
      ['two', 0, 7, 7, 1, 0],
      ['one', 1, 1, 3, 3, 0],
      ['one', 0, 5_000, 5_004, 3, 2],
    ]);
    expect(connections).toEqual([{ host: 'one', instance: 'A', run: 0, from: 5_002, to: 5_003 }]);
    expect(operations.map(({ sessionId, missing }) => [sessionId, missing])).toEqual([
      [3, 3],
      [5_001, 1],
    ]);
    expect(await store().coverage.sessions("x' or 1=1 --", window)).toEqual({
      runs: [],
      connections: [],
      operations: [],
    });
  });
}
