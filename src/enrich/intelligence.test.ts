import { describe, expect, test } from 'vitest';
import { parseAddress } from '#event';
import { type IntelligencePart, indicatorsOf, readIntelligence } from './intelligence.ts';
import { noTerms } from './intelligence-lists.ts';
import { testContent } from './test-content.ts';

function valuesIn(text: string, ...lists: readonly IntelligencePart[]): readonly string[] {
  return indicatorsOf(parseAddress(text) ?? expect.fail(`no address: ${text}`), lists).map((one) => one.value);
}

const changed = Date.parse('2026-11-24');
const day = 86_400_000;

describe('a plain list', () => {
  const text = `# bad ones
8.8.8.8
45.0.0.0/8 ; SBL12345
46.1.1.0-46.1.1.9   # a range
47.1.1.1 - 47.1.1.3
2a00:1450::/32
2a00:1450:1::5,2026-01-01,scan
evil.example
not an address?
`;

  test.each([
    ['8.8.8.8', ['8.8.8.8']],
    ['8.8.8.9', []],
    ['45.6.7.8', ['45.0.0.0/8']],
    ['46.1.1.9', ['46.1.1.0-46.1.1.9']],
    ['46.1.1.10', []],
    ['47.1.1.2', ['47.1.1.1-47.1.1.3']],
    ['2a00:1450:1::5', ['2a00:1450:1::5', '2a00:1450::/32']],
    ['::ffff:8.8.8.8', ['8.8.8.8']],
  ])('%s', async (address, values) => {
    expect(valuesIn(address, await readIntelligence(testContent('bad.txt', text), noTerms))).toEqual(values);
  });

  test('counts what it cannot match, and names what it cannot read', async () => {
    const list = await readIntelligence(testContent('bad.txt', text), noTerms);
    expect(list).toMatchObject({ list: 'bad', entries: 6, unmatchable: 1 });
    expect(list.notices[0]?.sentence).toContain('row 9: "not" is no address, block or range');
  });

  test('holds for thirty days where nobody says otherwise, and three times its refresh where somebody does', async () => {
    const until = async (refreshMs?: number): Promise<number | undefined> => {
      const list = await readIntelligence(testContent('bad.txt', '8.8.8.8\n', changed), { ...noTerms, refreshMs });
      return list.byAddress.get('8.8.8.8')?.[0]?.until;
    };
    expect(await until()).toBe(changed + 30 * day);
    expect(await until(day)).toBe(changed + 3 * day);
    expect(await until(100 * day)).toBe(changed + 30 * day);
  });

  test('takes what is said about it as a whole', async () => {
    const terms = { confidence: 80, severity: 'high', labels: ['tor', 'tlp:green'], refreshMs: day } as const;
    const list = await readIntelligence(testContent('tor.txt', '8.8.8.8\n', changed), terms);
    expect(list.byAddress.get('8.8.8.8')).toMatchObject([
      { confidence: 80, severity: 'high', labels: ['tor', 'tlp:green'] },
    ]);
    expect(list.staleAfter).toBe(changed + 3 * day);
  });
});

describe('a table', () => {
  test('in CSV says more about each indicator', async () => {
    const csv = `indicator,confidence,severity,labels,validFrom,validUntil
8.8.8.8,90,critical,c2;botnet,2026-01-01,2026-02-01
9.9.9.0/24,200,nonsense,,,
`;
    const list = await readIntelligence(testContent('own.csv', csv, changed), noTerms);
    expect(list.byAddress.get('8.8.8.8')).toMatchObject([
      {
        confidence: 90,
        severity: 'critical',
        labels: ['c2', 'botnet'],
        from: Date.parse('2026-01-01'),
        until: Date.parse('2026-02-01'),
      },
    ]);
    expect(indicatorsOf(parseAddress('9.9.9.9') ?? expect.fail(), [list])).toMatchObject([
      { confidence: undefined, severity: undefined, from: Number.NEGATIVE_INFINITY, until: changed + 30 * day },
    ]);
  });

  test.each([
    ['lines of JSON', 'drop.json', '{"cidr":"45.0.0.0/8","sblid":"SBL1"}\n{"cidr":"46.0.0.0/8"}\n'],
    ['a list of objects', 'own.json', '[{"ip":"45.0.0.0/8"},{"value":"46.0.0.0/8"}]'],
    ['no head', 'own.csv', '45.0.0.0/8\n46.0.0.0/8,scan\n'],
  ])('may be %s', async (_, name, text) => {
    const list = await readIntelligence(testContent(name, text), noTerms);
    expect([valuesIn('45.1.1.1', list), valuesIn('46.1.1.1', list)]).toEqual([['45.0.0.0/8'], ['46.0.0.0/8']]);
  });
});

describe('STIX 2.1', () => {
  const indicator = (id: string, pattern: string, more: object = {}): object => ({
    type: 'indicator',
    spec_version: '2.1',
    id: `indicator--${id}`,
    modified: '2026-01-01T00:00:00Z',
    pattern_type: 'stix',
    pattern,
    ...more,
  });
  const bundle = (...objects: readonly object[]): string =>
    JSON.stringify({ type: 'bundle', id: 'bundle--1', objects });

  test('gives addresses with confidence, labels, period and traffic light', async () => {
    const text = bundle(
      { type: 'identity', id: 'identity--1', name: 'x' },
      indicator('1', "[ipv4-addr:value = '8.8.8.8']", {
        confidence: 70,
        labels: ['scan'],
        indicator_types: ['malicious-activity'],
        valid_from: '2026-01-01T00:00:00Z',
        valid_until: '2026-12-31T00:00:00Z',
        object_marking_refs: ['marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da'],
      }),
    );
    const list = await readIntelligence(testContent('feed.json', text), noTerms);
    expect(list.byAddress.get('8.8.8.8')).toMatchObject([
      {
        list: 'feed',
        confidence: 70,
        labels: ['malicious-activity', 'scan', 'tlp:green'],
        from: Date.parse('2026-01-01'),
        until: Date.parse('2026-12-31'),
      },
    ]);
  });

  test('leaves out what is revoked or replaced, and counts what has conditions', async () => {
    const text = bundle(
      indicator('1', "[ipv4-addr:value = '8.8.8.8']"),
      indicator('1', "[ipv4-addr:value = '8.8.8.8']", { modified: '2026-02-01T00:00:00Z', revoked: true }),
      indicator('2', "[ipv4-addr:value = '9.9.9.9']", { modified: '2026-03-01T00:00:00Z' }),
      indicator('2', "[ipv4-addr:value = '7.7.7.7']"),
      indicator('3', "[ipv4-addr:value = '6.6.6.6' AND domain-name:value = 'a.example']"),
      indicator('4', 'alert tcp any any', { pattern_type: 'snort' }),
    );
    const list = await readIntelligence(testContent('feed.json', text), noTerms);
    expect([...list.byAddress.keys()]).toEqual(['9.9.9.9']);
    expect(list.unmatchable).toBe(2);
  });
});

test('overlapping lists all say their word', async () => {
  const one = await readIntelligence(testContent('one.txt', '45.0.0.0/8\n'), noTerms);
  const two = await readIntelligence(testContent('two.txt', '45.1.0.0/16\n45.1.1.1\n0.0.0.0/0\n'), noTerms);
  expect(valuesIn('45.1.1.1', one, two)).toEqual(['45.0.0.0/8', '45.1.1.1', '0.0.0.0/0', '45.1.0.0/16']);
});

test.each([
  ['bad.txt', ''],
  ['bad.txt', '<html>\n<body>\nnot found\n'],
  ['feed.json', '{"type":"bundle","objects":'],
  ['feed.json', '{"type":"bundle","objects":{}}'],
  ['own.csv', 'indicator\n???\n'],
])('what is no list is refused: %s %j', async (name, text) => {
  await expect(readIntelligence(testContent(name, text), noTerms)).rejects.toMatchObject({
    code: 'enrichment-file-invalid',
  });
});

test('a list with nothing but a comment is empty, and right', async () => {
  expect(await readIntelligence(testContent('bad.txt', '# nobody today\n'), noTerms)).toMatchObject({
    entries: 0,
    notices: [],
  });
});
