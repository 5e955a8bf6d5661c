import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { createChdbConnection } from 'chdb/connection';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEvent, encodeText } from '#event';
import { compileCondition, foldText, readQuery, splitWords } from '#query';
import { columns, keptColumns } from '../columns.ts';
import { rawWordsIndex } from '../raw-words.ts';
import { compileSql } from './index.ts';
import { escapeLiteral, phraseExpression } from './word-expression.ts';

/** What the compiler counts on in the engine: folding, words, indexes, depth, bytes. */

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 100);
const clock = { now: Date.UTC(2024, 8, 15), zone: 'UTC' };
const directory = mkdtempSync(join(tmpdir(), 'meridian-engine-'));
let client: ClickHouseClient;

type Connection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['connection']>;

async function rowsOf<Row>(query: string, params: Record<string, unknown> = {}): Promise<Row[]> {
  const result = await client.query({ query, query_params: params, format: 'JSONEachRow' });
  return (await result.json()) as Row[];
}

beforeAll(async () => {
  const settings = { max_parser_depth: '20000', max_ast_depth: '20000', max_query_size: String(8 * 1024 ** 2) };
  client = createClient({
    connection: createChdbConnection({ path: directory }) as unknown as Connection,
    clickhouse_settings: settings,
  });
  const kept = keptColumns.map((column) => `\`${column.label}\` ${column.type}`);
  const computed = columns
    .filter((column) => column.storage === 'computed')
    .map((column) => `\`${column.label}\` ${column.type} ALIAS ${column.expression}`);
  await client.command({
    query: `CREATE TABLE events (${[...kept, ...computed, rawWordsIndex].join(', ')}) ENGINE = MergeTree ORDER BY eventTime SETTINGS index_granularity = 128`,
  });
  await client.command({
    query:
      "INSERT INTO events (position, eventTime, rawEvent) SELECT number, toDateTime64('2024-01-01', 9, 'UTC') + number, concat('conn=', toString(number), ' word', toString(intDiv(number, 100)), '-x') FROM numbers(20000)",
  });
});

afterAll(async () => {
  await client?.close();
  rmSync(directory, { recursive: true, force: true });
});

async function explain(query: string): Promise<string> {
  const { where, params } = compileSql(readQuery(query, clock));
  const rows = await rowsOf<{ explain: string }>(
    `EXPLAIN indexes = 1 SELECT count() FROM events WHERE ${where}`,
    params,
  );
  return rows.map((row) => row.explain).join('\n');
}

async function count(query: string): Promise<number> {
  const { where, params } = compileSql(readQuery(query, clock));
  const rows = await rowsOf<{ n: string | number }>(`SELECT count() AS n FROM events WHERE ${where}`, params);
  return Number(rows[0]?.n);
}

test('lower case is the same for every character', async () => {
  const different: string[] = [];
  for (let base = 0; base < 0x20000; base += 0x4000) {
    const characters = Array.from({ length: 0x4000 }, (_, index) => base + index)
      .filter((point) => point < 0xd800 || point > 0xdfff)
      .map((point) => String.fromCodePoint(point));
    if (characters.length === 0) continue;
    // In the middle and at the end of a word, for sigma.
    const texts = characters.flatMap((character) => [`a${character}b`, `A${character}`]);
    const rows = await rowsOf<{ lower: string }>(
      "SELECT replaceAll(lowerUTF8(arrayJoin({texts:Array(String)})), 'ς', 'σ') AS lower",
      { texts },
    );
    rows.forEach(({ lower }, index) => {
      if (lower !== foldText(texts[index] ?? '')) different.push(texts[index] ?? '');
    });
  }
  expect(different).toEqual([]);
});

test('fuzz with real parts: the engine splits words as splitWords does', async () => {
  const piece = fc.constantFrom(
    '.',
    '.',
    ',',
    '1',
    '22',
    'a',
    'a',
    'B',
    '1',
    '22',
    '.',
    ',',
    ' ',
    '_',
    '-',
    '=',
    'é',
    'σ',
    'ς',
    'İ',
    '\u2013',
    '\u200d',
    '\u00aa',
    '\u00d7',
    '、',
    '々',
    '\n',
    '\0',
    '"',
    '\\',
    '^',
    '[',
    ']',
    '😀',
  );
  const text = fc.array(piece, { minLength: 1, maxLength: 12 }).map((parts) => parts.join(''));
  // The words of the query with other things between and around them, so that nearly all values nearly match.
  const glued = fc.array(fc.array(piece, { maxLength: 3 }), { minLength: 13, maxLength: 13 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(glued, { minLength: 20, maxLength: 60 }),
      text,
      fc.boolean(),
      async (glues, query, open) => {
        const words = splitWords(foldText(query));
        const values = glues.map(
          (glue) => words.map((word, index) => glue[index]?.join('') + word).join('') + glue.at(-1)?.join(''),
        );
        if (words.length === 0) return;
        const condition = { kind: 'text', labels: ['message'], test: { kind: 'phrase', words, open } } as const;
        const matches = compileCondition(condition);
        const expected = values.map((value) => matches(Object.assign(createEvent(), { message: value })));
        const rows = await rowsOf<{ found: number }>(
          'SELECT match(lowerUTF8(arrayJoin({values:Array(String)})), {expression:String}) AS found',
          {
            values,
            expression: phraseExpression(words, open),
          },
        );
        expect(rows.map(({ found }) => found === 1)).toEqual(expected);
      },
    ),
    { numRuns: numRuns * 2 },
  );
});

test('fuzz with real parts: an escaped text matches itself and nothing is an operator', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
      fc.string({ unit: 'binary', maxLength: 20 }),
      async (text, other) => {
        const [literal, value] = [
          foldText(text.replace(/[\ud800-\udfff]/gu, '')),
          foldText(other.replace(/[\ud800-\udfff]/gu, '')),
        ];
        const rows = await rowsOf<{ itself: number; among: number; other: number }>(
          'SELECT match({text:String}, {whole:String}) AS itself, match(concat({other:String}, {text:String}), {part:String}) AS among, match({other:String}, {part:String}) AS other',
          { text: literal, other: value, whole: `^${escapeLiteral(literal)}$`, part: escapeLiteral(literal) },
        );
        expect(rows).toEqual([{ itself: 1, among: 1, other: value.includes(literal) ? 1 : 0 }]);
      },
    ),
    { numRuns },
  );
});

test('a window of time reads only its own part of the table', async () => {
  const plan = await explain('eventTime: ["2024-01-01T01:00:00Z" .. "2024-01-01T01:10:00Z"] and resultCode is null');
  expect(plan).toMatch(/PrimaryKey[\s\S]*Granules: [1-9]\/15\d/);
  expect(await count('eventTime: ["2024-01-01T01:00:00Z" .. "2024-01-01T01:10:00Z"]')).toBe(601);
});

test('words of the raw event go through its index', async () => {
  expect(await explain('rawEvent: WORD17')).toMatch(/rawWords[\s\S]*Granules: [1-3]\/15\d/);
  expect(await count('rawEvent: WORD17')).toBe(100);
  expect(await count('rawEvent: "word17 x"')).toBe(100);
  expect(await count('rawEvent: "word17"')).toBe(1_100);
  expect(await count('not rawEvent: word17')).toBe(19_900);
});

test('a thousand levels reach the engine', async () => {
  const alternating = `${'(count: 1 or (resultCode: 2 and '.repeat(499)}position: 7${'))'.repeat(499)}`;
  expect(await count(alternating)).toBe(0);
  expect(await count(`${'(count is null and (resultCode: 2 or '.repeat(499)}position: 7${'))'.repeat(499)}`)).toBe(1);
  expect(await count(`${'not (count: 1 or '.repeat(500)}position: 7${')'.repeat(500)}`)).toBe(1);
  expect(await count(`${'not (count: 1 or '.repeat(499)}position: 7${')'.repeat(499)}`)).toBe(19_999);
  // Both sides deep.
  const side = `${'(count: 1 or (position < 100 and '.repeat(200)}position: 7${'))'.repeat(200)}`;
  expect(await count(`not ((${side} or ${side}) and not (${side} and position: 8))`)).toBe(19_999);
});

test('free text is asked of all columns at once', async () => {
  expect(await count('word17')).toBe(100);
  expect(await count('word17 or word18')).toBe(200);
  expect(await count(Array.from({ length: 100 }, (_, index) => `word${index}`).join(' '))).toBe(10_000);
});

test('text with bytes that are no UTF-8 is compared as bytes, and never fails', async () => {
  const value = 'caf\udce9 Menü';
  await client.command({
    query: `INSERT INTO events (position, eventTime, message) SELECT 90000, now(), unhex('${encodeText(value).toString('hex')}')`,
  });
  const event = Object.assign(createEvent(), { message: value });
  for (const query of [
    'message: `caf\udce9 Menü`',
    'message: MENÜ',
    'message: "caf\udce9"',
    'message: *men?',
    'message: `other`',
    'message: caf\udce9*',
  ]) {
    const expected = compileCondition(readQuery(query, clock))(event) ? 1 : 0;
    expect([query, await count(query)]).toEqual([query, expected]);
  }
  // In words and patterns such a byte stands for any.
  expect(await count('message: ["\udce9", `x\ud800`, \udcff*]')).toBe(1);
});
