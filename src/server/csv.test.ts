import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvHeader, csvRow, csvText } from './csv.ts';

test.each([
  ['plain', 'cn=config', 'cn=config'],
  ['a formula', "=cmd|'/c calc'!A0", "'=cmd|'/c calc'!A0"],
  ['plus', '+1', "'+1"],
  ['minus', '-2+3', "'-2+3"],
  ['at', '@SUM(1)', "'@SUM(1)"],
  ['blank before', '  =1', "'  =1"],
  ['tab before', '\t=1', '"\'\t=1"'],
  ['line end before', '\n=1', '"\'\n=1"'],
  ['full-width', '＝1', "'＝1"],
  ['comma', 'uid=a,dc=b', '"uid=a,dc=b"'],
  ['quote and comma', 'say "=1",', '"say ""=1"","'],
  ['bytes that are not UTF-8', 'a\udcff', 'a\\xff'],
  ['escape sequence', '\u001b[31m', '\\x1b[31m'],
  ['NUL before a formula', '\0=1', '\\x00=1'],
])('a cell is safe to open in a spreadsheet: %s', (_, value, expected) => {
  expect(csvText(value)).toBe(expected);
});

test('a row has a cell per label, times to the nanosecond, numbers as they are', () => {
  const labels = ['eventTime', 'operationNumber', 'duration', 'secureConnection', 'tags', 'distinguishedName'] as const;
  expect(csvHeader(labels)).toBe('eventTime,operationNumber,duration,secureConnection,tags,distinguishedName\r\n');
  expect(
    csvRow(
      {
        eventTime: 1_763_980_000_123,
        eventNanos: 456_789,
        operationNumber: -1,
        duration: 0.008905371,
        secureConnection: false,
        tags: ['=a', 'b'],
      },
      labels,
    ),
  ).toBe('2025-11-24T10:26:40.123456789Z,-1,0.008905371,false,"\'=a; b",\r\n');
});

test('fuzz: whatever a cell holds, a reader gets one row with one cell that is no formula', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const rows = parse(`${csvText(value)},end\r\n`, { relax_column_count: true }) as string[][];
      expect(rows).toHaveLength(1);
      expect(rows[0]).toHaveLength(2);
      expect(rows[0]?.[0]).not.toMatch(/^\s*[=+\-@]/);
    }),
    { numRuns: Number(process.env['FUZZ_RUNS'] ?? 100) },
  );
});
