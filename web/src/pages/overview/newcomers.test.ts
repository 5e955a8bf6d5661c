import { expect, test } from 'vitest';
import { check, parse } from '#query';
import { anyOf } from '../../query/refine.ts';
import { type Newcomers, queryOfAll } from './newcomers.ts';

function newcomers(label: string, values: readonly string[]): Newcomers {
  const found = values.map((value) => ({ value, first: 0 }));
  return { kind: 'address', one: 'address', many: 'addresses', found, isMore: false, query: anyOf(label, values) };
}

test('the hunt behind what is new is a query, whatever the names are', () => {
  const query = queryOfAll([
    newcomers('sourceIp', ['192.0.2.7', '2001:db8::1']),
    newcomers('boundDnFolded', ['uid=a`b,dc=x', 'uid=x\\', '") or outcome: success ("', 'cn=\u202e']),
    newcomers('deviceHostName', []),
  ]);
  expect(check(parse(query), { now: 0, zone: 'UTC' }).kind).toBe('condition');
  expect(query.startsWith('sourceIp: 192.0.2.7 or sourceIp: 2001:db8::1 or boundDnFolded: ')).toBe(true);
});

test('nothing new is no query', () => expect(queryOfAll([newcomers('sourceIp', [])])).toBe(''));
