import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '#error';
import { checkDatabase } from './check-database.ts';
import { testContent } from './test-content.ts';
import { type TestDatabase, writeTestDatabase } from './test-database.ts';

async function refusal(bytes: Buffer): Promise<string | undefined> {
  try {
    await checkDatabase(testContent('x.mmdb', bytes));
    return undefined;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'enrichment-file-invalid') return thrown.message;
    throw thrown;
  }
}

const database: TestDatabase = {
  type: 'Test-City',
  records: {
    '8.0.0.0/8': { country: { iso_code: 'US' }, names: ['a', 'b'], anycast: true, latitude: 1.5 },
    '2001:db8::/32': { asn: 64_500 },
  },
};

/** A database whose first record is these bytes. */
function withRecord(record: Buffer): Buffer {
  const mark = Buffer.from('RECORD-OF-THE-TEST-WITH-ITS-ROOM', 'latin1');
  const room = Buffer.alloc(Math.max(record.length, mark.length));
  const bytes = writeTestDatabase({
    type: 'Test-City',
    records: { '8.0.0.0/8': mark.toString('latin1') + 'x'.repeat(room.length) },
  });
  // Before the text stand its type and its length.
  const at = bytes.indexOf(mark) - (mark.length + room.length < 285 ? 2 : 3);
  record.copy(bytes, at);
  return bytes;
}

test('databases of all shapes pass', async () => {
  expect(await refusal(writeTestDatabase(database))).toBeUndefined();
  expect(
    await refusal(writeTestDatabase({ ...database, ipVersion: 4, records: { '8.0.0.0/8': 'x' } })),
  ).toBeUndefined();
});

test('records that unfold without end, or lead in a circle, are refused at once', async () => {
  // Each map holds the next one twice: 29 of them unfold into half a billion values.
  const levels = 29;
  const doubling = Buffer.concat(
    Array.from({ length: levels }, (_, level) => {
      const next = (level + 1) * 9;
      const pointer = Buffer.from([0x20 | (next >> 8), next & 255]);
      return Buffer.concat([Buffer.from([0xe2, 0x41, 0x61]), pointer, Buffer.from([0x41, 0x62]), pointer]);
    }).concat(Buffer.from([0x41, 0x7a])),
  );
  const begun = performance.now();
  expect(await refusal(withRecord(doubling))).toMatch(/more than 10000 values/);
  expect(performance.now() - begun).toBeLessThan(1_000);
  expect(await refusal(withRecord(Buffer.from([0x20, 0x00])))).toMatch(/in a circle/);
});

test.each<[string, Buffer]>([
  ['empty', Buffer.alloc(0)],
  ['a marker alone', Buffer.from('abcdef4d61784d696e642e636f6d', 'hex')],
  ['a pointer out of the file', withRecord(Buffer.from([0x38, 0xff, 0xff, 0xff, 0xff]))],
  ['an array of millions', withRecord(Buffer.from([0x1f, 0x04, 0xff, 0xff, 0xff]))],
  ['a type that is none', withRecord(Buffer.from([0x00, 0x05]))],
])('%s is refused', async (_, bytes) => expect(await refusal(bytes)).toMatch(/x\.mmdb cannot be used/));

test('a tree that is larger than the file is refused', async () => {
  const whole = writeTestDatabase(database);
  expect(await refusal(whole.subarray(Math.floor(whole.length / 2)))).toMatch(/cannot be used/);
});

test('fuzz: whatever is done to a database, it passes or is refused', async () => {
  const whole = writeTestDatabase(database);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      fc.nat(whole.length),
      async (changes, length) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of changes) bytes[at] = value;
        await refusal(bytes);
        await refusal(bytes.subarray(0, length));
      },
    ),
    { numRuns: Number(process.env['FUZZ_RUNS'] ?? 200) },
  );
});
