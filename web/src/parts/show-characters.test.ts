import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rawPieces } from './raw-pieces.ts';
import { showCharacters, showText } from './show-characters.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 300);
// What turns or hides text, moves a cursor, or is no character at all.
const dangerous = /[\p{Cc}\p{Cs}\p{Cf}\p{Zl}\p{Zp}]/u;

test.each([
  ['plain', 'uid=anna,ou=people', 'uid=anna,ou=people'],
  ['markup stays text', '<script>alert(1)</script>', '<script>alert(1)</script>'],
  ['a line break', 'a\nb', 'a\\x0ab'],
  ['a terminal escape', '\u001b[31m', '\\x1b[31m'],
  ['right to left', 'a\u202eb', 'a\\u202eb'],
  ['a tag character', '\u{e0041}', '\\u{e0041}'],
  ['a byte that is not UTF-8', '\udcff', '\\xff'],
  ['no width', 'a\u200bb', 'a\\u200bb'],
  ['a filler that looks like a blank', '\u3164', '\\u3164'],
  ['other scripts', 'Zoë Ørsted 東京 🙂', 'Zoë Ørsted 東京 🙂'],
])('%s', (_, text, shown) => {
  expect(showText(text)).toBe(shown);
});

test('fuzz: nothing dangerous is left of any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(dangerous.test(showText(text))).toBe(false);
      expect(showCharacters(text).length).toBeGreaterThan(0);
    }),
    { numRuns: runs },
  );
});

test('a raw line is taken apart without losing anything', () => {
  const line = '[24/Nov/2026:10:00:00.1 +0000] conn=7 op=0 BIND dn="uid=a b,dc=x" method=128 {"err": 49, "s": "x\\"y"}';
  const pieces = rawPieces(line);
  expect(pieces.map(({ text }) => text).join('')).toBe(line);
  expect(pieces.filter(({ kind }) => kind === 'value').map(({ text }) => text)).toEqual([
    '7',
    '0',
    '"uid=a b,dc=x"',
    '128',
    '49',
    '"x\\"y"',
  ]);
});

test('fuzz: any line is taken apart without losing anything, in linear time', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (line) => {
      expect(
        rawPieces(line)
          .map(({ text }) => text)
          .join(''),
      ).toBe(line);
    }),
    { numRuns: runs },
  );
  const start = performance.now();
  rawPieces('a='.repeat(500_000));
  rawPieces(`[${'x'.repeat(1_000_000)}`);
  rawPieces(`a="${'\\'.repeat(1_000_000)}`);
  expect(performance.now() - start).toBeLessThan(2_000);
});
