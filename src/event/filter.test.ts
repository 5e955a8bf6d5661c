import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Filter, filterFacts, filterFactsCached, filterLengthMax, parseFilter, printFilter } from './filter.ts';

const runs = { numRuns: Number(process.env['FUZZ_RUNS'] ?? 100) };

describe('parse', () => {
  test.each<[string, Filter]>([
    // RFC 4515 §4
    ['(cn=Babs Jensen)', { kind: 'equal', attribute: 'cn', value: 'Babs Jensen' }],
    ['(!(cn=Tim Howes))', { kind: 'not', of: [{ kind: 'equal', attribute: 'cn', value: 'Tim Howes' }] }],
    ['(o=univ*of*mich*)', { kind: 'substrings', attribute: 'o', pieces: ['univ', 'of', 'mich', ''] }],
    ['(seeAlso=)', { kind: 'equal', attribute: 'seeAlso', value: '' }],
    [
      '(cn:caseExactMatch:=Fred Flintstone)',
      { kind: 'extensible', attribute: 'cn', dn: false, rule: 'caseExactMatch', value: 'Fred Flintstone' },
    ],
    ['(cn:=Betty Rubble)', { kind: 'extensible', attribute: 'cn', dn: false, rule: '', value: 'Betty Rubble' }],
    [
      '(sn:dn:2.4.6.8.10:=Barney Rubble)',
      { kind: 'extensible', attribute: 'sn', dn: true, rule: '2.4.6.8.10', value: 'Barney Rubble' },
    ],
    ['(o:dn:=Ace Industry)', { kind: 'extensible', attribute: 'o', dn: true, rule: '', value: 'Ace Industry' }],
    [
      '(:1.2.3:=Wilma Flintstone)',
      { kind: 'extensible', attribute: '', dn: false, rule: '1.2.3', value: 'Wilma Flintstone' },
    ],
    ['(:DN:2.4.6.8.10:=Dino)', { kind: 'extensible', attribute: '', dn: true, rule: '2.4.6.8.10', value: 'Dino' }],
    [
      '(o=Parens R Us \\28for all your parenthetical needs\\29)',
      { kind: 'equal', attribute: 'o', value: 'Parens R Us (for all your parenthetical needs)' },
    ],
    ['(cn=*\\2A*)', { kind: 'substrings', attribute: 'cn', pieces: ['', '*', ''] }],
    ['(filename=C:\\5cMyFile)', { kind: 'equal', attribute: 'filename', value: 'C:\\MyFile' }],
    ['(bin=\\00\\00\\00\\04)', { kind: 'equal', attribute: 'bin', value: '\0\0\0\u0004' }],
    ['(sn=Lu\\c4\\8di\\c4\\87)', { kind: 'equal', attribute: 'sn', value: 'Lučić' }],
    [
      '(1.3.6.1.4.1.1466.0=\\04\\02\\48\\69)',
      { kind: 'equal', attribute: '1.3.6.1.4.1.1466.0', value: '\u0004\u0002Hi' },
    ],
    // others
    ['(objectClass=*)', { kind: 'present', attribute: 'objectClass' }],
    ['(a~=b)', { kind: 'approx', attribute: 'a', value: 'b' }],
    ['(a>=1)', { kind: 'greater', attribute: 'a', value: '1' }],
    ['(a<=1)', { kind: 'less', attribute: 'a', value: '1' }],
    ['(cn="x")', { kind: 'equal', attribute: 'cn', value: '"x"' }],
    ['(a=b=c)', { kind: 'equal', attribute: 'a', value: 'b=c' }],
    ['(cn;lang-de=x)', { kind: 'equal', attribute: 'cn;lang-de', value: 'x' }],
    ['(cn=\\ff)', { kind: 'equal', attribute: 'cn', value: '\udcff' }],
    ['(&)', { kind: 'and', of: [] }],
    ['(|)', { kind: 'or', of: [] }],
    // without outer parentheses, with blanks, and the escapes of RFC 1960
    ['objectclass=*', { kind: 'present', attribute: 'objectclass' }],
    [
      '&(a=b)(c=d)',
      {
        kind: 'and',
        of: [
          { kind: 'equal', attribute: 'a', value: 'b' },
          { kind: 'equal', attribute: 'c', value: 'd' },
        ],
      },
    ],
    [
      ' ( & ( a = b ) (c=*) ) ',
      {
        kind: 'and',
        of: [
          { kind: 'equal', attribute: 'a', value: ' b ' },
          { kind: 'present', attribute: 'c' },
        ],
      },
    ],
    ['(!uid=x)', { kind: 'not', of: [{ kind: 'equal', attribute: 'uid', value: 'x' }] }],
    ['(cn=a\\*b\\))', { kind: 'equal', attribute: 'cn', value: 'a*b)' }],
    // cut by the server
    [
      '(&(a=b)(c=de...',
      {
        kind: 'and',
        of: [
          { kind: 'equal', attribute: 'a', value: 'b' },
          { kind: 'cut', attribute: 'c' },
        ],
      },
    ],
    [
      '(&(a=b)...',
      {
        kind: 'and',
        of: [
          { kind: 'equal', attribute: 'a', value: 'b' },
          { kind: 'cut', attribute: '' },
        ],
      },
    ],
    ['(cn=abc...)', { kind: 'equal', attribute: 'cn', value: 'abc...' }],
  ])('%s', (text, filter) => {
    expect(parseFilter(text)).toEqual(filter);
  });

  test.each([
    '',
    '()',
    '(',
    ')',
    '(cn)',
    '(=x)',
    '(cn=a',
    '(cn=a))',
    '(a=b)(c=d)',
    '((a=b))',
    '(!)',
    '(!(a=b)(c=d))',
    '(&(a=b)',
    '(&a=b)',
    '(cn>=a*)',
    '(:=x)',
    '(:dn:=x)',
    '(a:b:c:=x)',
    '???',
    '(cn=a(b))',
    '...',
  ])('%s is no filter', (text) => {
    expect(parseFilter(text)).toBeUndefined();
    expect(filterFacts(text)).toBeUndefined();
  });
});

describe('facts', () => {
  test.each([
    ['(objectClass=posixGroup)', '(objectclass=?)', 1, ['objectclass']],
    ['(&(objectClass=person)(uid=alice))', '(&(objectclass=?)(uid=?))', 2, ['objectclass', 'uid']],
    [
      '(&(objectClass=person)(|(UID=a*)(mail=*@example.com)(cn=*)))',
      '(&(objectclass=?)(|(uid=?*)(mail=*?)(cn=*)))',
      3,
      ['objectclass', 'uid', 'mail', 'cn'],
    ],
    ['(cn=a*b*c)', '(cn=?*?*?)', 1, ['cn']],
    ['(cn;lang-de=x)', '(cn;lang-de=?)', 1, ['cn']],
    ['(2.5.4.3=x)', '(2.5.4.3=?)', 1, ['cn']],
    ['(memberOf:1.2.840.113556.1.4.1941:=cn=x)', '(memberof:1.2.840.113556.1.4.1941:=?)', 1, ['memberof']],
    ['(&(a=b)(A=c)(!(a=d)))', '(&(a=?)(a=?)(!(a=?)))', 3, ['a']],
    ['(&(a=b)(c=de...', '(&(a=?)(c=...', 2, ['a', 'c']],
    ['(&)', '(&)', 1, []],
  ])('%s has shape %s, depth %i', (text, shape, depth, attributes) => {
    expect(filterFacts(text)).toEqual({ shape, depth, attributes });
    expect(filterFactsCached(text)).toEqual({ shape, depth, attributes });
    expect(filterFacts(shape)?.shape).toBe(shape);
  });
});

describe('limits', () => {
  test('a filter past the length is none', () => {
    expect(parseFilter(`(cn=${'x'.repeat(filterLengthMax)})`)).toBeUndefined();
  });

  test('depth costs no stack', () => {
    const depth = 20_000;
    expect(filterFacts(`${'(!'.repeat(depth)}(a=b)${')'.repeat(depth)}`)?.depth).toBe(depth + 1);
    expect(filterFacts(`${'(!'.repeat(depth)}(a=b...`)?.depth).toBe(depth + 1);
  });

  test.each([
    '(',
    ')',
    '(&',
    '(!',
    '(|(',
    '(a=',
    '*',
    '(a=*',
    '\\',
    '&',
    '=',
    ':',
    '(a:',
    ' ',
    '.',
    '(a=b)',
    '\udc80',
    '(!a',
  ])('a mebibyte of %j is answered at once', (piece) => {
    const started = process.cpuUsage();
    for (const length of [filterLengthMax - 16, 1_048_576]) {
      const body = piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
      for (const text of [body, `(a=${body})`, `(&${body}...`]) filterFacts(text);
    }
    expect(process.cpuUsage(started).user).toBeLessThan(2_000_000);
  });
});

describe('properties (fuzz)', () => {
  const name = fc.constantFrom('cn', 'objectClass', 'uid;lang-en', '2.5.4.3', 'x y');
  const value = fc
    .array(fc.oneof(fc.constantFrom(...'()*\\&|!=" \0\udcff'), fc.string({ maxLength: 2, unit: 'grapheme' })), {
      maxLength: 6,
    })
    .map((units) => units.join(''))
    // Escaped bytes that happen to make a character together are that character.
    .filter((text) => !/[\udc80-\udcff]{2}/.test(text));
  const filled = value.filter((text) => text !== '');
  const filter: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { depthSize: 'small' },
      fc.record({
        kind: fc.constantFrom('equal' as const, 'approx' as const, 'greater' as const, 'less' as const),
        attribute: name,
        value,
      }),
      fc.record({ kind: fc.constant('present' as const), attribute: name }),
      fc.record({
        kind: fc.constant('substrings' as const),
        attribute: name,
        pieces: fc
          .tuple(value, fc.array(filled, { minLength: 1, maxLength: 2 }), value)
          .map(([first, any, last]) => [first, ...any, last]),
      }),
      fc.record({
        kind: fc.constant('extensible' as const),
        attribute: name,
        dn: fc.boolean(),
        rule: fc.constantFrom('', '2.4.6', 'caseExactMatch'),
        value,
      }),
      fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        of: fc.array(tie('filter'), { maxLength: 3 }),
      }),
      fc.record({ kind: fc.constant('not' as const), of: fc.tuple(tie('filter')) }),
    ),
  })).filter;

  test('any filter survives printing and parsing, and its shape is its own shape', () => {
    fc.assert(
      fc.property(filter, (tree) => {
        const text = printFilter(tree);
        expect(parseFilter(text)).toEqual(tree);
        const facts = filterFacts(text);
        expect(facts).toBeDefined();
        expect(filterFacts(facts?.shape ?? '')).toEqual(facts);
      }),
      runs,
    );
  });

  test('any filter cut anywhere, as the server cuts, has a shape or none but never throws', () => {
    fc.assert(
      fc.property(filter, fc.nat(), (tree, at) => {
        const text = printFilter(tree);
        const cut = `${text.slice(0, at % text.length)}...`;
        const facts = filterFacts(cut);
        if (facts !== undefined) expect(filterFacts(facts.shape)?.shape).toBe(facts.shape);
      }),
      runs,
    );
  });

  test('any text: never throws; what parses prints to a text that parses to the same', () => {
    const anything = fc.array(
      fc.oneof(
        fc.constantFrom(...'(()))&|!=*~<>:\\ab .\udcff', '(a=b)', '...'),
        fc.string({ maxLength: 2, unit: 'binary' }),
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(anything, (units) => {
        const text = units.join('');
        const tree = parseFilter(text);
        if (tree !== undefined) expect(parseFilter(printFilter(tree))).toEqual(tree);
      }),
      runs,
    );
  });
});
