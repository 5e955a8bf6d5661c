import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { collectLimits } from '../limits.ts';
import { FrameReader } from './frame-reader.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 200);

/** All messages of bytes that arrive in these pieces; cut ones begin with a mark. */
function read(pieces: readonly Buffer[], counted = true): string[] {
  const reader = new FrameReader(counted);
  const frames: string[] = [];
  const take = (frame: Buffer, cut: boolean): void => {
    frames.push(`${cut ? '!' : ''}${frame.toString('latin1')}`);
  };
  for (const piece of pieces) reader.push(piece, take);
  reader.end(take);
  expect(reader.idle).toBe(true);
  return frames;
}

describe('messages of a connection', () => {
  test.each([
    ['lines', '<13>one\n<13>two\n', ['<13>one', '<13>two']],
    ['counted', '7 <13>one7 <13>two', ['<13>one', '<13>two']],
    ['counted, with line breaks behind', '7 <13>one\n7 <13>two\n', ['<13>one', '<13>two']],
    ['counted, with a line break inside', '11 <13>one\ntwo', ['<13>one\ntwo']],
    ['mixed', '7 <13>one<13>two\n7 <13>six', ['<13>one', '<13>two', '<13>six']],
    ['a last line without its end', '<13>one\n<13>tw', ['<13>one', '<13>tw']],
    ['a counted one that ends early', '20 <13>one', ['<13>one']],
    ['a line that begins with a number', '2026-11-24 a line\n', ['2026-11-24 a line']],
    ['a number with too many digits', '123456789 x\n', ['123456789 x']],
    ['a length that begins with zero', '07 <13>one\n', ['07 <13>one']],
    ['only digits', '123', ['123']],
    ['nothing', '', []],
    ['empty lines', '\n\n', []],
  ])('%s', (_, text, expected) => {
    expect(read([Buffer.from(text)])).toEqual(expected);
  });

  test('JSON lines are never counted', () => {
    expect(read([Buffer.from('12 {"a":1}\n\n7\n')], false)).toEqual(['12 {"a":1}', '', '7']);
  });

  test.each([
    ['a line', Buffer.from(`<13>${'x'.repeat(collectLimits.messageBytes)}\n<13>next\n`)],
    [
      'a counted one',
      Buffer.from(`${collectLimits.messageBytes + 4} <13>${'x'.repeat(collectLimits.messageBytes)}<13>next\n`),
    ],
  ])('%s longer than is kept is cut, and the next one is whole', (_, bytes) => {
    const [long = '', next] = read([bytes]);
    expect(long.length).toBe(collectLimits.messageBytes + 1);
    expect(long.startsWith('!<13>xxx')).toBe(true);
    expect(next).toBe('<13>next');
  });
});

test('fuzz: however the bytes are cut, the same messages come out', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
    fc.string().map((text) => Buffer.from(`${Buffer.byteLength(text)} ${text}`)),
    fc.string().map((text) => Buffer.from(`<13>${text}\n`)),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(200), { maxLength: 20 }), (parts, places) => {
      const bytes = Buffer.concat(parts);
      const cuts = [0, ...places.map((place) => Math.min(place, bytes.length)).sort((a, b) => a - b), bytes.length];
      const pieces = cuts.slice(1).map((to, at) => bytes.subarray(cuts[at], to));
      expect(read(pieces)).toEqual(read([bytes]));
      expect(read(pieces, false)).toEqual(read([bytes], false));
    }),
    { numRuns: runs },
  );
});
