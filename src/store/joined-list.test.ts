import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinList, splitList } from './joined-list.ts';

const runs = { numRuns: Number(process.env['FUZZ_RUNS'] ?? 100) };
const awkward: fc.Arbitrary<string> = fc.string({ unit: fc.constantFrom('\u001e', '\u001f', 'e', 'u', 'x') });

test('fuzz: a list comes back as it was', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(awkward, fc.string())), (values) => {
      expect(splitList(joinList(values))).toEqual(values);
    }),
    runs,
  );
});

test.each([
  [[], ''],
  [[''], '\u001f'],
  [['cn', 'sn'], 'cn\u001fsn\u001f'],
])('%j is %j', (values, joined) => {
  expect(joinList(values)).toBe(joined);
});
