import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldText } from './fold.ts';
import { patternMatcher } from './match-pattern.ts';
import { phraseMatcher, splitWords } from './words.ts';

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 100);

describe('splitWords', () => {
  test.each([
    ['10,125', ['10,125']],
    ['10.134', ['10.134']],
    ['qualys.corp.com', ['qualys.corp.com']],
    ['102354.qualys', ['102354', 'qualys']],
    ['qualys.102354', ['qualys', '102354']],
    ['a,b', ['a', 'b']],
    ['1,a', ['1', 'a']],
    ['a..b', ['a', 'b']],
    ['.a.', ['a']],
    ['one two\tthree\u2028four\u2029five\r\nsix', ['one', 'two', 'three', 'four', 'five', 'six']],
    ['a,b-c;d[e]f{g}h?i@j$k%l&m/n\\o', [...'abcdefghijklmno']],
    ['cn=skonakalla,ou=groups', ['cn', 'skonakalla', 'ou', 'groups']],
    ['(&(objectClass=posixGroup)(!(uid~=a*))|<b>:c)', ['objectClass', 'posixGroup', 'uid', 'a', 'b', 'c']],
    ['x_y', ['x_y']],
    ['Müller–Schmidt “né”', ['Müller', 'Schmidt', 'né']],
    ['日本語、東京', ['日本語', '東京']],
    ['', []],
    ['..,,', []],
  ])('%j', (text, words) => expect(splitWords(text)).toEqual(words));
});

describe('phrases', () => {
  const value = foldText('Ensure IAM Password Policy is Enabled');
  test.each([
    ['ensure iam pass', true],
    ['is enab', true],
    ['iam password policy', true],
    ['ens password', false],
    ['pass policy', false],
    ['iam policy word', false],
    ['enabled', true],
    ['nabled', false],
  ])('%j is found: %s', (phrase, found) => expect(phraseMatcher(splitWords(phrase), true)(value)).toBe(found));

  test.each([
    ['10,1', '10,125', true],
    ['125', '10,125', false],
    ['qual', 'qualys.corp.com', true],
    ['qualys.corp', 'qualys.corp.com', true],
    ['corp', 'qualys.corp.com', false],
    ['com', 'qualys.corp.com', false],
    ['1023', '102354.qualys', true],
    ['qualy', '102354.qualys', true],
    ['354', '102354.qualys', false],
    ['lys', '102354.qualys', false],
  ])('%j in %j: %s', (phrase, text, found) => expect(phraseMatcher(splitWords(phrase), true)(text)).toBe(found));

  test('fuzz: a text has each run of its own words, and says so as splitting it would', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', '1', '2', '.', ',', ' ', '-', '_', 'é', '\u2013', 'ab'), { maxLength: 30 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, fc.boolean(), (value, query, open) => {
        const words = splitWords(query);
        const all = splitWords(value);
        const at = all.findIndex((_, start) =>
          words.every((word, index) => {
            const other = all[start + index];
            return open && index === words.length - 1 ? other?.startsWith(word) : other === word;
          }),
        );
        expect(phraseMatcher(words, open)(value)).toBe(words.length > 0 && at >= 0);
      }),
      { numRuns: numRuns * 20 },
    );
  });

  test('time stays within bounds on texts made to be slow', () => {
    const start = process.cpuUsage();
    phraseMatcher([...Array<string>(255).fill('a'), 'b'], false)('a '.repeat(500_000));
    patternMatcher(Array.from({ length: 400 }, (_, index) => (index % 2 === 0 ? 'a' : { wildcard: 'many' as const })))(
      'a'.repeat(1_000_000),
    );
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(8_000);
  });
});

describe('patterns', () => {
  test('fuzz: match as the regular expression would', () => {
    const part = fc.constantFrom<string | { wildcard: 'many' | 'one' }>(
      'a',
      'b',
      'ab',
      '😀',
      { wildcard: 'many' },
      { wildcard: 'one' },
    );
    const text = fc
      .array(fc.constantFrom('a', 'b', 'ab', '😀', '\n'), { maxLength: 10 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 7 }), text, (parts, value) => {
        const source = parts
          .map((one) => (typeof one === 'string' ? one : one.wildcard === 'many' ? '.*' : '.'))
          .join('');
        expect(patternMatcher(parts)(value)).toBe(new RegExp(`^${source}$`, 'su').test(value));
      }),
      { numRuns: numRuns * 20 },
    );
  });
});
