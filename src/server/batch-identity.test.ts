import { expect, test } from 'vitest';
import { readBatchIdentity } from './batch-identity.ts';

const body = Buffer.from('{"conn":1}\n');

test('a batch without a name is named after its content', () => {
  const identity = readBatchIdentity({}, body);
  expect(identity).toEqual({
    stream: expect.stringMatching(/^records-[0-9a-f]{32}$/),
    generation: 0,
    from: 0,
    to: undefined,
  });
  expect(readBatchIdentity({}, Buffer.from(body))).toEqual(identity);
  expect(readBatchIdentity({}, Buffer.from('{"conn":2}\n')).stream).not.toBe(identity.stream);
});

test('a batch names its part of a stream', () => {
  const headers = { 'meridian-stream': 'ab12', 'meridian-generation': '3', 'meridian-range': '100-250' };
  expect(readBatchIdentity(headers, body)).toEqual({ stream: 'ab12', generation: 3, from: 100, to: 250 });
  expect(readBatchIdentity({ 'meridian-stream': 'ab12' }, body)).toEqual({
    stream: 'ab12',
    generation: 0,
    from: 0,
    to: undefined,
  });
});

test.each([
  ['a generation without a stream', { 'meridian-generation': '1' }, 'meridian-stream'],
  ['a range without a stream', { 'meridian-range': '0-1' }, 'meridian-stream'],
  ['an empty stream', { 'meridian-stream': '' }, 'meridian-stream'],
  ['blanks', { 'meridian-stream': 'a b' }, 'meridian-stream'],
  ['a line end', { 'meridian-stream': 'a\nb' }, 'meridian-stream'],
  ['a long stream', { 'meridian-stream': 'a'.repeat(201) }, 'meridian-stream'],
  ['a negative generation', { 'meridian-stream': 's', 'meridian-generation': '-1' }, 'meridian-generation'],
  ['a huge generation', { 'meridian-stream': 's', 'meridian-generation': '99999999999' }, 'meridian-generation'],
  ['a range backwards', { 'meridian-stream': 's', 'meridian-range': '5-4' }, 'meridian-range'],
  ['half a range', { 'meridian-stream': 's', 'meridian-range': '5-' }, 'meridian-range'],
  ['no numbers', { 'meridian-stream': 's', 'meridian-range': '0x1-2' }, 'meridian-range'],
  ['beyond exact numbers', { 'meridian-stream': 's', 'meridian-range': '0-99999999999999999' }, 'meridian-range'],
])('headers are refused: %s', (_, headers, field) => {
  expect(() => readBatchIdentity(headers, body)).toThrow(
    expect.objectContaining({ code: 'request-invalid', place: expect.objectContaining({ field }) }),
  );
});
