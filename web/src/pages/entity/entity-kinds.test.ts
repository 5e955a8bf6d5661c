import { expect, test } from 'vitest';
import { check, parse } from '#query';
import { questionsOf } from './entity-kinds.ts';

const clock = { now: 0, zone: 'UTC' };
const hostile = [
  '',
  'uid=a',
  '`"\\',
  ') or outcome: success (',
  'uid=x\u202e,dc=y`z',
  '🙂',
  'o\'hara, "x"',
  'a'.repeat(3_000),
];
const kinds = ['identity', 'address', 'entry', 'server', 'agent'] as const;

test.each(kinds.flatMap((kind) => hostile.map((value) => [kind, value.slice(0, 20), value] as const)))(
  'every question about the %s "%s" is a query that cannot be broken out of',
  (kind, _, value) => {
    for (const below of [false, true]) {
      const { all, tables, left, right } = questionsOf(kind, value, below);
      for (const q of [all, ...[...tables, left, right].map((table) => table.q)]) {
        const checked = check(parse(q), clock);
        // An address or a DN that is none is refused as such, never read as something else.
        if (checked.kind === 'errors') {
          expect(
            checked.errors.map(({ code }) => code).filter((code) => code !== 'bad-type' && code !== 'bad-wildcard'),
          ).toEqual([]);
        }
      }
    }
  },
);

test('an identity is found however its DN is written', () => {
  expect(questionsOf('identity', 'UID=Anna, OU=People,dc=example,dc=com', false).all).toBe(
    'boundDnFolded: `uid=anna,ou=people,dc=example,dc=com` or distinguishedNameFolded: `uid=anna,ou=people,dc=example,dc=com`',
  );
});
