import { expect, test } from 'vitest';
import { type Label, type RecKey, recKeys } from '#event';
import { defineMapping } from './define-mapping.ts';
import type { MappingRow } from './mapping.ts';

const row = (from: string, to: string, more: Partial<MappingRow> = {}): MappingRow => ({
  // Rows are written by hand; these are written wrong on purpose.
  from: from as RecKey,
  to: to as Label,
  sample: 'x',
  about: 'x',
  ...more,
});

test.each<[guide: MappingRow[], extended: MappingRow[]]>([
  [[row('conn', 'sessionId'), row('filter', 'searchFilter')], [row('log', 'logName')]],
  [[], [row('attrs', 'requestedAttributes'), row('internal', 'internalOperation'), row('err', 'resultCode')]],
  [[], [row('client', 'sourceIp', { as: (value: string) => value })]],
  [[], [row('mech', 'saslMechanism'), row('method', 'saslMechanism')]],
])('mapping %# is right', (guide, extended) => {
  expect(defineMapping({ guide, extended })).toEqual({ guide, extended });
});

test.each<[guide: MappingRow[], extended: MappingRow[], found: string]>([
  [[row('conn', 'nope')], [], 'does not have'],
  [[row('conn', 'SESSIONID')], [], 'does not have'],
  [[row('nope', 'sessionId')], [], 'no record has'],
  [[row('log', 'logName')], [], 'none of the guide'],
  [[], [row('conn', 'sessionId')], 'belongs to the guide rows'],
  [[], [row('client', 'sourceIp')], 'takes a text as it is, but the label holds ip'],
  [[], [row('log', 'resultCode')], 'takes a text as it is, but the label holds integer'],
  [[], [row('log', 'resultNotes')], 'the label holds several enum'],
  [[], [row('attrs', 'logName')], 'takes a words as it is'],
])('mapping %# is refused: %s', (guide, extended, found) => {
  expect(() => defineMapping({ guide, extended })).toThrow(
    expect.objectContaining({ code: 'mapping-wrong', message: expect.stringContaining(found) }),
  );
});

test('every key can be named in a row', () => {
  expect(Object.keys(recKeys).every((key) => /^[A-Za-z][A-Za-z0-9]*$/.test(key))).toBe(true);
});
