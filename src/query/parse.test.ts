import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '#error';
import { createEvent } from '#event';
import {
  check,
  compileCondition,
  complete,
  describeAt,
  evaluate,
  type Node,
  parse,
  print,
  queryLimits,
  readQuery,
} from './index.ts';

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 100);
const clock = { now: Date.UTC(2024, 8, 15), zone: 'UTC' };

/** Pieces that queries are made of, and texts that are none. */
const pieces = [
  'eventSubType',
  'count',
  'source',
  ':',
  ' ',
  '  ',
  '(',
  ')',
  '[',
  ']',
  '"',
  "'",
  '`',
  '\\',
  '..',
  '...',
  ',',
  'and',
  'or',
  'NOT',
  'is',
  'null',
  'in',
  'under',
  '>',
  '<',
  '=',
  '>=',
  '*',
  '?',
  'BIND',
  '49',
  'now-1d',
  '2024-09-15',
  '10.0.0.0/8',
  '::1',
  '2001:db8::',
  '“',
  '’',
  '\0',
  '\u2028',
  '\ud800',
  'é',
  '😀',
  '.',
  '%',
];
const broken = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join('')),
  fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((parts) => parts.join(' ')),
  fc.string({ unit: 'binary', maxLength: 200 }),
);

/** Processor time, for the machine may be busy with other things. Quadratic time would be some 20 seconds. */
function millisecondsOf(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  return process.cpuUsage(start).user / 1000;
}

describe('any text', () => {
  test('fuzz: gives a tree, a print, completions, and errors only of ours', () => {
    fc.assert(
      fc.property(broken, fc.nat(250), (text, cursor) => {
        const tree = parse(text);
        for (const error of tree.errors) {
          expect(error).toBeInstanceOf(AppError);
          expect(error.place?.offset).toBeLessThanOrEqual(text.length);
          expect(error.place?.expected).toBeTruthy();
          expect(error.place?.found).toBeTruthy();
        }
        print(tree);
        complete(text, cursor);
        describeAt(text, cursor);
        const checked = check(tree, clock);
        if (checked.kind === 'condition') expect(typeof evaluate(checked.condition, createEvent())).toBe('boolean');
        else expect(checked.errors.length).toBeGreaterThan(0);
      }),
      { numRuns: numRuns * 20 },
    );
  });

  test.each(['...:=::1', '... : >= 5', 'a:=::1', '..eventSubType:>=x'])(
    '%s prints as a text that gives the same print again',
    (text) => {
      const printed = print(parse(text));
      expect(parse(printed).errors).toEqual([]);
      expect(print(parse(printed))).toBe(printed);
    },
  );

  test('fuzz: what parses prints as a text that gives the same print again', () => {
    fc.assert(
      fc.property(broken, (text) => {
        const tree = parse(text);
        if (tree.errors.length > 0) return;
        const printed = print(tree);
        const again = parse(printed);
        expect(again.errors).toEqual([]);
        expect(print(again)).toBe(printed);
      }),
      { numRuns: numRuns * 20 },
    );
  });

  test('fuzz: spans lie within one another', () => {
    fc.assert(
      fc.property(broken, (text) => {
        const { root } = parse(text);
        const open = root === undefined ? [] : [root];
        for (let node = open.pop(); node !== undefined; node = open.pop()) {
          expect(node.span.start).toBeLessThanOrEqual(node.span.end);
          expect(node.span.end).toBeLessThanOrEqual(text.length);
          if (!('of' in node)) continue;
          const parts: readonly Node[] = Array.isArray(node.of) ? node.of : [node.of];
          for (const part of parts) {
            expect(part.span.start).toBeGreaterThanOrEqual(node.span.start);
            expect(part.span.end).toBeLessThanOrEqual(node.span.end);
            open.push(part);
          }
        }
      }),
      { numRuns: numRuns * 10 },
    );
  });
});

describe('limits', () => {
  test.each([
    ['10 MB of parentheses', '('.repeat(10_000_000), 'query-too-long'],
    ['a text just too long', 'a'.repeat(queryLimits.textLength + 1), 'query-too-long'],
    ['60,000 parentheses', '('.repeat(60_000), 'too-deep'],
    ['1,001 levels', `${'('.repeat(1_001)}count: 1${')'.repeat(1_001)}`, 'too-deep'],
    ['1,001 NOTs', `${'not '.repeat(1_001)}count: 1`, 'too-deep'],
    ['1,001 nested names', `${'a:('.repeat(1_001)}count: 1${')'.repeat(1_001)}`, 'too-deep'],
    ['a list too long', `count: [${Array.from({ length: 5_001 }, (_, item) => item).join()}]`, 'query-too-large'],
    ['too many clauses', Array.from({ length: 10_001 }, () => 'pos').join(' '), 'query-too-large'],
    ['a phrase too long', `message: "${'a '.repeat(257)}"`, 'query-too-large'],
  ])('%s: %#', (_, text, code) => {
    let first: unknown;
    const elapsed = millisecondsOf(() => {
      const checked = check(parse(text), clock);
      first = checked.kind === 'errors' ? checked.errors[0]?.code : 'condition';
    });
    expect(first).toBe(code);
    expect(elapsed).toBeLessThan(4_000);
  });

  test('a thousand levels are allowed, in every part of the language', () => {
    const alternating = `${'(count: 1 or (resultCode: 2 and '.repeat(499)}count: 3${'))'.repeat(499)}`;
    for (const text of [
      `${'('.repeat(1_000)}count: 1${')'.repeat(1_000)}`,
      `${'not '.repeat(1_000)}count: 1`,
      `count: ${'('.repeat(1_000)}1${')'.repeat(1_000)}`,
      `${'not (count: 1 or '.repeat(500)}count: 2${')'.repeat(500)}`,
      alternating,
    ]) {
      const tree = parse(text);
      expect(tree.errors).toEqual([]);
      expect(print(parse(print(tree)))).toBe(print(tree));
      const condition = readQuery(text, clock);
      expect(typeof compileCondition(condition)(createEvent())).toBe('boolean');
      expect(describeAt(text, text.indexOf('count'))?.label).toBe('count');
    }
  });

  test.each([
    '(',
    ')',
    '[',
    '"',
    '`',
    "'",
    ':',
    ' ',
    'a',
    'a ',
    'a:',
    'a:(',
    'a:[',
    'not ',
    'a and ',
    '..',
    '\\',
    ',',
    '::',
    '1:',
    'count ',
    'count is ',
    'a,',
    '(a ',
    '*',
    'x not ',
    '“',
    '0:0',
  ])('time grows with the length, not faster: %j', (piece) => {
    const text = piece.repeat(Math.floor(queryLimits.textLength / piece.length));
    const elapsed = millisecondsOf(() => {
      const tree = parse(text);
      check(tree, clock);
      complete(text, text.length);
    });
    expect(elapsed).toBeLessThan(4_000);
  });

  test('at most twenty errors are told', () => {
    expect(parse(': '.repeat(500)).errors).toHaveLength(queryLimits.errors);
  });
});
