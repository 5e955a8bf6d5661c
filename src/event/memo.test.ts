import { expect, test } from 'vitest';
import { createMemo } from './memo.ts';

function counted(
  entriesMax: number,
  keyLengthMax = 10,
): { ask: (key: string) => string | undefined; computed: string[] } {
  const computed: string[] = [];
  const ask = createMemo(
    (key) => {
      computed.push(key);
      return key === 'none' ? undefined : key.toUpperCase();
    },
    { entriesMax, keyLengthMax },
  );
  return { ask, computed };
}

test('computes once, also what is undefined', () => {
  const { ask, computed } = counted(10);
  for (const key of ['a', 'none', 'a', 'none']) ask(key);
  expect(computed).toEqual(['a', 'none']);
  expect([ask('a'), ask('none')]).toEqual(['A', undefined]);
});

test('what is asked again stays; what is not goes', () => {
  const { ask, computed } = counted(4);
  for (const key of ['keep', 'b', 'keep', 'c', 'keep', 'd', 'keep', 'e', 'keep', 'f', 'keep', 'g']) ask(key);
  expect(computed.filter((key) => key === 'keep')).toHaveLength(1);
  ask('b');
  expect(computed.filter((key) => key === 'b')).toHaveLength(2);
});

test('a key past the length is computed each time', () => {
  const { ask, computed } = counted(10, 3);
  for (const key of ['long key', 'long key', 'abc', 'abc']) ask(key);
  expect(computed).toEqual(['long key', 'long key', 'abc']);
});

test('keys with bytes that are not UTF-8 are kept apart', () => {
  const { ask } = counted(10);
  expect(ask('a\udc80')).toBe('A\udc80');
  expect(ask('a\udc81')).toBe('A\udc81');
  expect(ask('a\udc80')).toBe('A\udc80');
});
