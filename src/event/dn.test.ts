import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dnLengthMax, foldDn, foldDnCached, isUnder, parentOf, parseDn, printDn, rdnsMax, suffixOf } from './dn.ts';

const runs = { numRuns: Number(process.env['FUZZ_RUNS'] ?? 100) };

describe('parse', () => {
  test.each<[text: string, rdns: string[][]]>([
    ['', []],
    ['   ', []],
    // RFC 4514 §4
    [
      'UID=jsmith,DC=example,DC=net',
      [
        ['UID', 'jsmith'],
        ['DC', 'example'],
        ['DC', 'net'],
      ],
    ],
    [
      'OU=Sales+CN=J.  Smith,DC=example,DC=net',
      [
        ['OU', 'Sales', 'CN', 'J.  Smith'],
        ['DC', 'example'],
        ['DC', 'net'],
      ],
    ],
    [
      'CN=James \\"Jim\\" Smith\\, III,DC=example,DC=net',
      [
        ['CN', 'James "Jim" Smith, III'],
        ['DC', 'example'],
        ['DC', 'net'],
      ],
    ],
    [
      'CN=Before\\0dAfter,DC=example,DC=net',
      [
        ['CN', 'Before\rAfter'],
        ['DC', 'example'],
        ['DC', 'net'],
      ],
    ],
    ['1.3.6.1.4.1.1466.0=#04024869', [['1.3.6.1.4.1.1466.0', '04024869']]],
    ['CN=Lu\\C4\\8Di\\C4\\87', [['CN', 'Lučić']]],
    // RFC 2253 §5 and RFC 1779 §3
    [
      'CN=L. Eagle,O=Sue\\, Grabbit and Runn,C=GB',
      [
        ['CN', 'L. Eagle'],
        ['O', 'Sue, Grabbit and Runn'],
        ['C', 'GB'],
      ],
    ],
    [
      'CN=L. Eagle, O="Sue, Grabbit and Runn", C=GB',
      [
        ['CN', 'L. Eagle'],
        ['O', 'Sue, Grabbit and Runn'],
        ['C', 'GB'],
      ],
    ],
    [
      'CN=Steve Kille ; O=ISODE Consortium;C=GB',
      [
        ['CN', 'Steve Kille'],
        ['O', 'ISODE Consortium'],
        ['C', 'GB'],
      ],
    ],
    ['OID.2.5.4.3 = x', [['2.5.4.3', 'x']]],
    // what the server writes
    [
      'cn=dc\\3Dexample\\2Cdc\\3Dcom,cn=mapping tree,cn=config',
      [
        ['cn', 'dc=example,dc=com'],
        ['cn', 'mapping tree'],
        ['cn', 'config'],
      ],
    ],
    [
      'cn="dc=example,dc=com",cn=mapping tree',
      [
        ['cn', 'dc=example,dc=com'],
        ['cn', 'mapping tree'],
      ],
    ],
    ['cn=a=b', [['cn', 'a=b']]],
    ['cn=', [['cn', '']]],
    [
      'cn=,dc=com',
      [
        ['cn', ''],
        ['dc', 'com'],
      ],
    ],
    [
      'cn=a\\ ,dc=com',
      [
        ['cn', 'a '],
        ['dc', 'com'],
      ],
    ],
    [
      'cn=\\ a,dc=com',
      [
        ['cn', ' a'],
        ['dc', 'com'],
      ],
    ],
    ['cn=\\#a', [['cn', '#a']]],
    [
      'cn=Müller  ,dc=com',
      [
        ['cn', 'Müller'],
        ['dc', 'com'],
      ],
    ],
    ['cn="a\\"b" + uid=1', [['cn', 'a"b', 'uid', '1']]],
    ['cn=\\ff\\fe', [['cn', '\udcff\udcfe']]],
  ])('%s', (text, rdns) => {
    expect(parseDn(text)?.rdns.map((parts) => parts.flatMap((part) => [part.type, part.value]))).toEqual(rdns);
  });

  test.each([
    'a',
    '=x',
    'uid=alice,,dc=example',
    'dc=com,',
    ',dc=com',
    'cn=a+',
    'cn=a\\',
    'cn=a\\zz',
    'cn=a"b',
    'cn="a',
    'cn="a"b',
    'cn=#',
    'cn=#0',
    'cn=#0g',
    'c n=x',
    'ünit=x',
    'LDAP://x',
    '???',
  ])('%s is no DN', (text) => {
    expect(parseDn(text)).toBeUndefined();
    expect(foldDn(text)).toBeUndefined();
  });
});

describe('fold', () => {
  test.each([
    ['', ''],
    ['UID=Alice,OU=People,DC=Example,DC=com', 'uid=alice,ou=people,dc=example,dc=com'],
    ['uid = alice , ou = People ; dc=example,dc=com', 'uid=alice,ou=people,dc=example,dc=com'],
    ['OU=Sales+CN=J.  Smith,DC=net', 'cn=j. smith+ou=sales,dc=net'],
    ['cn=J. Smith + ou=Sales,DC=net', 'cn=j. smith+ou=sales,dc=net'],
    ['2.5.4.3=x', 'cn=x'],
    ['OID.0.9.2342.19200300.100.1.25=Com', 'dc=com'],
    ['commonName=x,organizationalUnitName=y', 'cn=x,ou=y'],
    ['E=a@example.com', 'emailaddress=a@example.com'],
    ['cn="Smith, J",dc=com', 'cn=smith\\2c j,dc=com'],
    ['cn=Smith\\2C J,dc=com', 'cn=smith\\2c j,dc=com'],
    ['cn=Smith\\, J,dc=com', 'cn=smith\\2c j,dc=com'],
    ['cn=\\41lice', 'cn=alice'],
    ['cn=Ørsted', 'cn=ørsted'],
    ['cn=\\C3\\98rsted', 'cn=ørsted'],
    ['cn=ΟΔΟΣ', 'cn=οδοσ'],
    ['cn=οδος', 'cn=οδοσ'],
    ['cn=a\\ \\ ', 'cn=a'],
    ['cn=a\\0ab', 'cn=a b'],
    ['cn=a\\00b', 'cn=a\\00b'],
    ['cn=\\ff', 'cn=\\ff'],
    ['cn=\udcff', 'cn=\\ff'],
    ['cn=\udcc3\\a9', 'cn=é'],
    ['cn=#04024AFF', 'cn=#04024aff'],
    ['cn=\\#04', 'cn=\\2304'],
  ])('%s gives %s', (text, folded) => {
    expect(foldDn(text)).toBe(folded);
    expect(foldDn(folded)).toBe(folded);
    expect(foldDnCached(text)).toBe(folded);
    expect(foldDnCached(text)).toBe(folded);
  });
});

describe('relations', () => {
  const people = 'ou=people,dc=example,dc=com';
  test.each([
    ['uid=alice,ou=people,dc=example,dc=com', people, true],
    ['cn=x,uid=alice,ou=people,dc=example,dc=com', people, true],
    [people, people, true],
    ['dc=example,dc=com', people, false],
    ['uid=alice,ou=morepeople,dc=example,dc=com', people, false],
    ['uid=alice\\2cou=people,dc=example,dc=com', people, false],
    ['xou=people,dc=example,dc=com', people, false],
    [people, '', true],
    ['', '', true],
    ['', people, false],
  ])('%s under %s: %s', (folded, ancestor, expected) => {
    expect(isUnder(folded, ancestor)).toBe(expected);
  });

  test.each([
    ['cn=a\\2cb,ou=x,dc=com', 'ou=x,dc=com'],
    ['dc=com', ''],
    ['', undefined],
  ])('parent of %s is %s', (folded, parent) => {
    expect(parentOf(folded)).toBe(parent);
  });

  test.each([
    ['uid=a,ou=people,dc=example,dc=com', 'dc=example,dc=com'],
    ['dc=example,dc=com', 'dc=example,dc=com'],
    ['dc=com', 'dc=com'],
    ['cn=x,cn=config', 'cn=config'],
    ['uid=a,o=ipaca', 'o=ipaca'],
    ['dc=x,ou=y,dc=com', 'dc=com'],
    ['', ''],
  ])('suffix of %s is %s', (folded, suffix) => {
    expect(suffixOf(folded)).toBe(suffix);
  });
});

describe('limits', () => {
  test('a DN past the length or the number of RDNs is none', () => {
    expect(foldDn(`cn=${'x'.repeat(dnLengthMax)}`)).toBeUndefined();
    expect(foldDn(Array(rdnsMax).fill('a=b').join(','))).toBeDefined();
    expect(
      foldDn(
        Array(rdnsMax + 1)
          .fill('a=b')
          .join(','),
      ),
    ).toBeUndefined();
    expect(
      foldDn(
        Array(rdnsMax + 1)
          .fill('a=B;')
          .join(''),
      ),
    ).toBeUndefined();
    expect(
      foldDn(
        Array(rdnsMax + 1)
          .fill('a=b')
          .join('+'),
      ),
    ).toBeUndefined();
  });

  test.each(['a=', 'a=b,', 'a=b+', 'a="', ' ', 'a=\\ ', '\\', 'a= x', '"', '#', 'a=#', ',', '=', '\\4', 'a=\udc80'])(
    'a mebibyte of %j is answered at once',
    (piece) => {
      const started = process.cpuUsage();
      for (const length of [dnLengthMax - 8, 1_048_576])
        foldDn(`a=${piece.repeat(Math.ceil(length / piece.length)).slice(0, length)}`);
      expect(process.cpuUsage(started).user).toBeLessThan(2_000_000);
    },
  );
});

describe('properties (fuzz)', () => {
  const unit = fc.oneof(
    fc.constantFrom(...'abcXYZ=,+;"\\<># \t0Aa9\udc80\udcff\ud83d\udca9éßΣςİ'),
    fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
  );
  const anything = fc.array(unit, { maxLength: 60 }).map((units) => units.join(''));
  const nearly = fc
    .array(
      fc.tuple(fc.constantFrom('cn', 'OU', 'dc', '2.5.4.3', 'OID.2.5.4.10', 'x-y'), fc.array(unit, { maxLength: 12 })),
      { maxLength: 5 },
    )
    .map((parts) => parts.map(([type, value]) => `${type}=${value.join('')}`).join(','));
  const part = fc.record({
    type: fc.constantFrom('cn', 'OU', '2.5.4.3', 'a-b'),
    value: fc
      .array(fc.oneof(fc.constantFrom(...' ,+;"\\#<>=\r\udc80'), fc.string({ maxLength: 3, unit: 'grapheme' })))
      .map((units) => units.join('')),
    encoded: fc.constant(false),
  });

  test('any text: folding never throws and is idempotent', () => {
    fc.assert(
      fc.property(fc.oneof(anything, nearly), (text) => {
        const folded = foldDn(text);
        if (folded === undefined) return;
        expect(foldDn(folded)).toBe(folded);
        expect(foldDnCached(text)).toBe(folded);
        expect(folded.split(',').length).toBe(Math.max(1, parseDn(text)?.rdns.length ?? 0));
        expect(isUnder(folded, parentOf(folded) ?? '')).toBe(true);
        expect(isUnder(folded, suffixOf(folded))).toBe(true);
      }),
      runs,
    );
  });

  test('any text: what parses prints to a text that parses to the same', () => {
    fc.assert(
      fc.property(fc.oneof(anything, nearly), (text) => {
        const dn = parseDn(text);
        if (dn !== undefined) expect(parseDn(printDn(dn))).toEqual(dn);
      }),
      runs,
    );
  });

  test('any DN: it survives printing and parsing', () => {
    fc.assert(
      fc.property(fc.array(fc.array(part, { minLength: 1, maxLength: 3 }), { maxLength: 5 }), (rdns) => {
        // Escaped bytes that happen to make a character together are that character.
        fc.pre(rdns.every((parts) => parts.every(({ value }) => !/[\udc80-\udcff]{2}/u.test(value))));
        expect(parseDn(printDn({ rdns }))).toEqual({ rdns });
      }),
      runs,
    );
  });

  test('any DN: case of letters, blanks around separators and order of parts do not count', () => {
    fc.assert(
      fc.property(fc.array(fc.array(part, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }), (rdns) => {
        const folded = foldDn(printDn({ rdns }));
        const other = rdns
          .map((parts) =>
            [...parts]
              .reverse()
              .map((one) => printDn({ rdns: [[{ ...one, type: one.type.toUpperCase() }]] }))
              .join(' + '),
          )
          .join(' ; ');
        expect(foldDn(other)).toBe(folded);
      }),
      runs,
    );
  });
});
