import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Condition, check, parse, print, type Range, type TextTest } from './index.ts';

/**
 * The files in `cases/` say what queries mean. A case is a query, then what becomes of it, line by line:
 *
 *     ==> the condition
 *     --> the query as it is printed, where that differs
 *     !!! error-code position message
 *     ??? hint-code position
 *
 * Lines that start with `# ` are titles. `\u{…}` in a query stands for that character, and `(empty)` for nothing. Queries are asked
 * at 12:30:15.250 UTC on 15 September 2024, in Europe/Berlin.
 */
const folder = new URL('./cases/', import.meta.url);
const clock = { now: Date.UTC(2024, 8, 15, 12, 30, 15, 250), zone: 'Europe/Berlin' };

interface Case {
  readonly query: string;
  readonly lines: readonly string[];
}

function readCases(file: string): Case[] {
  const blocks = readFileSync(new URL(file, folder), 'utf8').split(/\n{2,}/);
  return blocks.flatMap((block) => {
    const lines = block.split('\n').filter((line) => line !== '' && !line.startsWith('# '));
    const [query, ...rest] = lines;
    return query === undefined ? [] : [{ query, lines: rest }];
  });
}

function unescapeQuery(query: string): string {
  if (query === '(empty)') return '';
  return query.replace(/\\u\{([0-9a-f]+)\}/g, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 16)));
}

function outcomeOf(query: string): string[] {
  const tree = parse(query);
  const checked = check(tree, clock);
  const hints = checked.hints.map(({ code, span }) => `??? ${code} ${span.start}`);
  if (checked.kind === 'errors') {
    return [...checked.errors.map(({ code, place, message }) => `!!! ${code} ${place?.offset} ${message}`), ...hints];
  }
  const printed = print(tree);
  return [`==> ${show(checked.condition)}`, ...(printed === query ? [] : [`--> ${printed}`]), ...hints];
}

function show(condition: Condition): string {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return `${condition.kind}(${condition.of.map(show).join(', ')})`;
    case 'not':
      return `not(${show(condition.of)})`;
    case 'present':
      return `present(${condition.label})`;
    case 'boolean':
      return `${condition.label} is ${condition.value}`;
    case 'number':
      return `${condition.label} ${condition.ranges.map((range) => showRange(range, String)).join(' ')}`;
    case 'instant':
      return `${condition.label} ${condition.ranges.map((range) => showRange(range, showInstant)).join(' ')}`;
    case 'address':
      return `${showLabels(condition.labels)} ${condition.ranges.map(({ first, last }) => (first.text === last.text ? first.text : `${first.text}..${last.text}`)).join(' ')}`;
    case 'text':
      return `${showLabels(condition.labels)} ${showTest(condition.test)}`;
    case 'under':
      return `${condition.label} under ${JSON.stringify(condition.ancestor)}`;
    default:
      return condition.kind;
  }
}

function showLabels(labels: readonly string[]): string {
  return labels.length > 5 ? `{${labels.slice(0, 2).join(', ')}, …}` : labels.join('|');
}

function showRange({ low, high }: Range, write: (bound: bigint) => string): string {
  if (low !== undefined && low === high) return write(low);
  return `${low === undefined ? '' : write(low)}..${high === undefined ? '' : write(high)}`;
}

function showInstant(nanoseconds: bigint): string {
  const ms = nanoseconds / 1_000_000n;
  return `${new Date(Number(ms)).toISOString().slice(0, -1)}${String(nanoseconds - ms * 1_000_000n).padStart(6, '0')}Z`;
}

function showTest(test: TextTest): string {
  switch (test.kind) {
    case 'equals':
    case 'equals-folded':
      return `${test.kind} ${test.values.map((value) => JSON.stringify(value)).join(' ')}`;
    case 'phrase':
      return `words ${test.words.map((word) => JSON.stringify(word)).join(' ')}${test.open ? '…' : ''}`;
    case 'pattern':
      return `pattern ${test.parts.map((part) => (typeof part === 'string' ? JSON.stringify(part) : part.wildcard === 'many' ? '*' : '?')).join(' ')}`;
    default:
      return `${test.kind} ${JSON.stringify(test.value)}`;
  }
}

describe.each(readdirSync(folder).filter((file) => file.endsWith('.txt')))('%s', (file) => {
  const cases = readCases(file);
  test('has cases', () => expect(cases.length).toBeGreaterThan(5));
  test.each(cases)('$query', ({ query, lines }) => {
    expect(outcomeOf(unescapeQuery(query))).toEqual(lines);
  });
});
