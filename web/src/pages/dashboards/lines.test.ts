import { expect, test } from 'vitest';
import { linesOf, runsOf } from './lines.ts';

const buckets = [
  { from: 0, count: 6, parts: [3, 2, 1], measured: 0.5, partsMeasured: [0.1, null, 0.9] },
  { from: 1, count: 0, parts: [0, 0, 0], measured: null, partsMeasured: [null, null, null] },
];

test('counts of values beyond the limit, and of none, are one line', () => {
  const lines = linesOf({ intervalMs: 1, values: ['BIND', 'SRCH'], buckets }, { by: 'requestType', limit: 1 });
  expect(lines.map(({ name, values }) => [name, values])).toEqual([
    ['BIND', [3, 0]],
    ['other or none', [3, 0]],
  ]);
});

test('measures of several values are never added up, and gaps stay gaps', () => {
  const wanted = { by: 'requestType', value: 'p95(duration)', limit: 5 };
  const lines = linesOf({ intervalMs: 1, values: ['BIND', 'SRCH'], buckets }, wanted);
  expect(lines.map(({ values }) => values)).toEqual([
    [0.1, undefined],
    [undefined, undefined],
  ]);
  expect(linesOf({ intervalMs: 1, buckets }, { value: 'p95(duration)', limit: 5 })[0]?.values).toEqual([
    0.5,
    undefined,
  ]);
});

test('outcomes and categories keep their colours', () => {
  const [line] = linesOf({ intervalMs: 1, values: ['denied'], buckets }, { by: 'outcome', limit: 5 });
  expect(line?.fill).toBe('fill-outcome-denied');
});

test('a line is broken where there is no value', () => {
  expect(runsOf([1, 2, undefined, 3])).toEqual([
    [
      [0, 1],
      [1, 2],
    ],
    [[3, 3]],
  ]);
});
