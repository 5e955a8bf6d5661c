import { expect, test } from 'vitest';
import { readQuestion } from './question.ts';

const now = Date.UTC(2026, 10, 24, 12);
const at = (hour: number, day = 24) => Date.UTC(2026, 10, day, hour);

test.each([
  ['nothing', {}, undefined, undefined],
  ['empty texts', { from: ' ', to: '' }, undefined, undefined],
  ['instants', { from: '2026-11-24T10:00:00Z', to: '2026-11-24T11:00:00Z' }, at(10), at(11)],
  ['days: the last one is part of it', { from: '2026-11-23', to: '2026-11-24' }, at(0, 23), at(0, 25)],
  ['a zone', { from: '2026-11-24', to: '2026-11-24T10:00:00', zone: '+02:00' }, at(-2), at(8)],
  ['relative', { from: 'now-2h', to: 'now' }, at(10), now],
  ['epoch milliseconds', { from: String(at(1)), to: String(at(2)) }, at(1), at(2)],
])('a window: %s', (_, parameters, from, to) => {
  expect(readQuestion(parameters, now)).toEqual({ condition: { kind: 'always' }, from, to });
});

test.each([
  ['a date that is none', { from: 'yesterday' }, 'bad-date'],
  ['a day that is none', { to: '2026-02-30' }, 'bad-date'],
  ['a zone that is none', { zone: '../etc' }, 'bad-zone'],
  ['a broken query', { q: 'eventSubType: (BIND' }, 'unbalanced'],
])('refuses %s', (_, parameters, code) => {
  expect(() => readQuestion(parameters, now)).toThrow(expect.objectContaining({ code }));
});
