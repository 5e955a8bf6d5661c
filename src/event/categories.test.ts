import { expect, test } from 'vitest';
import { categoryModel, categoryNames, modelledTypes } from './categories.ts';
import { fieldOf } from './fields.ts';

test('every category and type has one OCSF class and activity, and a severity from 0 to 10', () => {
  const pairs = new Map(modelledTypes.map((one) => [one.pair, one]));
  expect(pairs.size).toBe(Object.values(categoryModel).reduce((sum, { types }) => sum + Object.keys(types).length, 0));
  for (const one of modelledTypes) {
    expect(Number.isInteger(one.ocsfClassUid) && Number.isInteger(one.ocsfActivityId), one.pair).toBe(true);
    expect(one.ocsfActivityId, one.pair).toBeLessThan(100);
    expect(one.severity >= 0 && one.severity <= 10, one.pair).toBe(true);
  }
});

test('only classes and activities of OCSF 1.8 are used', () => {
  // https://schema.ocsf.io/1.8.0: activities of the classes; 99 is "other" in all of them.
  const activities: Readonly<Record<number, readonly number[]>> = {
    0: [],
    1008: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    2004: [1, 2, 3],
    2005: [1, 2, 3],
    3001: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    3002: [1, 2, 3, 4, 5, 6, 7],
    3004: [1, 2, 3, 4, 5, 6, 7, 8, 9],
    3006: [1, 2, 3, 4, 5, 6, 7, 8],
    4001: [1, 2, 3, 4, 5, 6, 7],
    6002: [1, 2, 3, 4, 5, 6, 7, 8],
    6005: [1, 2, 3, 4, 5, 6, 7, 8],
    6008: [1],
  };
  for (const one of modelledTypes) {
    expect([...(activities[one.ocsfClassUid] ?? []), 99], one.pair).toContain(one.ocsfActivityId);
  }
});

test('the dictionary has the words of the model', () => {
  expect(fieldOf('eventCategory').values).toEqual(categoryNames);
  expect(new Set(fieldOf('eventType').values)).toEqual(new Set(modelledTypes.map((one) => one.type)));
});
