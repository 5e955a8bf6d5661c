import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '#error';
import { fieldOf, labels } from '#event';
import { check, parse, quoteExact, quotePhrase, readQuery } from '#query';
import { rawWordsExpression } from '../raw-words.ts';
import { compileSql } from './index.ts';

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 100);
const clock = { now: Date.UTC(2024, 8, 15), zone: 'UTC' };

function compiled(query: string): ReturnType<typeof compileSql> {
  return compileSql(readQuery(query, clock));
}

describe('compileSql', () => {
  test.each([
    ['', '1'],
    ['count: 1.5', '0'],
    ['method: `SASL`', '(`method` = {q0:String})'],
    ['method: SASL', '(lowerUTF8(`method`) = {q0:String})'],
    ['method: [SASL, SIMPLE]', '(lowerUTF8(`method`) IN {q0:Array(String)})'],
    ['method: S*', '(startsWith(lowerUTF8(`method`), {q0:String}))'],
    ['tags: `a`', '(hasAny(`tags`, {q0:Array(String)}))'],
    ['tags: a', '(arrayExists(element -> lowerUTF8(element) = {q0:String}, `tags`))'],
    ['not count > 5', 'NOT ((isNotNull(`count`) AND `count` >= {q0:UInt64}))'],
    ['count: [1, 5]', "(isNotNull(`count`) AND `count` IN CAST({q0:Array(String)}, 'Array(UInt64)'))"],
    [
      'duration: [0.5 .. 1]',
      '(isNotNull(`duration`) AND (`duration` >= {q0:Decimal(18, 9)} AND `duration` <= {q1:Decimal(18, 9)}))',
    ],
    ['eventTime >= 2024-09-15', "`eventTime` >= {q0:DateTime64(9, 'UTC')}"],
    ['eventTime is null', 'NOT (1)'],
    ['boundDn is null', "NOT (`boundDn` != '')"],
    ['tags is not null', 'notEmpty(`tags`)'],
    ['secureConnection: true', '(isNotNull(`secureConnection`) AND `secureConnection` = true)'],
    [
      'sourceIpv4: 10.0.0.0/8',
      '((isNotNull(`sourceIpv4`) AND (`sourceIpv4` >= {q0:IPv4} AND `sourceIpv4` <= {q1:IPv4})))',
    ],
    ['sourceIp: 10.0.0.1', '((isNotNull(`sourceIp`) AND `sourceIp` = {q0:IPv6}))'],
    ['boundDn under "dc=com"', '(`boundDnFolded` = {q0:String} OR endsWith(`boundDnFolded`, {q1:String}))'],
    ['boundDn under ""', "`boundDnFolded` != ''"],
    [
      'rawEvent: posixGroup',
      `(hasAllTokens(${rawWordsExpression}, {q0:Array(String)}) AND (position(lowerUTF8(\`rawEvent\`), {q2:String}) > 0 AND match(lowerUTF8(\`rawEvent\`), {q1:String})))`,
    ],
  ])('%s', (query, where) => {
    expect(compiled(query).where).toBe(where);
  });

  test('equal values share a parameter, and every parameter has its type', () => {
    const { where, params, types } = compiled('(method: SASL or deviceType: sasl) and count > 5 and resultCode > 5');
    expect(Object.values(params)).toEqual(['sasl', '6', '6']);
    expect(Object.keys(types)).toEqual(Object.keys(params));
    for (const [name, type] of Object.entries(types)) expect(where).toContain(`{${name}:${type}}`);
  });

  test('parameters take the prefix that is asked for, and no other text', () => {
    expect(compileSql(readQuery('count: 1', clock), { prefix: 'left' }).params).toHaveProperty('left0');
    expect(() => compileSql(readQuery('count: 1', clock), { prefix: 'a}' })).toThrow(TypeError);
  });

  test.each([
    ['a thousand free words', Array.from({ length: 1_000 }, (_, index) => `w${index}`).join(' ')],
    [
      'long expressions by the thousand',
      Array.from({ length: 3_000 }, (_, index) => `message: w${index}`).join(' or '),
    ],
  ])('refuses %s', (_, query) => {
    const condition = readQuery(query.slice(0, 65_000).replace(/ or [^ ]*:?$/, ''), clock);
    expect(() => compileSql(condition)).toThrow(expect.objectContaining({ code: 'query-too-large' }));
  });

  test('fuzz: nothing of a query becomes SQL text', () => {
    const hostile = fc.oneof(
      fc.constantFrom(
        "' OR 1=1 --",
        '`; DROP TABLE events; --',
        '{q0:String}',
        "\\'",
        '*/ 1',
        '\0',
        '$'.concat('{x}'),
        'format(Null)',
        "'); SELECT file('/etc/passwd') --",
        '\udc80\ud800',
      ),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
    );
    // The text between backticks, quotes and braces is ours; what is left must be of the words that the compiler knows.
    const own = new RegExp(
      `^(?:${['and', 'or', 'not', 'isNotNull', 'notEmpty', 'hasAny', 'hasAllTokens', 'arrayExists', 'arrayMap', 'element', 'unhex', 'lowerUTF8', 'match', 'startsWith', 'endsWith', 'position', 'replaceRegexpAll', 'rawEvent', 'in', 'cast', 'true', 'false', '[0-9]+', '[(),=<>!\\s-]'].join('|')})*$`,
      'i',
    );
    const known = new Set<string>(labels);
    fc.assert(
      fc.property(
        fc.constantFrom(...labels),
        hostile,
        fc.constantFrom(':', '>', 'under', 'in', ''),
        fc.boolean(),
        (label, value, operator, exact) => {
          const quoted = exact ? quoteExact(value) : quotePhrase(value);
          const query =
            operator === ''
              ? quoted
              : operator === 'in'
                ? `${label} in (${quoted}, x)`
                : `${label} ${operator} ${quoted}`;
          const checked = check(parse(query), clock);
          if (checked.kind === 'errors') {
            for (const error of checked.errors) expect(error).toBeInstanceOf(AppError);
            return;
          }
          const { where, types } = compileSql(checked.condition);
          const columnsGone = where
            .replaceAll(rawWordsExpression, '')
            .replace(/`([^`]*)`/g, (_, name: string) => (known.has(name) ? '' : 'unknown column'));
          const parametersGone = columnsGone.replace(/\{(\w+):([^{}]*)\}/g, (_, name: string, type: string) =>
            types[name] === type ? '' : 'unknown parameter',
          );
          const left = parametersGone.replace(
            /'(?:Array\((?:UInt64|Int64|IPv4|IPv6|Decimal\(18, 9\)|DateTime64\([39], \\'UTC\\'\))\))?'/g,
            '',
          );
          expect(left).toMatch(own);
        },
      ),
      { numRuns: numRuns * 20 },
    );
  });

  test('every label compiles with every form its type takes', () => {
    for (const label of labels) {
      const { type } = fieldOf(label);
      const sample =
        type === 'boolean'
          ? 'true'
          : type === 'instant'
            ? 'now'
            : type.startsWith('ip')
              ? type === 'ipv6'
                ? '"::1"'
                : '10.0.0.1'
              : '1';
      for (const query of [
        `${label}: ${sample}`,
        `${label} is null`,
        `${label}: *`,
        `${label}: [${sample}, ${sample}]`,
      ]) {
        expect(compiled(query).where, query).toMatch(query.includes('1') || query.includes('now') ? /`/ : /^/);
      }
    }
  });
});
