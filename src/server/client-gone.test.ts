import { request as httpRequest } from 'node:http';
import { fastify } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientGone } from './client-gone.ts';

const app = fastify();
const seen: { event: 'read' | 'gone'; aborted: boolean }[] = [];
let finished: AbortSignal | undefined;
let url: URL;
beforeAll(async () => {
  app.post('/wait', async (_request, reply) => {
    const signal = clientGone(reply);
    // Longer than it takes to read the body.
    await new Promise((resolve) => setTimeout(resolve, 50));
    seen.push({ event: 'read', aborted: signal.aborted });
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    seen.push({ event: 'gone', aborted: signal.aborted });
    return {};
  });
  app.get('/done', async (_request, reply) => {
    finished = clientGone(reply);
    return {};
  });
  url = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
});
afterAll(() => app.close());

test('the signal aborts when the client goes away, not when its body has been read', async () => {
  const headers = { 'content-type': 'application/json' };
  const request = httpRequest({ host: url.hostname, port: url.port, path: '/wait', method: 'POST', headers });
  request.on('error', () => undefined);
  request.end('{"a":1}');
  await expect.poll(() => seen).toEqual([{ event: 'read', aborted: false }]);
  request.destroy();
  await expect
    .poll(() => seen)
    .toEqual([
      { event: 'read', aborted: false },
      { event: 'gone', aborted: true },
    ]);
});

test('the signal stays quiet when the answer was whole', async () => {
  await (await fetch(new URL('/done', url))).json();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(finished?.aborted).toBe(false);
});
