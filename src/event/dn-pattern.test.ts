import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldDn } from './dn.ts';
import { type DnPlace, dnPattern, fitsDnPattern, rdnsOf } from './dn-pattern.ts';

test.each<[string, DnPlace, string, boolean]>([
  ['cn=config', 'entry', 'cn=config', true],
  ['cn=config', 'entry', 'cn=plugins,cn=config', false],
  ['cn=config', 'under', 'cn=plugins,cn=config', true],
  ['cn=config', 'under', 'cn=myconfig', false],
  ['cn=config', 'under', 'cn=config,dc=example,dc=com', false],
  ['uid=*,ou=people,*', 'entry', 'uid=a,ou=people,dc=example,dc=com', true],
  ['uid=*,ou=people,*', 'entry', 'uid=a,ou=people', true],
  ['uid=*,ou=people,*', 'entry', 'uid=a,ou=x,ou=people,dc=example', false],
  ['uid=*,ou=people,*', 'entry', 'cn=x,uid=a,ou=people,dc=example', false],
  ['uid=*,ou=people,*', 'under', 'cn=x,uid=a,ou=people,dc=example', true],
  ['cn=sudo,*', 'under', 'cn=a,cn=rules,cn=sudo,dc=example', true],
  ['cn=sudo,*', 'under', 'cn=a,cn=pseudo,dc=example', false],
  ['uid=*,cn=config', 'entry', 'uid=pwsync,cn=config', true],
  ['uid=*,cn=config', 'entry', 'uid=x,cn=a,cn=config', false],
  ['cn=a', 'entry', '', false],
])('%s as %s fits %s: %s', (pattern, place, dn, expected) => {
  expect(fitsDnPattern(dnPattern(pattern, place), rdnsOf(dn))).toBe(expected);
});

test('a comma within a value separates nothing', () => {
  const folded = foldDn('cn=x\\,cn=config,dc=example,dc=com') ?? expect.fail();
  expect(fitsDnPattern(dnPattern('cn=config,*', 'under'), rdnsOf(folded))).toBe(false);
});

test('fuzz: any text at all can be compared', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.constantFrom<DnPlace>('entry', 'under'), (pattern, dn, place) => {
      expect(typeof fitsDnPattern(dnPattern(pattern, place), rdnsOf(dn))).toBe('boolean');
    }),
    { numRuns: Number(process.env['FUZZ_RUNS'] ?? 100) },
  );
});
