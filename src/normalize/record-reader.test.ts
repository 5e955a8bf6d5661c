import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Rec, recKeyNames, recKeys } from '#event';
import { extraLengthMax } from './extra-keys.ts';
import { valueLengthMax } from './read-value.ts';
import { createRecordReader, recordKeysMax } from './record-reader.ts';
import { Rejection } from './rejection.ts';
import { sampleSource } from './sample-source.ts';

const runs = { numRuns: Number(process.env['FUZZ_RUNS'] ?? 100) };
const origin = { stream: 'batch', generation: 1, position: 30, raw: 'as it came' };
const read = createRecordReader([sampleSource()], { zone: '+01:00' });

function readPlain(value: unknown): Record<string, unknown> | Rejection {
  const rec = read(value, origin);
  if (rec instanceof Rejection) return rec;
  return Object.fromEntries(recKeyNames.filter((key) => rec[key] !== undefined).map((key) => [key, rec[key]]));
}

const always = { source: 'sample', stream: 'batch', generation: 1, position: 30, raw: 'as it came' };

describe('reads', () => {
  test.each<[what: string, value: object, rec: Partial<Rec>]>([
    [
      "the guide's form",
      { EventTime: 1569865553705, conn: 3471, op: 9, verb: 'SRCH', filter: '(a=b)' },
      { EventTime: 1569865553705, conn: 3471, op: 9, verb: 'SRCH', filter: '(a=b)' },
    ],
    [
      'keys in any case',
      { EVENTTIME: 1569865553705, Conn: 1, VERB: 'BIND', devicemodel: 'Vendor' },
      { EventTime: 1569865553705, conn: 1, verb: 'BIND', DeviceModel: 'Vendor' },
    ],
    [
      'numbers as strings',
      { verb: 'X', conn: '3471', op: ' -1 ', etime: '0.008905371', nentries: '+2' },
      { verb: 'X', conn: 3471, op: -1, etime: 0.008905371, nentries: 2 },
    ],
    [
      'counts beyond what a number holds',
      { verb: 'X', conn: '18446744073709551615' },
      { verb: 'X', conn: '18446744073709551615' },
    ],
    ['texts as numbers', { verb: 'X', method: 128 }, { verb: 'X', method: '128' }],
    [
      'truth in words',
      { verb: 'X', internal: 'on', deleteoldrdn: '0' },
      { verb: 'X', internal: true, deleteoldrdn: false },
    ],
    [
      'lists as one text',
      { verb: 'X', attrs: 'cn mail', notes: 'U,P' },
      { verb: 'X', attrs: ['cn', 'mail'], notes: ['U', 'P'] },
    ],
    [
      'lists of objects',
      { verb: 'X', notes: [{ note: 'A', description: 'x' }], controls: [{ oid: '1.2' }, '...'] },
      { verb: 'X', notes: ['A'], controls: ['1.2', '...'] },
    ],
    ['null and empty numbers as absent', { verb: 'X', conn: null, op: '', dn: null }, { verb: 'X' }],
    [
      'seconds',
      { verb: 'X', EventTime: '1741335302.004512345' },
      { verb: 'X', EventTime: 1741335302004, nanos: 512345 },
    ],
    [
      'a time without a zone in the zone of the reader',
      { verb: 'X', EventTime: '2025-03-07 09:15:02' },
      { verb: 'X', EventTime: 1741335302000 },
    ],
    [
      "the server's bracketed time",
      { verb: 'X', EventTime: '[07/Mar/2025:09:15:02.004512345 +0100]' },
      { verb: 'X', EventTime: 1741335302004, nanos: 512345 },
    ],
    [
      "other writers' names",
      { conn_id: '5', OPERATION: 'BIND', bind_dn: 'cn=a' },
      { conn: 5, verb: 'BIND', dn: 'cn=a' },
    ],
    [
      'the first key of a name that is free',
      { operation: 'MOD', bind_dn: 'cn=who', target_dn: 'cn=whom' },
      { verb: 'MOD', dn: 'cn=whom', boundDn: 'cn=who' },
    ],
    [
      'labels as keys',
      { eventSubType: 'BIND', sessionId: 4, distinguishedName: 'cn=a' },
      { verb: 'BIND', conn: 4, dn: 'cn=a' },
    ],
    [
      'the most explicit of three',
      { verb: 'X', sessionId: 3, conn_id: 2, CONN: 1, conn: 0 },
      { verb: 'X', conn: 0, extra: '{"conn_id":2,"sessionId":3}' },
    ],
    [
      'unknown keys into extra',
      { verb: 'X', foo: 1, Bar: { b: [null] } },
      { verb: 'X', extra: '{"foo":1,"Bar":{"b":[null]}}' },
    ],
    [
      'unknown keys beside those carried already',
      { verb: 'X', extra: '{"a":1}', foo: 2 },
      { verb: 'X', extra: '{"a":1,"foo":2}' },
    ],
    [
      "another thing under another writer's name into extra",
      { verb: 'X', conn_id: { a: 1 } },
      { verb: 'X', extra: '{"conn_id":{"a":1}}' },
    ],
    [
      'a dangerous key as any other',
      JSON.parse('{"verb":"X","__proto__":{"conn":1},"constructor":2}'),
      { verb: 'X', extra: '{"__proto__":{"conn":1},"constructor":2}' },
    ],
    [
      'its own identity',
      { verb: 'X', stream: 'own', generation: 0, position: 5, raw: 'own' },
      { verb: 'X', stream: 'own', generation: 0, position: 5, raw: 'own' },
    ],
    [
      'what the raw text says',
      { EventTime: 1569865553705, raw: 'OPEN 7 hunter2' },
      { EventTime: 1569865553705, conn: 7, verb: 'OPEN', raw: 'OPEN 7 ***' },
    ],
    [
      "what a message says, below the record's own word",
      { message: 'OPEN 7 hunter2', conn: 1 },
      { EventTime: 5, conn: 1, verb: 'OPEN', raw: 'OPEN 7 ***' },
    ],
    [
      'nothing from the text of a record with a verb',
      { verb: 'BIND', message: 'OPEN 7 hunter2' },
      { verb: 'BIND', message: 'OPEN 7 hunter2' },
    ],
    [
      'nothing from a text of several records',
      { conn: 1, message: 'OPEN 7 a\nOPEN 8 b' },
      { conn: 1, message: 'OPEN 7 a\nOPEN 8 b' },
    ],
  ])('%s', (_, value, expected) => {
    expect(readPlain(value)).toEqual({ ...always, ...expected });
  });

  test("a record in the product's own JSON as the source reads it, without its secrets", () => {
    const rec = read({ native: 12, password: 'hunter2' }, { ...origin, raw: '{"native":12,"password":"hunter2"}' });
    expect(rec).toMatchObject({ conn: 12, verb: 'OPEN', raw: '{"native":***}', stream: 'batch', position: 30 });
    expect(JSON.stringify(rec)).not.toContain('hunter2');
  });

  test('a record that names another source with only its own keys', () => {
    expect(readPlain({ source: 'else', conn_id: 3, conn: '1' })).toEqual({
      ...always,
      source: 'else',
      conn: 1,
      extra: '{"conn_id":3}',
    });
  });
});

describe('refuses', () => {
  test.each<[unknown, string]>([
    [null, 'not-a-record'],
    [[], 'not-a-record'],
    ['x', 'not-a-record'],
    [5, 'not-a-record'],
    [{ verb: 'X', conn: 'abc' }, 'wrong-type'],
    [{ verb: 'X', conn: -1 }, 'wrong-type'],
    [{ verb: 'X', conn: 1.5 }, 'wrong-type'],
    [{ verb: 'X', conn: '18446744073709551616' }, 'wrong-type'],
    [{ verb: 'X', op: 1.5 }, 'wrong-type'],
    [{ verb: 'X', nentries: -1 }, 'wrong-type'],
    [{ verb: 'X', etime: 'soon' }, 'wrong-type'],
    [{ verb: 'X', dn: { a: 1 } }, 'wrong-type'],
    [{ verb: 'X', attrs: [{ a: 1 }] }, 'wrong-type'],
    [{ verb: 'X', internal: 'maybe' }, 'wrong-type'],
    [{ verb: 'X', EventTime: 'yesterday' }, 'wrong-type'],
    [{ verb: 'X', EventTime: {} }, 'wrong-type'],
    [{ verb: 'X', dn: 'x'.repeat(valueLengthMax + 1) }, 'value-too-long'],
    [{ verb: 'X', attrs: Array(5000).fill('a') }, 'value-too-long'],
    [Object.fromEntries(Array.from({ length: recordKeysMax + 1 }, (_, at) => [`k${at}`, at])), 'too-many-keys'],
  ])('%#: %s', (value, code) => {
    expect(readPlain(value)).toMatchObject({ code });
  });
});

describe('limits', () => {
  test('unknown keys past the length are left out, and the record says so', () => {
    const rec = read({ verb: 'X', big: 'x'.repeat(extraLengthMax), small: 1 }, origin);
    expect(rec).toMatchObject({ extra: '{"small":1}', tags: ['extra-cut'] });
  });

  test('a value nested deeper than the runtime goes is left out', () => {
    const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    expect(read({ verb: 'X', deep }, origin)).toMatchObject({ verb: 'X', tags: ['extra-cut'] });
    expect(read({ deep }, { ...origin, raw: '' })).toMatchObject({ tags: ['extra-cut'] });
  });
});

test('any JSON: a record whose keys have their types, or a rejection (fuzz)', () => {
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom('1', '-1', 'true', '2025-01-01', '1e3', 18446744073709552000));
  const key = fc.oneof(
    fc.constantFrom(...recKeyNames, 'CONN', 'conn_id', 'bind_dn', 'sessionId', '__proto__', 'native'),
    fc.string(),
  );
  const types = {
    number: ['number'],
    unsigned: ['number', 'string'],
    text: ['string'],
    boolean: ['boolean'],
    words: ['object'],
  };
  fc.assert(
    fc.property(fc.array(fc.tuple(key, value), { maxLength: 12 }), (entries) => {
      const rec = read(Object.fromEntries(entries), origin);
      if (rec instanceof Rejection) return;
      for (const name of recKeyNames) {
        const one = rec[name];
        if (one !== undefined) expect(types[recKeys[name]]).toContain(typeof one);
      }
      if (rec.extra?.startsWith('{') === true) expect(() => JSON.parse(rec.extra ?? '')).not.toThrow();
    }),
    runs,
  );
});
