import { type ClientRequest, get as httpGet, type IncomingMessage } from 'node:http';
import { createConnection } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ndjson, openTestServer, sampleRecords, type TestServer, testToken } from './test-server.ts';

let server: TestServer;
let url = '';
beforeAll(async () => {
  server = await openTestServer({ limits: { tailClients: 2, tailQueue: 50, tailHeartbeatMs: 200, stalledMs: 1_000 } });
  url = await server.listen();
});
afterAll(() => server.close());

const headers = { authorization: `Bearer ${testToken}` };

/** A reader of server-sent events over a real socket. */
class Reader {
  readonly response: IncomingMessage;
  readonly #request: ClientRequest;
  text = '';

  constructor(request: ClientRequest, response: IncomingMessage) {
    this.#request = request;
    this.response = response;
    response.on('data', (bytes) => {
      this.text += String(bytes);
    });
    response.on('error', () => undefined);
  }

  events(): { event: string; id: string | undefined; data: Record<string, unknown> }[] {
    return this.text
      .split('\n\n')
      .filter((block) => block.includes('event: '))
      .map((block) => ({
        event: /^event: (.*)$/m.exec(block)?.[1] ?? '',
        id: /^id: (.*)$/m.exec(block)?.[1],
        data: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? 'null'),
      }));
  }

  close(): void {
    this.#request.destroy();
  }
}

function open(query: string, more: Record<string, string> = {}): Promise<Reader> {
  return new Promise((resolve, reject) => {
    const request = httpGet(`${url}/api/v1/events/tail?${query}`, { headers: { ...headers, ...more } }, (response) =>
      resolve(new Reader(request, response)),
    );
    request.on('error', reject);
  });
}

let batches = 0;
async function put(count: number, stream?: string, more: object = {}): Promise<string> {
  batches += 1;
  const name = stream ?? `tail-${batches}`;
  const answer = await server.app.inject({
    method: 'POST',
    url: '/api/v1/records',
    payload: ndjson(sampleRecords(count).map((record) => ({ ...record, ...more }))),
    headers: { ...headers, 'content-type': 'application/x-ndjson', 'meridian-stream': name },
  });
  expect(answer.statusCode).toBe(200);
  return name;
}

const clients = async () => (await server.app.inject({ url: '/api/v1/system', headers })).json().tail.clients;

test('a tail shows what matches as it is stored, once, and lives', async () => {
  const reader = await open(`q=${encodeURIComponent('eventSubType: BIND')}`);
  expect(reader.response.statusCode).toBe(200);
  expect(reader.response.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  const stream = await put(8);
  await expect.poll(() => reader.events().length).toBe(2);
  expect(reader.events().map(({ event, data }) => [event, data['eventSubType'], data['stream']])).toEqual([
    ['event', 'BIND', stream],
    ['event', 'BIND', stream],
  ]);
  // The same batch again brings nothing new.
  await put(8, stream);
  await expect.poll(() => reader.text).toContain(': alive');
  expect(reader.events()).toHaveLength(2);
  reader.close();
  await expect.poll(clients).toBe(0);
});

test('a reader that comes back goes on where it was', async () => {
  const q = `q=${encodeURIComponent('eventSubType: CONNECTION')}`;
  const reader = await open(q);
  await put(4);
  await expect.poll(() => reader.events().length).toBe(1);
  const id = reader.events()[0]?.id ?? '';
  reader.close();
  await expect.poll(clients).toBe(0);
  const stream = await put(8);
  const again = await open(q, { 'last-event-id': id });
  await expect
    .poll(() => again.events().map(({ event, data }) => [event, data['stream']]))
    .toEqual([
      ['event', stream],
      ['event', stream],
    ]);
  again.close();
  await expect.poll(clients).toBe(0);
  const lost = await open(q, { 'last-event-id': 'nobody.7' });
  await expect
    .poll(() => lost.events().map(({ event, data }) => [event, data]))
    .toEqual([['gap', { after: 'nobody.7' }]]);
  lost.close();
  await expect.poll(clients).toBe(0);
});

test('a flood is told as dropped', async () => {
  const reader = await open('q=');
  await put(200);
  await expect.poll(() => reader.events().filter(({ event }) => event === 'event').length).toBe(50);
  expect(
    reader
      .events()
      .filter(({ event }) => event === 'dropped')
      .map(({ data }) => data),
  ).toEqual([{ count: 150, total: 150 }]);
  reader.close();
  await expect.poll(clients).toBe(0);
});

test('there are only so many tails, and a broken query opens none', async () => {
  const first = await open('q=');
  const second = await open('q=');
  const third = await open('q=');
  await expect.poll(() => third.text).toContain('server-busy');
  expect(third.response.statusCode).toBe(503);
  const broken = await open('q=eventSubType%3A');
  expect(broken.response.statusCode).toBe(400);
  first.close();
  second.close();
  await expect.poll(clients).toBe(0);
});

test('a reader that takes nothing more is given up, and nobody waits for it', async () => {
  const socket = createConnection(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`GET /api/v1/events/tail?q= HTTP/1.1\r\nhost: x\r\nauthorization: ${headers.authorization}\r\n\r\n`);
  await expect.poll(clients).toBe(1);
  socket.pause();
  // More than the buffers of both ends hold.
  for (let at = 0; at < 10 && (await clients()) === 1; at++) await put(40, undefined, { raw: 'x'.repeat(100_000) });
  await expect.poll(clients, { timeout: 10_000 }).toBe(0);
  socket.destroy();
});

test('closing the server ends the tails', async () => {
  const reader = await open('q=');
  const ended = new Promise<void>((resolve) => reader.response.on('end', () => resolve()));
  await server.app.close();
  await ended;
});
