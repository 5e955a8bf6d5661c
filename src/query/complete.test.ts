import { describe, expect, test } from 'vitest';
import { check, complete, describeAt, parse } from './index.ts';

/** Completes where `|` stands in the text. */
function completeAt(marked: string): {
  readonly inserts: readonly string[];
  readonly from: number;
  readonly to: number;
} {
  const cursor = marked.indexOf('|');
  const { items, from, to } = complete(marked.replace('|', ''), cursor);
  return { inserts: items.map(({ insert }) => insert), from, to };
}

describe('completion', () => {
  test.each([
    ['|', ['eventTime', 'not'], 0],
    ['eventS|', ['eventSubType'], 0],
    ['ip|', ['sourceIp', 'destinationIp'], 0],
    ['eventSubType|', ['eventSubType', 'eventSubType: ', 'eventSubType is null'], 0],
    ['eventSubType |', [': ', 'is null', 'is not null', 'and', 'or'], 13],
    ['count is|', ['is null', 'is not null'], 6],
    ['count |', ['> ', '<= '], 6],
    ['distinguishedName un|', ['under '], 18],
    ['eventSubType: |', ['BIND', 'SRCH'], 14],
    ['eventSubType:|', ['BIND', 'SRCH'], 13],
    ['eventSubType: bi|', ['BIND', 'BIND_SUCCESS'], 14],
    ['eventSubType: [MOD, BI|', ['BIND'], 20],
    ['method: (SA|', ['SASL'], 9],
    ['method: "sa|', ['"SASL"'], 8],
    ['method: `SA|', ['`SASL`'], 8],
    ['secureConnection: t|', ['true'], 18],
    ['eventTime: |', ['[now-1d .. now]'], 11],
    ['eventTime: [|', ['now'], 12],
    ['boundDn under |', [], 14],
    ['count: 5 |', ['and', 'or'], 9],
    ['count: 5 a|', ['and'], 9],
    ['(count: 5) |', ['and', 'or'], 11],
    ['count: 5 and |', ['eventTime', 'not'], 13],
    ['not |', ['eventTime'], 4],
    ['count: 5 and eve|nt: 3', ['eventTime'], 13],
    ['sourceAsset: (name: |', ['*'], 20],
  ])('%s', (marked, expected, from) => {
    const completion = completeAt(marked);
    expect(completion.inserts).toEqual(expect.arrayContaining(expected));
    expect(completion.from).toBe(from);
    expect(completion.to).toBe(marked.indexOf('|'));
  });

  test.each([
    ['a connective right behind a connective', 'count: 5 and |', 'and'],
    ['a connective in a range', 'eventTime: [now-1d .. |', 'and'],
    ['a range in a range', 'eventTime: [|', '[now-1d .. now]'],
    ['a wildcard for under', 'boundDn under |', '*'],
    ['a comparison for text', 'method |', '> '],
  ])('does not offer %s', (_, marked, insert) => expect(completeAt(marked).inserts).not.toContain(insert));

  test('what is inserted for a field with values makes a query that checks', () => {
    const text = 'eventSubType: ';
    const { items, from } = complete(text, text.length);
    expect(items.length).toBeGreaterThan(10);
    for (const { insert } of items) {
      expect(check(parse(text.slice(0, from) + insert), { now: 0, zone: 'UTC' }).kind).toBe('condition');
    }
  });
});

describe('help', () => {
  test.each([
    ['method: SASL', 3, 'method'],
    ['method: SASL and count > 5', 25, 'count'],
    ['(not method: [SASL, SIMPLE])', 15, 'method'],
    ['method', 6, 'method'],
    ['sourceAsset: (name: web)', 20, 'sourceAssetName'],
    ['method: SASL and ', 17, undefined],
    ['', 0, undefined],
  ])('%s at %i', (text, cursor, label) => expect(describeAt(text, cursor)?.label).toBe(label));

  test('says what a field is, with a sample to copy', () => {
    expect(describeAt('DURATION: 1', 3)).toMatchObject({
      label: 'duration',
      group: 'guide',
      type: 'decimal',
      many: false,
      about: expect.stringContaining('seconds'),
      sample: 'duration: 0.008905371',
    });
  });
});
