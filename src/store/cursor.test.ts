import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '#error';
import { decodeText } from '#event';
import { type Place, readCursor, writeCursor } from './cursor.ts';
import { parseId } from './dead-letter-box.ts';
import type { Sort } from './store.ts';
import { everything } from './test-events.ts';

const runs = { numRuns: Number(process.env['FUZZ_RUNS'] ?? 100) };
const sort: Sort = { label: 'boundDn', order: 'ascending' };
const bytesText = fc.uint8Array({ maxLength: 30 }).map((bytes) => decodeText(bytes));

const anyPlace: fc.Arbitrary<Place> = fc.record({
  time: fc.bigInt(-(2n ** 62n), 2n ** 62n).map(String),
  stream: bytesText,
  generation: fc.nat(),
  position: fc.maxSafeNat(),
  value: fc.option(bytesText),
  span: fc.nat(),
});

test('fuzz: a cursor brings back its place', () => {
  fc.assert(
    fc.property(anyPlace, (place) => {
      expect(readCursor(writeCursor(place, everything, {}, sort), everything, {}, sort)).toEqual(place);
    }),
    runs,
  );
});

test('fuzz: a text that is no cursor ends in an error of ours', () => {
  const changed = fc.tuple(anyPlace, fc.nat(), fc.string({ maxLength: 3 })).map(([place, at, text]) => {
    const cursor = writeCursor(place, everything, {}, sort);
    const cut = at % cursor.length;
    return cursor.slice(0, cut) + text + cursor.slice(cut + 1);
  });
  fc.assert(
    fc.property(fc.oneof(fc.string(), changed), (text) => {
      try {
        readCursor(text, everything, {}, sort);
      } catch (thrown) {
        expect(thrown).toMatchObject({ code: 'cursor-invalid' });
        expect(thrown).toBeInstanceOf(AppError);
      }
    }),
    runs,
  );
});

test('fuzz: an id is taken apart as it was put together', () => {
  fc.assert(
    fc.property(
      bytesText.filter((text) => text !== ''),
      fc.nat(),
      fc.maxSafeNat(),
      (stream, generation, position) => {
        expect(parseId(`${stream}-${generation}-${position}`)).toEqual({ stream, generation, position });
      },
    ),
    runs,
  );
});
