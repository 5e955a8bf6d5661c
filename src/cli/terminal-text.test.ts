import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnsOf, cutColumns, terminalText } from './terminal-text.ts';

test.each([
  ['plain text stays', 'uid=anna,ou=people', 'uid=anna,ou=people'],
  ['letters of all scripts stay', 'Größe 日本 עברית 🙂', 'Größe 日本 עברית 🙂'],
  ['an escape sequence', '\u001b[2Jgone', '\\x1b[2Jgone'],
  ['the one-byte form of it', '\u009b2J', '\\x9b2J'],
  ['line breaks and tabs', 'a\nb\r\tc', 'a\\nb\\r\\tc'],
  ['NUL and DEL', '\u0000\u007f', '\\x00\\x7f'],
  ['a turned direction', 'user\u202etxt.exe', 'user\\u202etxt.exe'],
  ['an isolate', '\u2066a\u2069', '\\u2066a\\u2069'],
  ['a character without width', 'ad\u200bmin', 'ad\\u200bmin'],
  ['tag characters', 'a\u{e0041}', 'a\\u{e0041}'],
  ['a byte that is not UTF-8', 'a\udcffb', 'a\\xffb'],
])('%s', (_, text, expected) => {
  expect(terminalText(text)).toBe(expected);
});

test('fuzz: nothing that a terminal acts on comes out', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = terminalText(text);
      expect(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(shown)).toBe(false);
      expect(columnsOf(cutColumns(shown, 10))).toBeLessThanOrEqual(10);
    }),
    { numRuns: Number(process.env['FUZZ_RUNS'] ?? 100) },
  );
});

test.each([
  ['abc', 3],
  ['日本', 4],
  ['e\u0301', 1],
  ['🙂', 2],
])('%s takes %i columns', (text, columns) => {
  expect(columnsOf(text)).toBe(columns);
});

test('a text is cut by columns', () => {
  expect(cutColumns('abcdef', 6)).toBe('abcdef');
  expect(cutColumns('abcdefg', 6)).toBe('abcde…');
  expect(cutColumns('日本語', 4)).toBe('日…');
});
