import { get as httpGet } from 'node:http';
import { parse as parseCsv } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ndjson, openTestServer, sampleRecords, type TestServer, testToken } from './test-server.ts';

const start = 1_795_514_400_000;
const records = 400;
const headers = { authorization: `Bearer ${testToken}` };
let server: TestServer;
beforeAll(async () => {
  server = await openTestServer({ limits: { exportRows: 5_000 }, clock: () => start + 1_000_000 });
  const evil = {
    EventTime: start - 1_000,
    conn: 1,
    op: 0,
    verb: 'BIND',
    dn: '=HYPERLINK("http://evil.example.com")',
    log: 'access',
    DeviceModel: '389 Directory Server',
  };
  const payload = ndjson([...sampleRecords(records, start), evil]);
  const answer = await server.app.inject({
    method: 'POST',
    url: '/api/v1/records',
    payload,
    headers: { ...headers, 'content-type': 'application/x-ndjson', 'meridian-stream': 'ask' },
  });
  expect(answer.json()).toMatchObject({ stored: records + 1 });
});
afterAll(() => server.close());

async function get(url: string, query: Record<string, string> = {}) {
  const answer = await server.app.inject({ url: `/api/v1${url}`, query, headers });
  return answer.json();
}

async function same(url: string, query: Record<string, string>, body: object) {
  const answer = await get(url, query);
  expect(answer).not.toHaveProperty('error');
  expect(await post(url, body)).toEqual(answer);
}

async function post(url: string, payload: object) {
  return (await server.app.inject({ method: 'POST', url: `/api/v1${url}`, payload, headers })).json();
}

test('an empty store has answers, too', async () => {
  expect(await get('/events/search', { q: 'eventSubType: NOSUCH' })).toEqual({ events: [] });
  expect(await get('/events/count', { q: 'eventSubType: NOSUCH' })).toEqual({ count: 0 });
  expect(await get('/events/group', { q: 'eventSubType: NOSUCH', by: 'sourceIp' })).toEqual({
    labels: ['sourceIp'],
    groups: [],
  });
});

test('pages hold each event once, in order, however they are asked', async () => {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await post('/events/search', {
      q: 'stream: ask',
      limit: 90,
      fields: ['eventId', 'eventTime'],
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const event of page.events) seen.push(event.eventId);
    cursor = page.next;
  } while (cursor !== undefined);
  expect(seen).toHaveLength(records + 1);
  expect(new Set(seen).size).toBe(records + 1);
  const oldest = await get('/events/search', { q: '', sort: 'eventTime', limit: '1', fields: 'eventid,EVENTTIME' });
  expect(oldest.events).toEqual([{ eventTime: start - 1_000, eventId: seen.at(-1) }]);
});

test('a window is from, included, to, not included; dates may be relative', async () => {
  expect(await get('/events/count', { from: String(start), to: String(start + 10_000) })).toEqual({ count: 10 });
  // The clock stands 1,000 seconds behind the first record, 601 behind the last.
  expect(await get('/events/count', { from: 'now-990s' })).toEqual({ count: records - 10 });
  expect(await get('/events/count', { from: 'now-10m' })).toEqual({ count: 0 });
  expect(await get('/events/count', { from: '2026-11-24', to: '2026-11-24' })).toEqual({ count: records + 1 });
  expect(
    await get('/events/count', { from: '2026-11-24T10:00:00', zone: '+00:00', to: '2026-11-24T10:00:05' }),
  ).toMatchObject({ count: expect.any(Number) });
});

test('GET and POST give the same', async () => {
  const q = 'eventSubType: RESULT and resultCode: 49';
  await same('/events/count', { q }, { q });
  expect((await get('/events/count', { q })).count).toBe(records / 8);
  await same(
    '/events/search',
    { q, fields: 'eventId,sourceIp', limit: '5' },
    { q, fields: ['eventId', 'sourceIp'], limit: 5 },
  );
  await same('/events/facets', { q, fields: 'sourceIp,outcome' }, { q, fields: ['sourceIp', 'outcome'] });
  await same('/events/group', { q, by: 'sourceIp' }, { q, by: ['sourceIp'] });
  await same('/events/histogram', { q, buckets: '10' }, { q, buckets: 10 });
});

test('a histogram counts every event, empty stretches included', async () => {
  const whole = await get('/events/histogram', { by: 'eventSubType' });
  const total = whole.buckets.reduce((sum: number, bucket: { count: number }) => sum + bucket.count, 0);
  expect(total).toBe(records + 1);
  expect(whole.values.slice(0, 4).toSorted()).toEqual(['BIND', 'CONNECTION', 'RESULT', 'SRCH']);
  const exact = await get('/events/histogram', {
    from: String(start),
    to: String(start + 600_000),
    intervalMs: '100000',
  });
  expect(exact.buckets.map((bucket: { count: number }) => bucket.count)).toEqual([100, 100, 100, 100, 0, 0]);
});

test('a histogram of too many buckets is refused or made coarser, never built', async () => {
  const answer = await get('/events/histogram', { from: '0', to: String(start), intervalMs: '1' });
  expect(answer.error?.code ?? answer.buckets.length).toSatisfy(
    (value: unknown) => typeof value === 'string' || Number(value) <= 2_000,
  );
});

test('facets and groups count values', async () => {
  const { facets } = await get('/events/facets', { fields: 'eventSubType', limit: '2' });
  expect(facets).toEqual([
    {
      label: 'eventSubType',
      values: [{ value: 'BIND', count: 101 }, expect.objectContaining({ count: 100 })],
      absent: 0,
      distinct: 4,
    },
  ]);
  const { groups } = await get('/events/group', { by: 'eventSubType,resultCode', limit: '10' });
  expect(groups).toContainEqual({
    values: ['RESULT', 49],
    count: 50,
    first: expect.any(Number),
    last: expect.any(Number),
  });
  expect(groups).toContainEqual(expect.objectContaining({ values: ['BIND', null], count: 101 }));
});

test('one event by its id, and the story of its connection', async () => {
  const [event] = (await get('/events/search', { q: 'eventSubType: BIND and sessionId: 105', limit: '1' })).events;
  expect(await get(`/events/${encodeURIComponent(event.eventId)}`)).toEqual(event);
  const story = await get(`/sessions/${encodeURIComponent(event.sessionKey)}`);
  expect(story.events.map((one: { eventSubType: string }) => one.eventSubType)).toEqual([
    'CONNECTION',
    'BIND',
    'SRCH',
    'RESULT',
  ]);
  expect(story.summary).toMatchObject({
    sessionKey: event.sessionKey,
    complete: true,
    operations: 1,
    sourceIp: event.sourceIp,
  });
  const short = await get(`/sessions/${encodeURIComponent(event.sessionKey)}`, { fields: 'eventSubType', limit: '2' });
  expect(short).toMatchObject({
    events: [{ eventSubType: 'CONNECTION' }, { eventSubType: 'BIND' }],
    next: expect.any(String),
  });
  expect((await get('/events/no-such-id')).error.code).toBe('event-unknown');
  expect((await get('/sessions/no-such-session')).error.code).toBe('session-unknown');
});

test('an export is all of it, and safe to open', async () => {
  const csv = await server.app.inject({
    url: '/api/v1/events/export?format=csv&fields=eventTime,distinguishedName,eventSubType&sort=eventTime',
    headers,
  });
  expect(csv.headers).toMatchObject({
    'content-type': 'text/csv; charset=utf-8; header=present',
    'meridian-matched': String(records + 1),
    'meridian-row-limit': '5000',
  });
  const rows = parseCsv(csv.body) as string[][];
  expect(rows).toHaveLength(records + 2);
  expect(rows[0]).toEqual(['eventTime', 'distinguishedName', 'eventSubType']);
  expect(rows[1]).toEqual([new Date(start - 1_000).toISOString(), '\'=HYPERLINK("http://evil.example.com")', 'BIND']);
  const lines = (await server.app.inject({ url: '/api/v1/events/export?q=eventSubType:BIND&limit=7', headers })).body
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(7);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ eventSubType: 'BIND' });
});

test('an export ends when its client goes away', async () => {
  const url = await server.listen();
  await new Promise<void>((resolve, reject) => {
    httpGet(`${url}/api/v1/events/export`, { headers }, (response) => {
      response.once('data', () => {
        response.destroy();
        resolve();
      });
    }).once('error', reject);
  });
  // Both places for exports are free again.
  await expect
    .poll(async () => (await server.app.inject({ url: '/api/v1/events/export?limit=1', headers })).statusCode)
    .toBe(200);
});

test('the language helps: validate, complete, help', async () => {
  expect(await get('/query/validate', { q: 'eventSubType: BIND' })).toMatchObject({ valid: true, errors: [] });
  const broken = await get('/query/validate', { q: 'sorceIp: 192.0.2.1 and' });
  expect(broken.valid).toBe(false);
  expect(broken.errors[0]).toMatchObject({ code: 'unknown-field', place: { offset: 0, found: '"sorceIp"' } });
  const completion = await get('/query/complete', { q: 'eventSub' });
  expect(completion).toMatchObject({ from: 0, to: 8, items: [{ kind: 'field', insert: 'eventSubType' }] });
  const { items } = await get('/query/complete', { q: 'eventSubType: BI and outcome: failure', offset: '16' });
  expect(items.map((one: { insert: string }) => one.insert)).toContain('BIND');
  expect(await get('/query/help', { q: 'eventSubType: BIND', offset: '3' })).toMatchObject({
    help: { label: 'eventSubType', group: 'guide' },
  });
  expect(await get('/query/help', { q: '' })).toEqual({});
});

test('fields, sources and guides', async () => {
  const { fields } = await get('/fields', { group: 'guide' });
  expect(fields).toHaveLength(14);
  const { sources } = await get('/sources');
  expect(sources).toContainEqual(expect.objectContaining({ id: '389-directory-server' }));
  const guide = async (format: string) =>
    server.app.inject({ url: `/api/v1/guides/389-directory-server?format=${format}`, headers });
  expect((await guide('md')).headers['content-type']).toBe('text/markdown; charset=utf-8');
  expect((await guide('json')).json()).toMatchObject({ id: '389-directory-server' });
  const html = await guide('html');
  expect(html.headers['content-security-policy']).toMatch(/style-src 'sha256-/);
  expect(html.body).toMatch(/^<!doctype html>/);
});

test('a pasted line shows record, event and which row made which label', async () => {
  const text =
    '[24/Nov/2026:10:00:00.123456789 +0000] conn=7 op=0 BIND dn="uid=anna,ou=people,dc=example,dc=com" method=128 version=3\ngarbage\n';
  const before = await get('/events/count');
  const parsed = await post('/parse', { text });
  expect(parsed).toMatchObject({ source: '389-directory-server', log: 'access', left: 0 });
  expect(parsed.records).toHaveLength(1);
  const [one] = parsed.records;
  expect(one.record).toMatchObject({ conn: 7, op: 0, verb: 'BIND', method: '128' });
  expect(one.event).toMatchObject({
    sessionId: 7,
    method: 'SIMPLE',
    distinguishedName: 'uid=anna,ou=people,dc=example,dc=com',
  });
  expect(one.trace).toContainEqual(
    expect.objectContaining({ from: 'method', to: 'method', group: 'guide', value: '128', gave: 'SIMPLE' }),
  );
  expect(await get('/events/count')).toEqual(before);
  expect((await post('/parse', { text: 'nothing that anybody knows' })).error.code).toBe('text-unrecognized');
  expect((await post('/parse', { text, source: 'nope' })).error.code).toBe('source-unknown');
});

test('the first reading of the counters has the figures of the store', async () => {
  const lines = (await server.app.inject({ url: '/metrics', headers })).body.split('\n');
  for (const line of [
    'meridian_store_up 1',
    'meridian_store_dead_letters 0',
    'meridian_store_newest_event_age_seconds 601',
  ]) {
    expect(lines).toContain(line);
  }
  const events = lines.find((line) => line.startsWith('meridian_store_events '))?.split(' ')[1];
  // Exports are noted, and what is noted is an event, too.
  expect(Number(events)).toBeGreaterThan(records);
  expect(lines).toContain(`meridian_records_total{outcome="stored"} ${records + 1}`);
});

test('the context in use is told', async () => {
  expect(await get('/enrichment')).toMatchObject({
    events: expect.any(Number),
    partial: 0,
    files: [],
    lists: [],
    notices: [],
  });
});

test('the system tells what is stored and how new it is', async () => {
  expect(await get('/system')).toMatchObject({
    time: start + 1_000_000,
    store: {
      kind: 'embedded',
      deadLetters: 0,
      oldestEvent: start - 1_000,
      lagSeconds: 601,
      sources: expect.arrayContaining([expect.objectContaining({ events: records + 1, newest: start + 399_000 })]),
    },
    tail: { clients: 0 },
  });
});
