import { expect, test } from 'vitest';
import { readYaml } from './yaml.ts';

const limits = { lengthMax: 2_000_000, aliasesMax: 10 };

test.each([
  ['brackets', '['.repeat(5_000)],
  ['braces with keys', '{a: '.repeat(5_000)],
  ['brackets, a line each', '[\n'.repeat(5_000)],
  ['dashes in one line', '- '.repeat(5_000)],
  ['keys of keys', '? '.repeat(5_000)],
  ['lists of keys', '- ? '.repeat(5_000)],
  ['indentation', Array.from({ length: 1_000 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')],
])('%s by the thousand are too deep', (_, text) => expect(readYaml(text, limits).refusal?.why).toBe('too-deep'));

test.each([
  ['a long list', '- {a: [1, 2], b: x}\n'.repeat(5_000)],
  ['a long line', `a: ${'x'.repeat(100_000)}`],
  ['words with hyphens', `a: ${'b-c '.repeat(10_000)}`],
  ['a long map', Array.from({ length: 20_000 }, (_value, at) => `k${at}: 1\n`).join('')],
  ['forty levels', Array.from({ length: 40 }, (_, level) => `${'  '.repeat(level)}a:`).join('\n')],
])('%s is not, and read in a moment', (_, text) => {
  const before = performance.now();
  expect(readYaml(text, limits).refusal).toBeUndefined();
  expect(performance.now() - before).toBeLessThan(4_000);
});

test.each([
  ['too-long', ' '.repeat(2_000_001)],
  ['syntax', 'a: b: c'],
  ['syntax', 'a: 1\nb: {c: 1, "c": 2}'],
  ['aliases', 'a: *b'],
  ['aliases', `a: &a [1]\nb: [${Array(20).fill('*a').join(', ')}]`],
])('%s is a refusal of its own', (why, text) => expect(readYaml(text, limits).refusal?.why).toBe(why));
