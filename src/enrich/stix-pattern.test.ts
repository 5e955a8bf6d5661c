import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readStixPattern } from './stix-pattern.ts';

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 100);

test.each<[string, readonly string[] | undefined, number]>([
  ["[ipv4-addr:value = '198.51.100.1']", ['198.51.100.1'], 0],
  ["[ipv6-addr:value='2001:db8::1']", ['2001:db8::1'], 0],
  ["[ipv4-addr:value = '198.51.100.0/24']", ['198.51.100.0/24'], 0],
  ["[ipv4-addr:value ISSUBSET '198.51.100.0/24']", ['198.51.100.0/24'], 0],
  ["[ipv4-addr:value IN ('198.51.100.1', '198.51.100.2')]", ['198.51.100.1', '198.51.100.2'], 0],
  ["[ipv4-addr:value = '1.1.1.1' OR ipv4-addr:value = '2.2.2.2']", ['1.1.1.1', '2.2.2.2'], 0],
  ["[ipv4-addr:value = '1.1.1.1'] OR [ipv4-addr:value = '2.2.2.2']", ['1.1.1.1', '2.2.2.2'], 0],
  ["[ipv4-addr:value = '1.1.1.1' OR domain-name:value = 'evil.example']", ['1.1.1.1'], 1],
  ["[domain-name:value = 'it\\'s.example']", [], 1],
  ["[file:hashes.'SHA-256' = 'aa']", undefined, 0],
  // Whatever narrows the pattern must not be left out.
  ["[ipv4-addr:value = '1.1.1.1' AND domain-name:value = 'a.example']", undefined, 0],
  ["[ipv4-addr:value = '1.1.1.1'] AND [ipv4-addr:value = '2.2.2.2']", undefined, 0],
  ["[ipv4-addr:value = '1.1.1.1'] FOLLOWEDBY [ipv4-addr:value = '2.2.2.2']", undefined, 0],
  ["[ipv4-addr:value NOT = '1.1.1.1']", undefined, 0],
  ["[ipv4-addr:value != '1.1.1.1']", undefined, 0],
  ["[ipv4-addr:value = '1.1.1.1'] WITHIN 5 SECONDS", undefined, 0],
  ["[ipv4-addr:value LIKE '1.1.%']", undefined, 0],
  ["[ipv4-addr:value = '1.1.1.1'", undefined, 0],
  ["[ipv4-addr:value = '1.1.1.1", undefined, 0],
  ['', undefined, 0],
])('%s', (pattern, addresses, others) => {
  expect(readStixPattern(pattern)).toEqual(addresses === undefined ? undefined : { addresses, others });
});

test('fuzz: any text at all gives an answer, and never an error', () => {
  const parts = fc.constantFrom(
    '[',
    ']',
    "'",
    "'a'",
    '=',
    ' OR ',
    ' IN ',
    '(',
    ')',
    ',',
    'ipv4-addr:value',
    '\\',
    ' ',
    '<',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(parts, { maxLength: 40 }).map((some) => some.join('')),
      ),
      (pattern) => {
        const read = readStixPattern(pattern);
        expect(read === undefined || Array.isArray(read.addresses)).toBe(true);
      },
    ),
    { numRuns },
  );
});

test('takes time in proportion to its length', () => {
  const started = performance.now();
  readStixPattern(`[ipv4-addr:value = '${"\\'".repeat(400_000)}`);
  readStixPattern(`[ipv4-addr:value IN (${"'1.1.1.1',".repeat(90_000)}'1.1.1.1')]`);
  expect(performance.now() - started).toBeLessThan(5_000);
});
