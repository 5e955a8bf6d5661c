import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ndjson, openTestServer, sampleRecords, type TestServer, testToken } from './test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await openTestServer({
    limits: {
      batchRecords: 20_000,
      recordBytes: 50_000,
      batchBytes: 4_000_000,
      inflatedBytes: 8_000_000,
      batchesInFlight: 2,
      batchesWaiting: 2,
    },
  });
});
afterAll(() => server.close());

const authorization = `Bearer ${testToken}`;
let stream = '';
let streams = 0;
beforeEach(() => {
  streams += 1;
  stream = `test-${streams}`;
});

async function send(payload: string | Buffer, headers: Record<string, string> = {}) {
  const answer = await server.app.inject({
    method: 'POST',
    url: '/api/v1/records',
    payload,
    headers: { authorization, 'content-type': 'application/x-ndjson', ...headers },
  });
  return { status: answer.statusCode, body: answer.json() };
}

const count = async (q: string) =>
  (await server.app.inject({ url: '/api/v1/events/count', query: { q }, headers: { authorization } })).json().count;

test('records are stored when the answer comes, and the same batch again adds nothing', async () => {
  const body = ndjson(sampleRecords(100));
  const first = await send(body, { 'meridian-stream': stream });
  expect(first).toEqual({
    status: 200,
    body: {
      stream,
      generation: 0,
      records: 100,
      stored: 100,
      known: 0,
      dropped: 0,
      deadLetters: 0,
      deadLetterCodes: {},
    },
  });
  expect(await count(`stream: \`${stream}\``)).toBe(100);
  expect((await send(body, { 'meridian-stream': stream })).body).toMatchObject({ stored: 0, known: 100 });
  expect(await count(`stream: \`${stream}\``)).toBe(100);
});

test('a batch without a name is named after its content', async () => {
  const body = ndjson(sampleRecords(10, 1_795_600_000_000));
  const first = await send(body);
  expect(first.body).toMatchObject({ records: 10, stored: 10, stream: expect.stringMatching(/^records-/) });
  expect((await send(gzipSync(body), { 'content-encoding': 'gzip' })).body).toEqual({
    ...first.body,
    stored: 0,
    known: 10,
  });
});

test('two equal records of one batch are two events', async () => {
  const [record] = sampleRecords(1, 1_795_600_100_000);
  expect((await send(ndjson([record, record]))).body).toMatchObject({ records: 2, stored: 2 });
});

test('an overlapping batch adds what is new', async () => {
  const body = Buffer.from(ndjson(sampleRecords(20)));
  const cut = body.indexOf('\n', body.length / 2) + 1;
  await send(body.subarray(0, cut), { 'meridian-stream': stream, 'meridian-range': `0-${cut}` });
  const all = await send(body, { 'meridian-stream': stream, 'meridian-range': `0-${body.length}` });
  expect(all.body).toMatchObject({ records: 20, stored: 20 - all.body.known });
  expect(all.body.known).toBeGreaterThan(5);
  expect(await count(`stream: \`${stream}\``)).toBe(20);
});

test("a record's own identity wins, half of one does not count", async () => {
  const [record] = sampleRecords(1);
  const own = { ...record, stream: `${stream}-own`, generation: 3, position: 77 };
  const half = { ...record, stream: `${stream}-own` };
  expect((await send(ndjson([own, half]), { 'meridian-stream': stream })).body).toMatchObject({ stored: 2 });
  expect(await count(`stream: \`${stream}-own\` and generation: 3 and position: 77`)).toBe(1);
  expect(await count(`stream: \`${stream}\``)).toBe(1);
});

test.each([
  ['a line that is no JSON', '{"conn":', 'broken-json'],
  ['a number', '42', 'not-a-record'],
  ['a list', '[1,2]', 'not-a-record'],
  ['no time', '{"conn":1,"verb":"BIND"}', 'no-time'],
  ['a time far away', '{"EventTime":"9999-12-31T00:00:00Z","verb":"BIND"}', 'wrong-type'],
  ['a deep one', `{"EventTime":1795514400000,"x":${'['.repeat(40)}${']'.repeat(40)}}`, 'record-too-deep'],
  ['a very deep one', `{"x":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 'record-too-deep'],
  ['a long one', `{"EventTime":1795514400000,"raw":"${'x'.repeat(60_000)}"}`, 'record-too-long'],
  ['bytes', '\u0000\u0001\u0002', 'broken-json'],
])('a poisoned record becomes a dead letter and holds up nobody: %s', async (_, line, code) => {
  const good = sampleRecords(2);
  const answer = await send(`${JSON.stringify(good[0])}\n${line}\n${JSON.stringify(good[1])}\n`, {
    'meridian-stream': stream,
  });
  expect(answer.body).toMatchObject({ records: 3, stored: 2, deadLetters: 1, deadLetterCodes: { [code]: 1 } });
  const { letters } = (
    await server.app.inject({ url: '/api/v1/dead-letters', query: { code, limit: '1000' }, headers: { authorization } })
  ).json();
  expect(letters).toContainEqual(
    expect.objectContaining({ stream, code, log: 'records', position: expect.any(Number) }),
  );
});

test('a dead letter tells its raw record, for a program and for eyes', async () => {
  const line = Buffer.from('{"conn": \u202e\u001b[31m \xff');
  await send(Buffer.concat([line, Buffer.from([0xfe, 0x0a])]), { 'meridian-stream': stream });
  const { letters } = (
    await server.app.inject({ url: '/api/v1/dead-letters?limit=1000', headers: { authorization } })
  ).json();
  const { id, shown } = letters.find((letter: { stream: string }) => letter.stream === stream);
  expect(shown).toBe('{"conn": \\u202e\\x1b[31m ÿ\\xfe');
  const letter = (
    await server.app.inject({ url: `/api/v1/dead-letters/${encodeURIComponent(id)}`, headers: { authorization } })
  ).json();
  expect(letter).toMatchObject({
    id,
    code: 'broken-json',
    reason: 'The line is not JSON.',
    raw: '{"conn": \u202e\u001b[31m ÿ\udcfe',
  });
  const counts = (await server.app.inject({ url: '/api/v1/dead-letters/counts', headers: { authorization } })).json();
  expect(counts.counts).toContainEqual({ code: 'broken-json', source: '', count: expect.any(Number) });
  expect(
    (await server.app.inject({ url: '/api/v1/dead-letters/nope', headers: { authorization } })).json().error.code,
  ).toBe('dead-letter-unknown');
});

test('letters that can be read now become events; the others stay', async () => {
  const [record] = sampleRecords(1);
  await send('{"broken\n', { 'meridian-stream': stream });
  // As an earlier release would have left it: readable by this one.
  const writer = server.store.writer({ flushMs: 0 });
  writer.addDead({
    stream,
    generation: 0,
    position: 500,
    log: 'records',
    source: '',
    code: 'old-code',
    reason: 'Old.',
    raw: JSON.stringify(record),
  });
  const line =
    '[24/Nov/2026:10:00:00.123456789 +0000] conn=7 op=1 SRCH base="dc=example,dc=com" scope=2 filter="(uid=anna)" attrs=ALL';
  writer.addDead({
    stream,
    generation: 0,
    position: 900,
    log: 'access',
    source: '389-directory-server',
    code: 'old-code',
    reason: 'Old.',
    raw: line,
  });
  await writer.flush();
  await writer.close();
  const replay = (payload: object) =>
    server.app.inject({ method: 'POST', url: '/api/v1/dead-letters/replay', payload, headers: { authorization } });
  expect((await replay({ code: 'old-code' })).json()).toEqual({ replayed: 2, events: 2, remaining: [] });
  expect(await count(`stream: \`${stream}\``)).toBe(2);
  expect(await count(`stream: \`${stream}\` and position: 900 and searchFilter: \`(uid=anna)\``)).toBe(1);
  expect((await replay({ code: 'old-code' })).json()).toEqual({ replayed: 0, events: 0, remaining: [] });
  const { letters } = (
    await server.app.inject({ url: '/api/v1/dead-letters?code=broken-json&limit=1000', headers: { authorization } })
  ).json();
  const { id } = letters.find((letter: { stream: string }) => letter.stream === stream);
  expect((await replay({ ids: [id, id, 'nope'] })).json()).toEqual({
    replayed: 0,
    events: 0,
    remaining: [{ id, code: 'broken-json', reason: 'The line is not JSON.' }],
  });
});

test.each([
  ['a bomb', () => send(gzipSync(Buffer.alloc(9_000_000)), { 'content-encoding': 'gzip' }), 413, 'body-too-large'],
  [
    'a bomb by ratio',
    () => send(gzipSync(Buffer.alloc(3_000_000)), { 'content-encoding': 'gzip' }),
    413,
    'body-too-large',
  ],
  ['too long as it is', () => send(Buffer.alloc(4_000_001)), 413, 'body-too-large'],
  ['too many records', () => send('{}\n'.repeat(20_001)), 413, 'too-many-records'],
  ['cut gzip', () => send(gzipSync('{}\n').subarray(0, 12), { 'content-encoding': 'gzip' }), 400, 'body-damaged'],
  ['no gzip', () => send('{}', { 'content-encoding': 'gzip' }), 400, 'body-damaged'],
  ['another encoding', () => send('{}', { 'content-encoding': 'br' }), 415, 'media-type-unknown'],
  ['another media type', () => send('{}', { 'content-type': 'image/png' }), 415, 'media-type-unknown'],
  ['a stream with a line end', () => send('{}', { 'meridian-stream': 'a\tb' }), 400, 'request-invalid'],
])('a batch is refused as a whole: %s', async (_, attempt, status, code) => {
  // What was noted of requests before becomes events at any time.
  const others = async () => ({
    events: await count('not source: meridian-audit'),
    deadLetters: (await server.store.stats()).deadLetters,
  });
  const before = await others();
  const answer = await attempt();
  expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  expect(await others()).toEqual(before);
});

test('an empty batch is a batch', async () => {
  expect((await send('')).body).toMatchObject({ records: 0, stored: 0, deadLetters: 0 });
  expect((await send('\n \n\n')).body).toMatchObject({ records: 0 });
});

test('a client that goes away in the middle of a batch leaves the server as it was', async () => {
  const url = new URL(await server.listen());
  await new Promise<void>((resolve) => {
    const request = httpRequest({
      host: url.hostname,
      port: url.port,
      method: 'POST',
      path: '/api/v1/records',
      headers: { authorization, 'content-type': 'application/x-ndjson', 'content-length': '100000' },
    });
    request.on('error', () => resolve());
    request.write(ndjson(sampleRecords(10)));
    setTimeout(() => request.destroy(), 50);
  });
  expect((await send(ndjson(sampleRecords(3)), { 'meridian-stream': stream })).body).toMatchObject({ stored: 3 });
});

test('many batches at once: all are stored or told to come again', async () => {
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, at) => send(ndjson(sampleRecords(5)), { 'meridian-stream': `${stream}-${at}` })),
  );
  const stored = answers.filter(({ status }) => status === 200);
  expect(stored.length).toBeGreaterThanOrEqual(4);
  for (const { status, body } of answers)
    expect(status === 200 ? body.stored : body.error.code).toBe(status === 200 ? 5 : 'server-busy');
  expect(await count(`stream: ${stream}-*`)).toBe(stored.length * 5);
});

test('fuzz: whatever a batch holds, each line is an event or a dead letter', async () => {
  const value = fc.oneof(
    fc.json(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('{"EventTime":1795514400000}', '{"EventTime":"now","conn":{}}', 'null', '{"__proto__":1}'),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(value, { maxLength: 20 }), fc.integer(), async (lines, salt) => {
      const body = lines.map((line) => line.replace(/[\r\n]/g, '')).join('\n');
      const { status, body: counts } = await send(body, { 'meridian-stream': `fuzz-${salt}-${body.length}` });
      expect(status).toBe(200);
      expect(counts.records).toBe(
        body.split('\n').filter((line) => line.replace(/^\ufeff/, '').replace(/[ \t]/g, '') !== '').length,
      );
      expect(counts.records).toBe(counts.stored + counts.known + counts.dropped + counts.deadLetters);
    }),
    { numRuns: Math.min(1_000, Number(process.env['FUZZ_RUNS'] ?? 25)) },
  );
});
