import { expect, test } from 'vitest';
import { createEvent, type Event } from '#event';
import { createLiveTail } from './live-tail.ts';
import type { TailClient } from './tail-client.ts';

const limits = { tailQueue: 3, tailQueueBytes: 10_000, tailHeartbeatMs: 5, tailClients: 2 };

function event(eventId: string, eventSubType = 'BIND'): Event {
  return Object.assign(createEvent(), { eventId, eventSubType });
}

const isBind = (candidate: Event) => candidate.eventSubType === 'BIND';

async function read(client: TailClient): Promise<string[]> {
  const seen: string[] = [];
  for (;;) {
    const message = await client.next();
    if (message.kind === 'quiet') return seen;
    if (message.kind === 'end') return [...seen, 'end'];
    seen.push(message.kind === 'dropped' ? `dropped ${message.count}` : String(JSON.parse(message.data).eventId));
  }
}

function put(tail: ReturnType<typeof createLiveTail>, ...events: Event[]): void {
  const batch = tail.begin();
  for (const one of events) batch.offer(one);
  batch.publish();
}

test('a tail shows what matches, once it is stored', async () => {
  const tail = createLiveTail(limits, Date.now);
  const { client } = tail.open('q', isBind);
  const batch = tail.begin();
  const reused = event('a');
  batch.offer(reused);
  reused.eventId = 'b';
  batch.offer(reused);
  reused.eventSubType = 'SRCH';
  batch.offer(reused);
  expect(await read(client)).toEqual([]);
  batch.publish();
  expect(await read(client)).toEqual(['a', 'b']);
});

test('a batch that failed is never shown', async () => {
  const tail = createLiveTail(limits, Date.now);
  const { client } = tail.open('q', isBind);
  tail.begin().offer(event('a'));
  put(tail, event('b'));
  expect(await read(client)).toEqual(['b']);
});

test('a slow reader loses the oldest, is told how many, and holds up nobody', async () => {
  const tail = createLiveTail(limits, Date.now);
  const { client } = tail.open('q', isBind);
  for (const id of ['a', 'b', 'c', 'd', 'e']) put(tail, event(id));
  expect(await read(client)).toEqual(['dropped 2', 'c', 'd', 'e']);
  expect(tail.counts).toMatchObject({ matched: 5, dropped: 2 });
});

test('a large batch keeps its first ones and counts the rest', async () => {
  const tail = createLiveTail(limits, Date.now);
  const { client } = tail.open('q', isBind);
  put(tail, ...['a', 'b', 'c', 'd', 'e'].map((id) => event(id)));
  expect(await read(client)).toEqual(['dropped 2', 'a', 'b', 'c']);
});

test('a reader that lost its connection goes on where it was', async () => {
  const tail = createLiveTail(limits, Date.now);
  const seat = tail.open('q', isBind);
  put(tail, event('a'), event('b'));
  expect(await read(seat.client)).toEqual(['a', 'b']);
  seat.leave();
  put(tail, event('c'));
  // It had seen only the first.
  const again = tail.open('q', isBind, `${seat.client.id}.1`);
  expect(again.complete).toBe(true);
  expect(await read(again.client)).toEqual(['b', 'c']);
});

test.each([
  ['an unknown tail', (_: string) => 'nobody.1', 'q'],
  ['another query', (id: string) => `${id}.1`, 'other'],
  ['a number from the future', (id: string) => `${id}.99`, 'q'],
  ['no number', (id: string) => `${id}.x`, 'q'],
  ['nothing', (_: string) => '', 'q'],
])('who cannot go on begins anew and is told: %s', async (_, lastEventId, query) => {
  const tail = createLiveTail(limits, Date.now);
  const seat = tail.open('q', isBind);
  put(tail, event('a'));
  await read(seat.client);
  seat.leave();
  expect(tail.open(query, isBind, lastEventId(seat.client.id)).complete).toBe(false);
});

test('the number of tails is bounded; one that was left makes room', () => {
  const tail = createLiveTail(limits, Date.now);
  const first = tail.open('1', isBind);
  tail.open('2', isBind);
  expect(() => tail.open('3', isBind)).toThrow(expect.objectContaining({ code: 'server-busy' }));
  first.leave();
  tail.open('3', isBind);
  expect(tail.counts).toMatchObject({ clients: 2, refused: 1 });
});

test('a tail left long ago is forgotten', async () => {
  let now = 0;
  const tail = createLiveTail(limits, () => now);
  const seat = tail.open('q', isBind);
  put(tail, event('a'));
  await read(seat.client);
  seat.leave();
  now = 120_000;
  expect(tail.open('q', isBind, `${seat.client.id}.1`).complete).toBe(false);
});

test('closing ends every tail', async () => {
  const tail = createLiveTail({ ...limits, tailHeartbeatMs: 60_000 }, Date.now);
  const { client } = tail.open('q', isBind);
  const waiting = client.next();
  tail.close();
  expect(await waiting).toEqual({ kind: 'end' });
  expect(() => tail.open('q', isBind)).toThrow(expect.objectContaining({ code: 'server-closing' }));
});
