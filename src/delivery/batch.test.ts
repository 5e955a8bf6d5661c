import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createRec, type Rec } from '#event';
import { BatchBuilder } from './batch.ts';

function record(position: number, raw: string, stream = 's'): Rec {
  return Object.assign(createRec(), { stream, generation: 1, position, verb: 'BIND', raw });
}

test('a batch holds its records, one JSON object a line, and says which part of the stream it is', () => {
  const builder = new BatchBuilder();
  expect(builder.take()).toBeUndefined();
  builder.addRecord(record(10, 'a "quoted" \udcff byte'));
  builder.addDead({
    stream: 's',
    generation: 1,
    position: 50,
    log: 'access',
    source: 'x',
    code: 'c',
    reason: 'r',
    raw: '???',
  });
  const batch = builder.take();
  expect(batch).toMatchObject({ stream: 's', generation: 1, from: 10, to: 50, records: 2 });
  const lines = gunzipSync(batch?.body ?? '')
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toEqual([
    { stream: 's', generation: 1, position: 10, verb: 'BIND', raw: 'a "quoted" \udcff byte' },
    { stream: 's', generation: 1, position: 50, log: 'access', source: 'x', raw: '???' },
  ]);
  expect(builder.take()).toBeUndefined();
});

test('a batch is full by records and by bytes, and ends with its stream', () => {
  const builder = new BatchBuilder();
  for (let at = 0; at < 50_000; at++) {
    expect(builder.full).toBe(false);
    builder.addRecord(record(at, ''));
  }
  expect(builder.full).toBe(true);
  builder.take();
  builder.addRecord(record(0, 'x'.repeat(9_000_000)));
  expect(builder.full).toBe(true);
  expect(builder.endsBefore({ stream: 's', generation: 1 })).toBe(false);
  expect(builder.endsBefore({ stream: 's', generation: 2 })).toBe(true);
  expect(builder.endsBefore({ stream: 't', generation: 1 })).toBe(true);
  builder.take();
  expect(builder.endsBefore({ stream: 't', generation: 1 })).toBe(false);
});
