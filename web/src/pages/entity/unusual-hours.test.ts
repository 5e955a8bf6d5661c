import { expect, test } from 'vitest';
import { unusualHours } from './unusual-hours.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** A Monday, midnight UTC. */
const monday = Date.UTC(2026, 9, 5);

/** Office hours on working days of some weeks, and what else there was. */
function answer(weeks: number, extra: readonly number[] = []) {
  const times: number[] = [];
  for (let at = 0; at < weeks * 7; at++) {
    if (at % 7 > 4) continue;
    for (let clock = 8; clock < 17; clock++) times.push(monday + at * day + clock * hour);
  }
  const buckets = [...times, ...extra].sort((one, other) => one - other).map((from) => ({ from, count: 3 }));
  return { intervalMs: hour, buckets };
}

const friday = monday + 5 * 7 * day + 4 * day + 16.5 * hour;

test('nothing is unusual about the usual, nor about a little earlier or later', () => {
  const early = friday - day + (7 - 16.5) * hour;
  const found = unusualHours(answer(6, [early]), 'UTC', friday);
  expect(found).toMatchObject({ state: 'told', unusual: [] });
});

test('a night and a Sunday are', () => {
  const night = monday + 5 * 7 * day + 2 * day + 3 * hour;
  const sunday = monday + 4 * 7 * day + 6 * day + 12 * hour;
  expect(unusualHours(answer(6, [night, sunday]), 'UTC', friday)).toEqual({
    state: 'told',
    daysBefore: 32,
    activeHours: 48,
    unusual: [
      { from: sunday, count: 3, day: 6, hour: 12 },
      { from: night, count: 3, day: 2, hour: 3 },
    ],
  });
});

test('hours are those of the zone, and Sunday night is beside Monday morning', () => {
  const found = unusualHours(answer(6, [monday + 5 * 7 * day + 2 * day + 3 * hour]), 'Asia/Tokyo', friday);
  expect(found).toMatchObject({ unusual: [{ day: 2, hour: 12 }] });
  const late = {
    intervalMs: hour,
    buckets: [0, 7, 14, 21, 28, 35].map((at) => ({ from: monday + at * day, count: 1 })),
  };
  const sunday = { from: monday + 41 * day + 23 * hour, count: 1 };
  const all = { ...late, buckets: [...late.buckets, sunday] };
  expect(unusualHours(all, 'UTC', sunday.from + hour)).toMatchObject({ state: 'told', unusual: [] });
});

test.each([
  ['nothing', { intervalMs: hour, buckets: [] }],
  ['an hour', { intervalMs: hour, buckets: [{ from: friday - hour, count: 9 }] }],
  ['two weeks', answer(2)],
  [
    'four days long ago',
    { intervalMs: hour, buckets: [0, 1, 2, 3].map((at) => ({ from: monday + at * day, count: 1 })) },
  ],
])('%s is too little to tell', (_, known) => {
  const last = known.buckets.at(-1)?.from ?? friday;
  expect(unusualHours(known, 'UTC', known.buckets.length === 4 ? friday : last)).toMatchObject({ state: 'too-little' });
});
