import { expect, test } from 'vitest';
import { formatBytes, formatCount, formatSeconds, progressText } from './read-progress.ts';

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [1234567, '1,234,567'],
])('%i is shown as %s', (count, text) => {
  expect(formatCount(count)).toBe(text);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [305_449_500, '305 MB'],
  [2e13, '20.0 TB'],
])('%i bytes are shown as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0.42, '0.4 s'],
  [42, '42 s'],
  [91, '1 min 31 s'],
  [7260, '2 h 1 min'],
])('%f seconds are shown as %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});

test('the bar says how far, how fast, and how long still', () => {
  const standing = { consumedBytes: 25_000_000, lines: 500_000 };
  expect(progressText(standing, 100_000_000, 5)).toBe(
    '██████░░░░░░░░░░░░░░░░░░ 25 %  500,000 lines, 100,000/s  15 s left',
  );
  expect(progressText(standing, 0, 5)).toBe('25.0 MB  500,000 lines, 100,000/s');
});
