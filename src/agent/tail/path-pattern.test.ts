import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodeFileSystem } from '../node-file-system.ts';
import { findPaths, matchesName } from './path-pattern.ts';

test.each([
  ['access', 'access', true],
  ['access', 'access.1', false],
  ['access*', 'access.20261124-101500', true],
  ['*', '', true],
  ['slapd-*', 'slapd-corp', true],
  ['slapd-?', 'slapd-a', true],
  ['slapd-?', 'slapd-ab', false],
  ['a*b*c', 'aXbYbZc', true],
  ['a*b*c', 'aXbYbZ', false],
  ['[a-c]x', 'bx', true],
  ['[!a-c]x', 'bx', false],
  ['[abc', '[abc', true],
  ['x[1-9]', 'x5', true],
])('%s and %s: %s', (pattern, name, expected) => {
  expect(matchesName(pattern, name)).toBe(expected);
});

test('fuzz: a pattern of stars and letters fits as the regular expression of it does', () => {
  const part = fc.constantFrom('a', 'b', '*', '?');
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 8 }),
      fc.array(fc.constantFrom('a', 'b'), { maxLength: 12 }),
      (one, two) => {
        const expression = one.map((piece) => (piece === '*' ? '.*' : piece === '?' ? '.' : piece)).join('');
        expect(matchesName(one.join(''), two.join(''))).toBe(new RegExp(`^${expression}$`).test(two.join('')));
      },
    ),
    { numRuns: Number(process.env['FUZZ_RUNS'] ?? 300) },
  );
});

test('a hostile name costs no more than its length', () => {
  const begun = performance.now();
  expect(matchesName(`${'*a'.repeat(20)}b`, 'a'.repeat(255))).toBe(false);
  expect(performance.now() - begun).toBeLessThan(200);
});

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-paths-'));
  for (const name of ['slapd-a', 'slapd-b', 'slapd-b/old', 'other', '.hidden']) await mkdir(join(folder, name));
  for (const name of ['slapd-a/access', 'slapd-a/.access', 'slapd-b/access', 'slapd-b/old/access.1', 'other/access']) {
    await writeFile(join(folder, name), '');
  }
});
afterAll(() => rm(folder, { recursive: true }));

test.each([
  ['slapd-*/access', ['slapd-a/access', 'slapd-b/access']],
  ['slapd-*/acc*', ['slapd-a/access', 'slapd-b/access']],
  ['slapd-b/**/*', ['slapd-b/access', 'slapd-b/old/access.1']],
  ['nowhere/*', []],
])('%s finds %j', async (pattern, expected) => {
  const found = await findPaths(nodeFileSystem, [`${folder}/${pattern}`], (name, segment) =>
    matchesName(segment, name),
  );
  const paths = [...found.folders].flatMap(([where, names]) => names.map((name) => `${where}/${name}`));
  // A folder among the names is told from files later.
  expect(paths.filter((path) => !path.endsWith('/old'))).toEqual(expected.map((path) => `${folder}/${path}`));
});

test('patterns that find nothing are told', async () => {
  const patterns = [`${folder}/slapd-*/access`, `${folder}/slapd-*/errors`, `${folder}/nowhere/*`];
  const found = await findPaths(nodeFileSystem, patterns, (name, segment) => matchesName(segment, name));
  expect(found.unmatched).toEqual(patterns.slice(1));
});

test('a relative pattern finds nothing', async () => {
  expect((await findPaths(nodeFileSystem, ['etc/*'], () => true)).folders.size).toBe(0);
});
