import { expect, test } from 'vitest';
import { isBlackout } from './blackouts.ts';

test.each([
  // 24 November 2026 is a Tuesday.
  ['in it', ['tue'], '08:00', '10:00', 'UTC', '2026-11-24T09:00:00Z', true],
  ['at its beginning', ['tue'], '08:00', '10:00', 'UTC', '2026-11-24T08:00:00Z', true],
  ['at its end', ['tue'], '08:00', '10:00', 'UTC', '2026-11-24T10:00:00Z', false],
  ['on another day', ['mon'], '08:00', '10:00', 'UTC', '2026-11-24T09:00:00Z', false],
  ['any day', [], '08:00', '10:00', 'UTC', '2026-11-24T09:00:00Z', true],
  ['before midnight', ['tue'], '22:00', '02:00', 'UTC', '2026-11-24T23:00:00Z', true],
  ['after midnight', ['tue'], '22:00', '02:00', 'UTC', '2026-11-25T01:00:00Z', true],
  ['after midnight of a day it does not begin on', ['wed'], '22:00', '02:00', 'UTC', '2026-11-25T01:00:00Z', false],
  ['to the end of the day', ['tue'], '22:00', '24:00', 'UTC', '2026-11-24T23:59:00Z', true],
  ['in another zone', ['tue'], '08:00', '10:00', 'America/New_York', '2026-11-24T13:30:00Z', true],
  ['by an offset', ['wed'], '00:00', '01:00', '+09:00', '2026-11-24T15:30:00Z', true],
])('%s', (_, days, from, to, zone, time, expected) => {
  expect(isBlackout([{ days, from, to, zone }], Date.parse(time))).toBe(expected);
});
