import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { createChdbConnection } from 'chdb/connection';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createEvent,
  type Event,
  type Field,
  type FieldType,
  fieldOf,
  fields,
  foldDn,
  type Label,
  parseAddress,
} from '#event';
import { check, compileCondition, parse, print, quoteExact, quotePhrase, readQuery } from '#query';
import { columns, keptColumns } from '../columns.ts';
import { rawWordsIndex } from '../raw-words.ts';
import { compileSql } from './index.ts';

/**
 * The one thing that makes the language the same everywhere: random queries over random events give the same events in
 * the engine and in `compileCondition`.
 */

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 100);
const clock = { now: Date.UTC(2024, 8, 15, 12, 30, 15, 250), zone: 'Europe/Berlin' };

// --- what events and queries are made of: the same pools, so that queries find something

const words = [
  'anna',
  'Anna',
  'ANNA',
  'bind',
  'Straße',
  'STRASSE',
  'ẞ',
  'İstanbul',
  'istanbul',
  'ΟΔΟΣ',
  'οδος',
  'οδοσ',
  'ΣΑ',
  'Kelvin',
  'kelvin',
  'ſoft',
  'soft',
  '10,125',
  '10.134',
  '10',
  '134',
  'qualys.corp.com',
  '102354.qualys',
  'a.1',
  '1.a',
  'a,b',
  'x_y',
  'posixGroup',
  'objectClass',
  'ou',
  'cn',
  'test*',
  'te?t',
  '日本語',
  'e\u0301',
  'é',
  '😀',
  '12345',
  '123456789',
  '-',
  '..',
  'Z\u200dJ',
  '100%',
  '_',
];
const glue = [
  ' ',
  '  ',
  ',',
  '.',
  ', ',
  '. ',
  '-',
  '=',
  '(',
  ')',
  '\t',
  '\n',
  '\u00a0',
  '\u2028',
  '“',
  '/',
  '\\',
  '"',
  "'",
  '`',
  ':',
  '|',
  '*',
  '\0',
  '%',
];
const dns = [
  'uid=anna,ou=people,dc=example,dc=com',
  'UID=Anna, OU=People, DC=Example, DC=com',
  'ou=people,dc=example,dc=com',
  'cn=Smith\\, J,ou=people,dc=example,dc=com',
  'cn=x\\,ou=people,dc=example,dc=com',
  'dc=example,dc=com',
  'cn=config',
  'uid=pwsync,cn=config',
  'cn=a+uid=b,dc=example,dc=com',
  'cn="Quoted, Name",dc=example,dc=com',
  'not a dn',
  'cn=ΟΔΟΣ,dc=example,dc=com',
  'cn=\\23hash,dc=com',
  'xcn=config',
  'uid=x,mydc=example,dc=com',
];
const addresses = [
  '172.16.240.251',
  '172.16.240.1',
  '10.0.0.1',
  '0.0.0.0',
  '255.255.255.255',
  '2001:db8::15',
  '2001:db8::1',
  '::',
  '::1',
  '::ffff:10.0.0.1',
  '::fffe:ffff:ffff',
  '::1:0:0:0',
  'fe80::1%eth0',
  'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
];
const numbers = [
  '0',
  '1',
  '-1',
  '9',
  '49',
  '3471',
  '1000',
  '1.5',
  '-0.5',
  '0.008905371',
  '0.0089053711',
  '9007199254740991',
  '18446744073709551615',
  '9223372036854775807',
  '99999999999999999999',
  '999999999.999999999',
];
const times = [
  Date.UTC(2024, 8, 15),
  Date.UTC(2024, 8, 15) - 1,
  Date.UTC(2024, 8, 14, 22),
  Date.UTC(2024, 8, 15, 12, 30, 15, 250),
  Date.UTC(2024, 8, 15, 12, 30, 15),
  Date.UTC(2024, 8, 15, 12, 30, 16),
  Date.UTC(2024, 9, 27, 0, 30),
  Date.UTC(2023, 0, 22),
  0,
  Date.UTC(2261, 11, 31),
];
const dates = [
  '2024-09-15',
  '"2024-09-15T00:30:00.000Z"',
  "'2024-09-15 12:30'",
  '"2024-09-15T12:30:15.250000001+00:00"',
  '2024-09-15T12:30:15Z',
  'now',
  'now-1d',
  'now-3M',
  'now+1y',
  'now-15m',
  '1726403415250',
  '2024-10-27',
  '1900-01-01',
  '2261-12-31',
];

const text = fc
  .array(fc.tuple(fc.constantFrom(...words), fc.constantFrom(...glue)), { minLength: 1, maxLength: 4 })
  .map((pairs) => pairs.map(([word, mark]) => word + mark).join(''))
  .chain((made) => fc.constantFrom(made, made.slice(0, -1)));
const plainText = fc.oneof(fc.constantFrom(...words), text);

/** A value as a source would give it. */
function sourceValue(field: Field, type: FieldType): fc.Arbitrary<string | number | boolean> {
  switch (type) {
    case 'instant':
      return fc.constantFrom(...times);
    case 'unsigned':
      return fc.constantFrom<(string | number)[]>(
        0,
        1,
        9,
        49,
        1000,
        3471,
        9_007_199_254_740_991,
        '18446744073709551615',
        '9007199254740993',
      );
    case 'integer':
      return fc.constantFrom(0, 1, -1, 9, 49, 1000, -9_007_199_254_740_991, 9_007_199_254_740_991);
    case 'decimal':
      return fc.oneof(
        fc.constantFrom(0, 1, 1.5, -0.5, 0.008905371, 999_999_999.5, 1e-9),
        fc.double({ min: -1000, max: 1000, noNaN: true }),
      );
    case 'boolean':
      return fc.boolean();
    case 'ip':
      return fc.constantFrom(...addresses);
    case 'ipv4':
      return fc.constantFrom(
        ...addresses.filter((address) => parseAddress(address)?.family === 4 && !address.includes(':')),
      );
    case 'ipv6':
      return fc.constantFrom(...addresses.filter((address) => address.includes(':')));
    case 'dn':
      return fc.oneof(fc.constantFrom(...dns), text);
    case 'filter':
      return fc.oneof(
        fc.constantFrom('(objectClass=posixGroup)', '(&(objectclass=*)(uid=Anna))', '(uid=test*)', '(uid=tester)'),
        text,
      );
    case 'enum':
      return field.values === undefined
        ? plainText
        : fc.oneof(fc.constantFrom(...field.values, ...field.values.map((value) => value.toLowerCase())), plainText);
    default:
      return plainText;
  }
}

/** Labels under test: some of every type, so that random clauses meet values. */
const testedLabels: readonly Label[] = [
  'eventTime',
  'requestTime',
  'sessionId',
  'count',
  'operationNumber',
  'resultCode',
  'duration',
  'secureConnection',
  'sourceIp',
  'sourceIpv4',
  'sourceIpv6',
  'distinguishedName',
  'requestContext',
  'boundDn',
  'searchFilter',
  'eventSubType',
  'method',
  'tags',
  'resultNotes',
  'requestedAttributes',
  'changes',
  'deviceHostName',
  'rawEvent',
  'message',
  'eventId',
  'eventNanos',
  'position',
  'generation',
  'stream',
  'distinguishedNameFolded',
  'actorGroups',
];
const computedLabels: readonly Label[] = [
  'eventId',
  'eventNanos',
  'eventTime',
  'position',
  'generation',
  'stream',
  'distinguishedNameFolded',
];

const eventArbitrary: fc.Arbitrary<Event> = fc
  .tuple(
    fc.constantFrom(...times),
    fc.constantFrom(undefined, 0, 1, 999_999),
    ...testedLabels
      .filter((label) => !computedLabels.includes(label))
      .map((label) => {
        const field = fieldOf(label);
        const one = sourceValue(field, field.type);
        const value: fc.Arbitrary<unknown> =
          field.many === true
            ? fc.array(one, { maxLength: 3 })
            : fc.oneof({ weight: 9, arbitrary: one }, { weight: 1, arbitrary: fc.constant('') });
        return fc
          .option(value, { nil: undefined, freq: 2 })
          .map(
            (made) =>
              [
                label,
                made === '' && typeof fields[label] !== 'string' && !isText(field.type) ? undefined : made,
              ] as const,
          );
      }),
  )
  .map(([eventTime, eventNanos, ...pairs]) => {
    const event = createEvent();
    Object.assign(event, Object.fromEntries(pairs), { eventTime, eventNanos });
    for (const label of ['distinguishedName', 'requestContext', 'boundDn'] as const) {
      const dn = event[label];
      const folded = dn === undefined ? undefined : foldDn(dn);
      if (folded !== undefined && folded !== '') event[`${label}Folded`] = folded;
    }
    return event;
  });

function isText(type: FieldType): boolean {
  return ['dn', 'filter', 'enum', 'identifier', 'text'].includes(type);
}

// --- queries, from the grammar

const bareWord = fc
  .constantFrom(...words, ...dns, '*anna*', 'ann*', '*a', 'te\\*t', '?nna', '*', '*a*b?', '*=*,*')
  .map((word) => word.replace(/[()[\]"'`:“”‘’\s]/g, '').replace(/^[=<>]+/, ''))
  .filter((word) => word !== '' && !/\\$/.test(word));
const quoted = fc
  .oneof(plainText, fc.constantFrom(...dns))
  .chain((value) => fc.constantFrom(quotePhrase(value), quoteExact(value)));
const textValue = fc.oneof(
  bareWord,
  fc.tuple(bareWord, bareWord).map((pair) => pair.join(' ')),
  quoted,
);

function scalarOf(type: FieldType): fc.Arbitrary<string> {
  if (isText(type)) return textValue;
  if (type === 'boolean') return fc.constantFrom('true', 'FALSE', '"true"');
  if (type === 'instant') return fc.constantFrom(...dates);
  if (type === 'ip' || type === 'ipv4' || type === 'ipv6') {
    const all = [
      ...addresses.map((address) => `"${address}"`),
      '172.16.240.*',
      '10.*',
      '172.16.0.0/12',
      '"2001:db8::/32"',
      '0.0.0.0/0',
      '"::/0"',
      '"::/64"',
    ];
    return fc.constantFrom(...all);
  }
  return fc.constantFrom(...numbers);
}

const clauseArbitrary: fc.Arbitrary<string> = fc.constantFrom(...testedLabels).chain((label) => {
  const { type } = fieldOf(label);
  const scalar = scalarOf(type);
  const list = fc.array(
    scalar.filter((value) => (isText(type) ? !/,/.test(value) || /^["`]/.test(value) : true)),
    { minLength: 1, maxLength: 4 },
  );
  const common = [
    scalar.map((value) => `${label}: ${value}`),
    list.map((values) => `${label}: [${values.join(', ')}]`),
    list.map((values) => `${label} in (${values.join(', ')})`),
    fc.constantFrom(`${label} is null`, `${label} is not null`, `${label}: *`),
  ];
  if (label === 'distinguishedName' || label === 'requestContext' || label === 'boundDn') {
    return fc.oneof(
      ...common,
      fc.constantFrom(...dns, '').map((dn) => `${label} under ${quotePhrase(dn)}`),
    );
  }
  if (isText(type) || type === 'boolean') {
    return fc.oneof(
      ...common,
      fc.tuple(scalar, scalar).map(([one, other]) => `${label}: (${one} or not ${other})`),
    );
  }
  const brackets = fc.tuple(fc.constantFrom('[', '('), fc.constantFrom(']', ')'));
  return fc.oneof(
    ...common,
    fc
      .tuple(fc.constantFrom('>', '<', '>=', '<=', '='), scalar)
      .map(([operator, value]) => `${label} ${operator} ${value}`),
    fc
      .tuple(brackets, scalar, scalar)
      .map(([[open, close], low, high]) => `${label}: ${open}${low} .. ${high}${close}`),
    fc
      .tuple(brackets, scalar)
      .chain(([[open, close], bound]) =>
        fc.constantFrom(`${label}: ${open}.. ${bound}${close}`, `${label}: ${open}${bound} ..${close}`),
      ),
  );
});

const { query: queryArbitrary } = fc.letrec<{ query: string; part: string }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 6, arbitrary: clauseArbitrary },
    {
      weight: 1,
      arbitrary: fc.oneof(
        bareWord.filter((word) => !/[*?]/.test(word)),
        quoted,
        fc.constantFrom('10.0.0.1', '"2001:db8::15"'),
      ),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(tie('part'), fc.constantFrom('and', 'or', 'AND', 'Or'), tie('part'))
        .map((parts) => parts.join(' ')),
    },
    { weight: 1, arbitrary: tie('part').map((part) => `not ${part}`) },
  ),
  part: fc.oneof(
    { maxDepth: 3 },
    clauseArbitrary,
    tie('query').map((query) => `(${query})`),
  ),
}));

// --- the engine

// Both packages declare the same interface, each in a copy of its own that the other's private parts do not fit.
type Connection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['connection']>;

const directory = mkdtempSync(join(tmpdir(), 'meridian-agreement-'));
let client: ClickHouseClient;
let events: Event[];

/** The value as the engine reads it from JSON. */
function stored(label: Label, value: unknown): unknown {
  const { type } = fieldOf(label);
  if (type === 'instant' && typeof value === 'number')
    return new Date(value).toISOString().slice(0, -1).replace('T', ' ');
  if (type === 'decimal' && typeof value === 'number') {
    const digits = String(BigInt(Math.abs(Math.round(value * 1e9)))).padStart(10, '0');
    return `${value < 0 ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`;
  }
  if ((type === 'ip' || type === 'ipv6') && typeof value === 'string') {
    const address = parseAddress(value);
    return address?.family === 4 ? `::ffff:${address.text}` : address?.text;
  }
  return typeof value === 'bigint' ? String(value) : value;
}

beforeAll(async () => {
  const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000);
  events = fc.sample(eventArbitrary, { numRuns: 400, seed }).map((event, index) => {
    Object.assign(event, { stream: index % 3 === 0 ? 'Stream-A' : 'b', generation: index % 2, position: index });
    event.eventId = `${event.stream}-${event.generation}-${event.position}`;
    return event;
  });
  client = createClient({
    connection: createChdbConnection({ path: directory }) as unknown as Connection,
    clickhouse_settings: { max_parser_depth: '20000', max_ast_depth: '20000', max_query_size: String(8 * 1024 ** 2) },
  });
  const kept = keptColumns.map((column) => `\`${column.label}\` ${column.type}`);
  const computed = columns
    .filter((column) => column.storage === 'computed')
    .map((column) => `\`${column.label}\` ${column.type} ALIAS ${column.expression}`);
  await client.command({
    query: `CREATE TABLE events (${[...kept, ...computed, rawWordsIndex].join(', ')}) ENGINE = MergeTree ORDER BY eventTime SETTINGS index_granularity = 8`,
  });
  const rows = events.map((event) => {
    const row: Record<string, unknown> = {};
    for (const { label } of keptColumns) if (event[label] !== undefined) row[label] = stored(label, event[label]);
    row['eventTime'] = `${stored('eventTime', event.eventTime)}${String(event.eventNanos ?? 0).padStart(6, '0')}`;
    return JSON.stringify(row);
  });
  const settings = "SETTINGS input_format_null_as_default = 1, date_time_input_format = 'basic'";
  await client.command({ query: `INSERT INTO events ${settings} FORMAT JSONEachRow ${rows.join('\n')}` });
});

afterAll(async () => {
  await client?.close();
  rmSync(directory, { recursive: true, force: true });
});

async function select(query: string): Promise<number[]> {
  const { where, params } = compileSql(readQuery(query, clock));
  const result = await client.query({
    query: `SELECT position FROM events WHERE ${where} ORDER BY position`,
    query_params: params,
    format: 'JSONEachRow',
  });
  const rows = (await result.json()) as { position: string | number }[];
  return rows.map((row) => Number(row.position));
}

function evaluated(query: string): number[] {
  const test = compileCondition(readQuery(query, clock));
  return events.flatMap((event, index) => (test(event) ? [index] : []));
}

describe('the engine and the evaluator', () => {
  test('all events are stored', async () => {
    expect(await select('')).toHaveLength(events.length);
  });

  test('fuzz with real parts: select the same events', async () => {
    let found = 0;
    let valid = 0;
    await fc.assert(
      fc.asyncProperty(queryArbitrary, async (query) => {
        // A random range may have its bounds the wrong way round, and a random DN none.
        if (check(parse(query), clock).kind === 'errors') return;
        const expected = evaluated(query);
        valid++;
        if (expected.length > 0 && expected.length < events.length) found++;
        expect(await select(query), query).toEqual(expected);
      }),
      { numRuns: numRuns * 5 },
    );
    // The queries must be worth asking.
    expect(valid).toBeGreaterThan(numRuns * 3);
    expect(found).toBeGreaterThan(numRuns);
  });

  test('fuzz with real parts: select the same events, however deep the query', async () => {
    const light = fc.oneof(
      fc.tuple(fc.constantFrom('<', '>='), fc.nat(400)).map(([operator, bound]) => `position ${operator} ${bound}`),
      fc.constantFrom('count is null', 'secureConnection: true', 'generation: 1'),
    );
    const level = fc.tuple(light, fc.constantFrom('and', 'or'), fc.constantFrom('', 'not '), fc.boolean());
    const deep = fc.tuple(fc.array(level, { minLength: 45, maxLength: 90 }), light).map(([levels, last]) => {
      let query = last;
      for (const [part, connective, negation, first] of levels) {
        query = `${negation}(${first ? `${part} ${connective} (${query})` : `(${query}) ${connective} ${part}`})`;
      }
      return query;
    });
    await fc.assert(
      fc.asyncProperty(deep, deep, fc.boolean(), async (one, other, both) => {
        const query = both ? `(${one} or ${other}) and not (${other} and ${one})` : one;
        expect(await select(query)).toEqual(evaluated(query));
      }),
      { numRuns },
    );
  });

  test('fuzz: print gives a query of the same meaning and the same text again', () => {
    fc.assert(
      fc.property(queryArbitrary, (query) => {
        const tree = parse(query);
        if (tree.errors.length > 0) return;
        const printed = print(tree);
        expect(print(parse(printed))).toBe(printed);
        expect(check(parse(printed), clock)).toMatchObject({ kind: check(tree, clock).kind });
        if (check(tree, clock).kind === 'condition') expect(readQuery(printed, clock)).toEqual(readQuery(query, clock));
      }),
      { numRuns: numRuns * 10 },
    );
  });
});
