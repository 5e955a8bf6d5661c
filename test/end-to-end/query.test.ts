import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { meridian, type Ran, run, start } from './run-meridian.ts';

// Each test starts several processes; a busy machine takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const demo = fileURLToPath(new URL('../../demo/', import.meta.url));

let folder: string;
let data: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-query-'));
  data = join(folder, 'data');
  const ran = await run(['ingest', '--data', data, demo]);
  expect(ran.status, ran.error).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true }));

function query(...words: string[]): Promise<Ran> {
  return run(['query', ...words], { env: { MERIDIAN_DATA: data } });
}

function linesOf(ran: Ran): string[] {
  return ran.out.split('\n').filter((line) => line !== '');
}

test('counts, and says nothing else', async () => {
  expect(await query('', '--count')).toEqual({ status: 0, out: '8562\n', error: '' });
  const binds = await query(
    'eventSubType: BIND and logName: access',
    '--format',
    'ndjson',
    '--fields',
    'eventSubType,rawEvent',
  );
  const rows = linesOf(binds).map((line) => JSON.parse(line));
  expect((await query('eventSubType: BIND and logName: access', '--count')).out).toBe(`${rows.length}\n`);
  for (const row of rows) expect(Object.keys(row)).toEqual(['eventSubType', 'rawEvent']);
});

test('gives rows in every form', async () => {
  const words = ['eventSubType: BIND', '--limit', '3', '--sort', 'eventTime', '--fields', 'eventTime,sourceIp'];
  const table = linesOf(await query(...words));
  expect(table).toHaveLength(4);
  expect(table[0]).toMatch(/^eventTime +sourceIp$/);
  expect(table[1]).toMatch(/^2026-11-24 08:47:\d\d\.\d{3} {2}127\.0\.\d+\.\d+$/);
  const json = JSON.parse((await query(...words, '--format', 'json')).out);
  const ndjson = linesOf(await query(...words, '--format', 'ndjson')).map((line) => JSON.parse(line));
  expect(json).toEqual(ndjson);
  expect(json).toHaveLength(3);
  const csv = (await query(...words, '--format', 'csv')).out.split('\r\n');
  expect(csv[0]).toBe('eventTime,sourceIp');
  expect(csv[1]).toMatch(/^2026-11-24T08:47:\d\d\.\d{9}Z,127\./);
  expect(csv).toHaveLength(5);
});

test('reads times in the zone it is told', async () => {
  const words = ['', '--limit', '1', '--sort', 'eventTime', '--fields', 'eventTime'];
  const utc = linesOf(await query(...words))[1];
  const berlin = linesOf(await query(...words, '--zone', 'Europe/Berlin'))[1];
  expect(berlin).toBe(utc?.replace(' 08:', ' 09:'));
  const day = ['--from', '2026-11-24T09:47:00', '--to', '2026-11-24T09:48:00', '--count'];
  expect(Number((await query('', ...day, '--zone', 'Europe/Berlin')).out)).toBeGreaterThan(8000);
  expect((await query('', ...day)).out).toBe('0\n');
});

test('groups, the most frequent first', async () => {
  const groups = linesOf(await query('logName: access', '--group-by', 'eventSubType', '--format', 'ndjson')).map(
    (line) => JSON.parse(line),
  );
  const counts = groups.map((group) => group.count);
  expect(counts).toEqual(counts.toSorted((one, other) => other - one));
  expect(groups[0]).toEqual({
    eventSubType: 'RESULT',
    count: expect.any(Number),
    first: expect.any(Number),
    last: expect.any(Number),
  });
});

test('explains without asking, and users never write SQL', async () => {
  const hostile = 'sourceIp: 192.0.2.1 and distinguishedName: "x\') OR 1=1 --"';
  const { out, status } = await query(hostile, '--explain');
  expect(status).toBe(0);
  const sql = out.split('-- parameters:')[0] ?? '';
  expect(sql).toContain('WHERE');
  expect(sql).not.toContain('OR 1=1');
  expect(out).toContain('-- parameters:');
});

describe('when there is nothing', () => {
  test('says when there is something', async () => {
    const { status, out, error } = await query('eventSubType: NONSENSE');
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(error).toContain('There are 8,562 events, from 2026-11-24 08:47:');
    expect((await query('eventSubType: NONSENSE', '--count')).out).toBe('0\n');
    expect((await query('', '--from', '2050-01-01')).error).toContain('in this window');
  });

  test('an empty answer is still of its form', async () => {
    expect((await query('eventSubType: NONSENSE', '--format', 'json')).out).toBe('[]\n');
    expect((await query('eventSubType: NONSENSE', '--format', 'csv', '--fields', 'eventTime')).out).toBe(
      'eventTime\r\n',
    );
  });

  test('says how to get a store, and makes none', async () => {
    const ran = await run(['query', ''], { env: { MERIDIAN_DATA: join(folder, 'nowhere') } });
    expect(ran).toMatchObject({ status: 3, error: expect.stringContaining('meridian ingest') });
  });
});

test.each([
  ['an unknown field, with the nearest', ['evntSubType: BIND'], 'eventSubType'],
  ['an open parenthesis, with its place', ['(eventSubType: BIND'], '    ^'],
  ['a date that is none', ['', '--from', 'yesterdayish'], 'bad-date'],
  ['a date out of range', ['eventTime: [2026-13-01 .. ]'], 'month'],
  ['an unknown label to show', ['', '--fields', 'eventTime,sourcIp'], 'sourceIp'],
  ['an unknown label to sort by', ['', '--sort', 'nonsense'], 'unknown-field'],
  ['a limit that is none', ['', '--limit', 'ten'], '--limit'],
  ['a form that is none', ['', '--format', 'xml'], 'xml'],
  ['two answers at once', ['', '--count', '--group-by', 'sourceIp'], '--count'],
  ['too many words', ['a', 'b'], 'too many arguments'],
])('wrong use: %s', async (_, words, told) => {
  const ran = await query(...words);
  expect(ran).toMatchObject({ status: 2, out: '' });
  expect(ran.error).toContain(told);
});

test('a reader that has seen enough ends it quietly', async () => {
  const child = start(['query', '', '--format', 'ndjson'], { env: { MERIDIAN_DATA: data } });
  let error = '';
  child.stderr?.on('data', (part: Buffer) => {
    error += part.toString();
  });
  const status = new Promise<number | null>((resolve) => child.on('close', resolve));
  child.stdout?.once('data', () => child.stdout?.destroy());
  expect(await status).toBe(0);
  expect(error).toBe('');
});

test('what was written into a log does not move the cursor of who reads it', async () => {
  const log = [
    '\t389-Directory/2.3.1 B2025.016.1616',
    '\tldap.example.com:389 (/etc/dirsrv/slapd-x)',
    '',
    '[24/Nov/2026:08:47:08.000000001 +0000] conn=1 fd=64 slot=64 connection from 192.0.2.1 to 192.0.2.2',
    '[24/Nov/2026:08:47:08.000000002 +0000] conn=1 op=0 BIND dn="uid=\u001b[2Jx\u202e=1+1" method=128 version=3',
    '[24/Nov/2026:08:47:08.000000003 +0000] conn=1 op=0 RESULT err=49 tag=97 nentries=0 wtime=0.1 optime=0.1 etime=0.2',
    '',
  ].join('\n');
  const store = join(folder, 'hostile');
  writeFileSync(join(folder, 'hostile-access'), log);
  expect(await run(['ingest', '--data', store, join(folder, 'hostile-access')])).toMatchObject({ status: 0 });
  const table = await run(['query', 'eventSubType: BIND', '--data', store, '--fields', 'distinguishedName']);
  expect(table.out).toContain('uid=\\x1b[2Jx\\u202e=1+1');
  expect(table.out).not.toContain('\u001b');
});

test('the guide has its forms, and completion is a script that bash takes', async () => {
  expect((await run(['guide'])).out).toMatch(/^# /);
  expect(JSON.parse((await run(['guide', '389-directory-server', '--format', 'json'])).out)).toBeTypeOf('object');
  expect(await run(['guide', 'nonsense'])).toMatchObject({
    status: 2,
    error: expect.stringContaining('389-directory-server'),
  });
  const { out } = await run(['completion', 'bash']);
  for (const word of ['ingest', '--group-by', 'boundDn', 'ndjson']) expect(out).toContain(word);
});

test('help has examples, and the version is that of the package', async () => {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect((await run(['--version'])).out).toBe(`${manifest.version}\n`);
  for (const command of ['ingest', 'query', 'parse', 'guide', 'serve', 'doctor', 'completion']) {
    const { status, out } = await run([command, '--help']);
    expect(status).toBe(0);
    expect(out).toContain('Examples:');
  }
  expect(meridian).toMatch(/meridian$/);
});
