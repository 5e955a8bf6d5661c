import fc from 'fast-check';
import { expect, test } from 'vitest';
import { moveColumn, readColumns, usualColumns, usualWidth, writeColumns } from './columns.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 200);

test.each([
  ['nothing', undefined],
  ['an empty text', ''],
  ['no label', 'nonsense,other~9'],
])('%s gives the usual columns', (_, text) => {
  expect(readColumns(text)).toEqual(usualColumns);
});

test('columns go into the address and come back', () => {
  const columns = readColumns('eventtime~300,outcome,outcome,boundDn~1,nonsense,count~99999');
  expect(columns).toEqual([
    { label: 'eventTime', width: 300 },
    { label: 'outcome', width: usualWidth('outcome') },
    { label: 'boundDn', width: 48 },
    { label: 'count', width: 1200 },
  ]);
  expect(readColumns(writeColumns(columns))).toEqual(columns);
  expect(writeColumns(usualColumns)).toBeUndefined();
});

test('columns move', () => {
  const columns = readColumns('eventTime,outcome,boundDn');
  expect(moveColumn(columns, 'boundDn', 0).map(({ label }) => label)).toEqual(['boundDn', 'eventTime', 'outcome']);
  expect(moveColumn(columns, 'eventTime', 2).map(({ label }) => label)).toEqual(['outcome', 'boundDn', 'eventTime']);
  expect(moveColumn(columns, 'eventTime', 3)).toBe(columns);
});

test('fuzz: any text gives columns one can see', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 100 }), (text) => {
      const columns = readColumns(text);
      expect(columns.length).toBeGreaterThan(0);
      for (const { width } of columns) expect(width).toBeGreaterThanOrEqual(48);
    }),
    { numRuns: runs },
  );
});
