import { expect, test } from 'vitest';
import { changeOf, formatMeasured, nameMeasure } from './measured-value.ts';

test.each([
  [0.0123, 'p95(duration)', '12.3 ms'],
  [4, 'distinct(duration)', '4'],
  [1234.5, 'sum(count)', '1,235'],
  [0.256, 'avg(severity)', '0.26'],
  [12_406, undefined, '12,406'],
])('%d of %s is shown as %s', (value, measure, shown) => {
  expect(formatMeasured(value, measure)).toBe(shown);
});

test.each([
  [undefined, 'events'],
  ['distinct(sourceIp)', 'different sourceIp'],
  ['p50(duration)', 'median duration'],
  ['max(waitTime)', 'longest waitTime'],
  ['max(count)', 'largest count'],
])('%s is called %s', (measure, name) => {
  expect(nameMeasure(measure)).toBe(name);
});

test.each([
  [120, 100, '▲ 20 %'],
  [80, 100, '▼ 20 %'],
  [100, 100, 'as before'],
  [1_000, 10, '100 times as much'],
  [1_001, 1_000, 'about as before'],
  [5, 0, undefined],
  [undefined, 3, undefined],
])('%s after %s: %s', (now, before, words) => {
  expect(changeOf(now, before)).toBe(words);
});
