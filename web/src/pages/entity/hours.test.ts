import { expect, test } from 'vitest';
import { weekOf } from './hours.ts';

test('hours fall into the week of the zone', () => {
  const at = (text: string, count: number) => ({ from: Date.parse(text), count });
  const answer = {
    intervalMs: 3_600_000,
    buckets: [at('2026-11-23T23:00:00Z', 2), at('2026-11-24T23:00:00Z', 0), at('2026-11-30T23:00:00Z', 3)],
  };
  expect(weekOf(answer, 'UTC')[0]?.[23]).toBe(5);
  expect(weekOf(answer, 'Europe/Berlin')[1]?.[0]).toBe(5);
  expect(
    weekOf(answer, 'Europe/Berlin')
      .flat()
      .reduce((sum, count) => sum + count, 0),
  ).toBe(5);
});
