import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ContentMark, MarkMaker, markRange, matchesMarks, parseMarks } from './content-marks.ts';

function marksOf(content: Buffer, cuts: readonly number[] = [content.length]): readonly ContentMark[] {
  const maker = new MarkMaker();
  let at = 0;
  for (const cut of [...cuts, content.length]) {
    const end = Math.min(content.length, Math.max(at, cut));
    maker.push(content.subarray(at, end));
    at = end;
  }
  return maker.marks();
}

function matches(marks: readonly ContentMark[], content: Buffer): Promise<boolean> {
  return matchesMarks(marks, (ranges) => Promise.resolve(ranges.map(({ from, to }) => content.subarray(from, to))));
}

function text(length: number, seed = 1): Buffer {
  return Buffer.from(Array.from({ length }, (_, at) => 32 + ((at * 31 + seed * at * at) % 95)));
}

test('a log that grew, or an older copy of it, is the same log', async () => {
  const log = text(100_000);
  const marks = marksOf(log.subarray(0, 70_000));
  expect(marks.map((mark) => mark.position)).toEqual([
    256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536, 70_000,
  ]);
  expect(await matches(marks, log)).toBe(true);
  expect(await matches(marks, log.subarray(0, 70_000))).toBe(true);
  expect(await matches(marks, log.subarray(0, 1000))).toBe(true);
});

test('a log that begins alike and goes on otherwise is another one', async () => {
  const log = text(100_000);
  const other = Buffer.concat([log.subarray(0, 60_000), text(40_000, 2)]);
  expect(await matches(marksOf(log), other)).toBe(false);
  expect(await matches(marksOf(log.subarray(0, 300)), Buffer.concat([log.subarray(0, 280), text(50, 3)]))).toBe(false);
});

test('property: marks do not depend on how the content was cut, nor on going on', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 20_000 }),
      fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 8 }),
      (length, cuts) => {
        const content = text(length);
        const expected = marksOf(content);
        expect(
          marksOf(
            content,
            cuts.toSorted((a, b) => a - b),
          ),
        ).toEqual(expected);
        const at = Math.min(length, cuts[0] ?? 0);
        const maker = new MarkMaker();
        maker.resume(expected, at, content.subarray(markRange(at).from, at));
        maker.push(content.subarray(at));
        expect(maker.marks()).toEqual(expected);
      },
    ),
  );
});

test.each([
  [undefined],
  [{}],
  [[1]],
  [[{ position: -1, hash: 'x' }]],
  [[{ position: 1 }]],
  [Array.from({ length: 65 }, () => ({ position: 1, hash: '' }))],
])('damaged marks are refused: %j', (value) => {
  expect(() => parseMarks(value)).toThrowError(expect.objectContaining({ code: 'state-damaged' }));
});

test('marks survive JSON', () => {
  const marks = marksOf(text(5000));
  expect(parseMarks(JSON.parse(JSON.stringify(marks)))).toEqual(marks);
});
