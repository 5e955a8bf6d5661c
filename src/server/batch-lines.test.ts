import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeText } from '#event';
import { batchLines } from './batch-lines.ts';

const lines = (body: Buffer, max = 100) =>
  [...batchLines(body, max)].map(({ text, position, cut }) => [text, position, cut]);

test.each([
  ['nothing', '', []],
  ['one line without an end', '{}', [['{}', 0, false]]],
  ['blank lines', '\n \n\t\r\n{}\n\n', [['{}', 6, false]]],
  [
    'carriage returns',
    '{"a":1}\r\n{}\r\n',
    [
      ['{"a":1}', 0, false],
      ['{}', 9, false],
    ],
  ],
  [
    'byte order mark',
    '\ufeff{}\n{}',
    [
      ['{}', 3, false],
      ['{}', 6, false],
    ],
  ],
  [
    'positions count bytes',
    'ä\nb',
    [
      ['ä', 0, false],
      ['b', 3, false],
    ],
  ],
])('%s', (_, body, expected) => {
  expect(lines(Buffer.from(body))).toEqual(expected);
});

test('a line that is too long is cut, and the next one is whole', () => {
  expect(lines(Buffer.from(`${'ä'.repeat(60)}\n{}\n`), 101)).toEqual([
    [`${'ä'.repeat(50)}\udcc3`, 0, true],
    ['{}', 121, false],
  ]);
});

test('fuzz: any bytes come back from their lines', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const body = Buffer.from(bytes);
      for (const { text, position } of batchLines(body, 1_000)) {
        const encoded = encodeText(text);
        expect(body.subarray(position, position + encoded.length).equals(encoded)).toBe(true);
      }
    }),
    { numRuns: Number(process.env['FUZZ_RUNS'] ?? 100) },
  );
});
