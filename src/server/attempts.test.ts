import { expect, test } from 'vitest';
import { createAttempts } from './attempts.ts';

test('an address may fail so often in a window, and then is told how long to wait', () => {
  let now = 1_000;
  const attempts = createAttempts(2, 60_000, () => now);
  expect([attempts.fail('192.0.2.1'), attempts.fail('192.0.2.1')]).toEqual([0, 0]);
  now += 15_000;
  expect(attempts.fail('192.0.2.1')).toBe(45);
  expect(attempts.fail('192.0.2.2')).toBe(0);
  now += 45_000;
  expect(attempts.fail('192.0.2.1')).toBe(0);
  expect(attempts.total).toBe(5);
});

test('a flood of addresses does not grow the memory without end', () => {
  const attempts = createAttempts(1, 60_000, () => 0);
  attempts.fail('first');
  for (let at = 0; at < 10_000; at++) attempts.fail(`2001:db8::${at.toString(16)}`);
  // Forgotten, so it may fail again.
  expect(attempts.fail('first')).toBe(0);
});
