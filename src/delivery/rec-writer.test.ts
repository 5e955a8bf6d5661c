import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRec, type Rec, type RecType, recKeyNames, recKeys } from '#event';
import { RecWriter } from './rec-writer.ts';

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 300);

/** What a writer makes of records, one behind the other, behind some other bytes. */
function written(...recs: readonly Rec[]): string {
  const bytes = Buffer.alloc(200_000);
  const writer = new RecWriter();
  let at = 7;
  for (const rec of recs) at = writer.write(rec, bytes, at) ?? Number.NaN;
  return bytes.toString('utf8', 7, at);
}

function lines(...recs: readonly Rec[]): string {
  return recs.map((rec) => `${JSON.stringify(rec)}\n`).join('');
}

test.each([
  ['nothing', {}],
  ['one key', { conn: 0 }],
  ['a number too large for a number', { conn: '18446744073709551615' }],
  ['times', { EventTime: 1_795_510_125_732, nanos: 999_999, requestTime: -1 }],
  ['durations', { etime: 0.015717345, wtime: 0.000000001, optime: 12.5, wbusy: 1e-7, writetime: 0.1 + 0.2 }],
  ['what is no number', { etime: Number.NaN, wtime: Number.POSITIVE_INFINITY, optime: -0 }],
  ['characters with a meaning', { raw: 'filter="(cn=\\2a)"\t\u0000\u007f\u2028é😀\ud800', dn: '' }],
  ['words', { attrs: [], notes: ['A'], controls: ['"', 'b', ''] }],
  ['truth', { internal: true, persistent: false }],
] satisfies [string, Partial<Rec>][])('writes %s as JSON', (_what, keys) => {
  const rec = Object.assign(createRec(), keys);
  expect(written(rec, rec)).toBe(lines(rec, rec));
});

test('a record is not written as the one before when that no longer stands there', () => {
  const one = Object.assign(createRec(), { client: '192.0.2.1', conn: 1 });
  const other = Object.assign(createRec(), { client: '192.0.2.2' });
  const writer = new RecWriter();
  const bytes = [Buffer.alloc(200), Buffer.alloc(200)] as const;
  const write = (rec: Rec, to: Buffer, at: number): string => to.toString('utf8', at, writer.write(rec, to, at));
  expect(write(one, bytes[0], 0)).toBe(lines(one));
  expect(write(one, bytes[1], 0)).toBe(lines(one));
  bytes[1].fill(0);
  expect(write(one, bytes[1], 0)).toBe(lines(one));
  expect(write(one, bytes[1], 100)).toBe(lines(one));
  expect(write(other, bytes[1], 0)).toBe(lines(other));
  expect(writer.write(one, bytes[1], 190)).toBeUndefined();
  expect(write(one, bytes[1], 0)).toBe(lines(one));
});

test('what one record begins with can stand in the midst of the next', () => {
  const one = Object.assign(createRec(), { client: '192.0.2.1' });
  const other = Object.assign(createRec(), { conn: 1, client: '192.0.2.1' });
  expect(written(one, other, one)).toBe(lines(one, other, one));
});

test('gives nothing where the bytes do not suffice, and touches none before its place', () => {
  const rec = Object.assign(createRec(), { conn: 7, raw: 'é"x"', attrs: ['a', 'b'], etime: 0.25, internal: true });
  const { length } = Buffer.from(lines(rec));
  for (let room = 0; room < length; room++) {
    const bytes = Buffer.alloc(room + 3, 0x2e);
    expect(new RecWriter().write(rec, bytes, 3)).toBeUndefined();
    expect(bytes.toString('latin1', 0, 3)).toBe('...');
  }
});

const values: { readonly [T in RecType]: fc.Arbitrary<unknown> } = {
  number: fc.oneof(
    fc.double(),
    fc.maxSafeInteger(),
    fc.maxSafeNat().map((nanos) => nanos / 1e9),
    fc.nat(2_000_000_000).map((nanos) => nanos / 1e9),
  ),
  unsigned: fc.oneof(fc.maxSafeNat(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }).map(String)),
  text: fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })),
  boolean: fc.boolean(),
  words: fc.array(fc.string(), { maxLength: 4 }),
};

test('fuzz: whatever a record holds is written as JSON.stringify does', () => {
  const record = fc.record(Object.fromEntries(recKeyNames.map((key) => [key, values[recKeys[key]]])), {
    requiredKeys: [],
  });
  fc.assert(
    fc.property(
      fc.array(record, { minLength: 1, maxLength: 3 }),
      fc.array(fc.nat(2), { maxLength: 4 }),
      (keys, order) => {
        const recs = keys.map((one) => Object.assign(createRec(), one));
        const [first = createRec()] = recs;
        // Records that have some keys of another one besides their own.
        const all = order.flatMap((place) => [first, Object.assign(createRec(), first, keys[place])]);
        expect(written(...all)).toBe(lines(...all));
      },
    ),
    { numRuns },
  );
});
