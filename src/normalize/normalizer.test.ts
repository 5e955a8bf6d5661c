import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRec, labels, type Rec, type RecType, recKeyNames, recKeys, toPlain } from '#event';
import { createNormalizer } from './normalizer.ts';
import { Rejection } from './rejection.ts';
import { sampleSource } from './sample-source.ts';

const runs = { numRuns: Number(process.env['FUZZ_RUNS'] ?? 100) };

function record(keys: Partial<Rec>): Rec {
  return Object.assign(createRec(), { EventTime: 1741335302004, stream: 's', position: 7, source: 'sample' }, keys);
}

function normalize(keys: Partial<Rec>): ReturnType<typeof toPlain> | Rejection {
  const event = createNormalizer([sampleSource()], { clock: () => 99 }).normalize(record(keys));
  return event instanceof Rejection ? event : toPlain(event);
}

const always = {
  eventTime: 1741335302004,
  deviceVendor: 'Vendor',
  eventId: 's-0-7',
  ingestTime: 99,
  source: 'sample',
  stream: 's',
  generation: 0,
  position: 7,
  mappingVersion: '7',
  correlation: 'none',
};

describe('an event', () => {
  test.each<[what: string, keys: Partial<Rec>, labels: object]>([
    ['says at least what every event says', {}, {}],
    [
      'takes values as they are',
      { conn: '18446744073709551615', op: -1, etime: 0.008905371 },
      { sessionId: '18446744073709551615', operationNumber: -1, duration: 0.008905371 },
    ],
    [
      'keeps zero and false',
      { conn: 0, nentries: 0, internal: false },
      { sessionId: 0, count: 0, internalOperation: false },
    ],
    ['has no label for an empty text or list', { base: '', attrs: [], verb: '' }, {}],
    ['has what a row makes of a value', { verb: 'bind' }, { eventSubType: 'BIND' }],
    ['takes the first row that gives a label', { mech: 'PLAIN', method: 'x' }, { saslMechanism: 'PLAIN' }],
    ['takes the next row when the first has nothing', { mech: '', method: 'x' }, { saslMechanism: 'of x' }],
    ["takes the record's word over what is the same for all", { DeviceModel: 'Vendor' }, { deviceVendor: 'Vendor' }],
    [
      'carries folded DNs',
      { dn: 'UID=A, DC=Com', base: 'DC=Com', boundDn: 'CN=B' },
      {
        distinguishedName: 'UID=A, DC=Com',
        distinguishedNameFolded: 'uid=a,dc=com',
        requestContext: 'DC=Com',
        requestContextFolded: 'dc=com',
        boundDn: 'CN=B',
        boundDnFolded: 'cn=b',
      },
    ],
    ['has no folded DN of what is none', { dn: '???' }, { distinguishedName: '???' }],
    [
      'carries facts of the filter',
      { filter: '(&(A=b)(c=*))' },
      {
        searchFilter: '(&(A=b)(c=*))',
        searchFilterShape: '(&(a=?)(c=*))',
        searchFilterDepth: 2,
        searchFilterAttributes: ['a', 'c'],
      },
    ],
    ['has no facts of what is no filter', { filter: '???' }, { searchFilter: '???' }],
    [
      'says where the record stood',
      { stream: 'abc', generation: 2, position: 12, agent: 'g', nanos: 345 },
      { eventId: 'abc-2-12', stream: 'abc', generation: 2, position: 12, agentId: 'g', eventNanos: 345 },
    ],
    ['says how well it is correlated', { correlation: 'partial' }, { correlation: 'partial' }],
    [
      'carries tags, and the mark of the root DN',
      { tags: ['suspect-forged'], rootDn: true },
      { tags: ['suspect-forged', 'root-dn'] },
    ],
    ['carries unknown keys', { extra: '{"x":1}' }, { extra: '{"x":1}' }],
  ])('%s', (_, keys, expected) => {
    expect(normalize(keys)).toEqual({ ...always, ...expected });
  });
});

describe('a record that becomes no event', () => {
  test.each<[Partial<Rec>, string]>([
    [{ EventTime: undefined }, 'no-time'],
    [{ EventTime: Number.NaN }, 'no-time'],
    [{ EventTime: 1.5 }, 'no-time'],
    [{ EventTime: -1 }, 'time-out-of-range'],
    [{ EventTime: 9_300_000_000_000 }, 'time-out-of-range'],
    [{ stream: undefined }, 'no-identity'],
    [{ position: undefined }, 'no-identity'],
    [{ source: 'other' }, 'unknown-source'],
    [{ tag: 666 }, 'mapping-failed'],
  ])('%j: %s', (keys, code) => {
    expect(normalize(keys)).toMatchObject({ code });
  });

  test('a row that fails is named, the record is not quoted', () => {
    expect(normalize({ tag: 666, raw: 'secret' })).toEqual(new Rejection('mapping-failed', 'resultTag'));
  });

  test('without a source it is that of its device, or the only one', () => {
    const other = { ...sampleSource(), id: 'other', vendor: 'Else', product: 'Else' };
    const both = createNormalizer([sampleSource(), other]);
    expect(both.normalize(record({ source: undefined, DeviceModel: 'Else' }))).toMatchObject({ source: 'other' });
    expect(both.normalize(record({ source: undefined }))).toMatchObject({ code: 'unknown-source' });
    expect(normalize({ source: undefined })).toMatchObject({ source: 'sample' });
  });
});

test('coverage tells which keys no row takes', () => {
  const normalizer = createNormalizer([sampleSource()]);
  for (const keys of [
    { code: 'U1', details: 'left on purpose' },
    { code: 'A1', extra: '{"foo":1,"bar":{}}' },
    { extra: 'x' },
    { EventTime: undefined, code: 'U1' },
  ]) {
    normalizer.normalize(record(keys));
  }
  expect(normalizer.coverage()).toEqual([
    {
      source: 'sample',
      records: 3,
      unmapped: [
        { key: 'code', records: 2 },
        { key: 'bar', records: 1 },
        { key: 'extra', records: 1 },
        { key: 'foo', records: 1 },
      ],
    },
  ]);
});

test('any record: an event of dictionary labels or a rejection, and never a throw (fuzz)', () => {
  const normalizer = createNormalizer([sampleSource()]);
  const values: Record<RecType, fc.Arbitrary<unknown>> = {
    number: fc.double(),
    unsigned: fc.nat(),
    text: fc.string(),
    boolean: fc.boolean(),
    words: fc.array(fc.string()),
  };
  const rec = fc.record(
    Object.fromEntries(recKeyNames.map((key) => [key, fc.option(values[recKeys[key]], { nil: undefined })])),
  );
  fc.assert(
    fc.property(rec, fc.boolean(), (keys, isUsable) => {
      const event = normalizer.normalize(
        isUsable ? record({ ...keys, EventTime: 1, stream: 's', position: 0, source: 'sample' }) : record(keys),
      );
      if (event instanceof Rejection) return;
      expect(Object.keys(event)).toEqual(labels);
      for (const value of Object.values(event))
        expect(value === '' || (Array.isArray(value) && value.length === 0)).toBe(false);
    }),
    runs,
  );
});
