import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '#error';
import { createEvent, decodeText, type Event, encodeText, fieldOf, type Label, labels, toPlain } from '#event';
import { eventRows, inOrder } from '../event-rows.ts';
import { Bytes } from './bytes.ts';
import { blockRowsMax } from './column.ts';
import { decodeBlocks } from './decode-block.ts';
import { encodeBlock } from './encode-block.ts';
import { EventBlock } from './event-block.ts';
import { ListColumn, listValuesMax } from './list-column.ts';

const runs = { numRuns: Number(process.env['FUZZ_RUNS'] ?? 100) };

function encode(events: readonly Event[]): Buffer {
  const block = new EventBlock();
  for (const event of events) block.add(event);
  return Buffer.concat(encodeBlock(block.usedColumns(), block.rows));
}

const bytesText: fc.Arbitrary<string> = fc
  .uint8Array({ maxLength: 40 })
  .map((bytes) => decodeText(bytes))
  .filter((text) => text !== '');

/** Any value that a label can have and a column can hold. */
function anyValueOf(label: Label): fc.Arbitrary<unknown> {
  const { type, many } = fieldOf(label);
  if (many === true) return fc.array(bytesText, { minLength: 1, maxLength: 4 });
  switch (type) {
    case 'unsigned':
      return label === 'position'
        ? fc.maxSafeNat()
        : fc.oneof(fc.maxSafeNat(), fc.bigInt(2n ** 53n, 2n ** 64n - 1n).map(String));
    case 'integer':
      return label === 'generation'
        ? fc.nat()
        : label === 'eventNanos'
          ? fc.integer({ min: 1, max: 999_999 })
          : fc.maxSafeInteger();
    case 'decimal':
      return fc.integer({ min: -1e15, max: 1e15 }).map((billionths) => billionths / 1e9 || 0);
    case 'boolean':
      return fc.boolean();
    case 'instant':
      return fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2262, 0, 1) });
    case 'ip':
    case 'ipv4':
      return fc.ipV4();
    case 'ipv6':
      return fc.constantFrom('2001:db8::15', '::1', 'fe80::1:0:0:1');
    default:
      return bytesText;
  }
}

const always: readonly Label[] = ['eventTime', 'stream', 'generation', 'position'];
const rest: readonly Label[] = labels.filter((label) => !always.includes(label) && label !== 'eventId');

const anyEvent: fc.Arbitrary<Event> = fc
  .tuple(fc.tuple(...always.map(anyValueOf)), fc.uniqueArray(fc.constantFrom(...rest), { maxLength: 12 }))
  .chain(([identity, some]) =>
    fc
      .tuple(...some.map(anyValueOf))
      .map((values) =>
        Object.assign(
          createEvent(),
          Object.fromEntries(always.map((label, at) => [label, identity[at]])),
          Object.fromEntries(some.map((label, at) => [label, values[at]])),
        ),
      ),
  );

describe('events as Native blocks', () => {
  test('fuzz: what is encoded is decoded', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { minLength: 1, maxLength: 12 }), (events) => {
        const [block] = decodeBlocks(encode(events));
        const wanted = inOrder(undefined).filter((label) => label !== 'eventId');
        expect(block === undefined ? [] : eventRows(block, wanted)).toEqual(events.map(toPlain));
      }),
      runs,
    );
  });

  test('fuzz: a block is used again without a trace of what it held', () => {
    fc.assert(
      fc.property(
        fc.array(anyEvent, { minLength: 1, maxLength: 6 }),
        fc.array(anyEvent, { minLength: 1, maxLength: 6 }),
        (before, after) => {
          const block = new EventBlock();
          for (const event of before) block.add(event);
          encodeBlock(block.usedColumns(), block.rows);
          block.reset();
          for (const event of after) block.add(event);
          expect(Buffer.concat(encodeBlock(block.usedColumns(), block.rows)).equals(encode(after))).toBe(true);
        },
      ),
      runs,
    );
  });

  test('fuzz: bytes that are no answer end in an error of ours', () => {
    const real = encode([
      Object.assign(createEvent(), {
        eventTime: 1,
        stream: 's',
        generation: 0,
        position: 1,
        tags: ['a'],
        sourceIp: '::1',
      }),
    ]);
    const damaged = fc.tuple(fc.nat(real.length - 1), fc.nat(255), fc.nat(real.length)).map(([at, byte, end]) => {
      const copy = Buffer.from(real);
      copy[at] = byte;
      return copy.subarray(0, end);
    });
    fc.assert(
      fc.property(
        fc.oneof(
          damaged,
          fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
        ),
        (bytes) => {
          try {
            decodeBlocks(bytes);
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(AppError);
          }
        },
      ),
      runs,
    );
  });

  test('a block holds as many different words as rows', () => {
    const block = new EventBlock();
    const event = Object.assign(createEvent(), { eventTime: 1, stream: 's', generation: 0 });
    for (let row = 0; row < blockRowsMax; row++)
      block.add(Object.assign(event, { position: row, boundDn: `uid=${row}` }));
    const [decoded] = decodeBlocks(Buffer.concat(encodeBlock(block.usedColumns(), block.rows)));
    const names = decoded?.columns.find(({ name }) => name === 'boundDn')?.values;
    expect(new Set(names).size).toBe(blockRowsMax);
    expect(names?.at(-1)).toBe(`uid=${blockRowsMax - 1}`);
  });

  test('a list longer than a row may hold is cut and counted', () => {
    const column = new ListColumn();
    column.put(
      0,
      Array.from({ length: listValuesMax + 3 }, () => 'x'),
    );
    expect(column.unfit).toBe(3);
  });
});

test.each(['', 'a', 'ä', '\udcff', 'x'.repeat(127), 'x'.repeat(128), `${'x'.repeat(127)}é`, '\u{1f600}', '\ud800'])(
  'text %j is written with its length',
  (text) => {
    const bytes = new Bytes(1);
    bytes.text(text);
    const expected = encodeText(text);
    const written = bytes.view();
    const length = (written[0] ?? 0) < 0x80 ? 1 : 2;
    expect(written.subarray(length).equals(expected)).toBe(true);
  },
);

test.each([0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32, 2 ** 53 - 1])(
  'number %d is written in variable length',
  (number) => {
    const bytes = new Bytes(1);
    bytes.varint(number);
    let value = 0;
    let scale = 1;
    for (const byte of bytes.view()) {
      value += (byte & 0x7f) * scale;
      scale *= 128;
    }
    expect(value).toBe(number);
  },
);
