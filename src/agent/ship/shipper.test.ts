import { readdir } from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AppError } from '#error';
import { shipLimits } from '../limits.ts';
import { nodeFileSystem } from '../node-file-system.ts';
import {
  type Answering,
  answer,
  type OtherServer,
  refuse,
  startOtherServer,
  testAgentKey,
} from '../test-other-server.ts';
import { fillSpool, openTestSpool, recordsOf, systemClock, type TestSpool } from '../test-spool.ts';
import { createDispatcher } from './dispatcher.ts';
import { RefusedRecords } from './refused-records.ts';
import { ServerClient } from './server-client.ts';
import { Shipper, type ShipperOptions } from './shipper.ts';

/** Short waits between tries. */
const random = (): number => 0.02;
const runs = Number(process.env['FUZZ_RUNS'] ?? 6);

let place: TestSpool;
let servers: OtherServer[];
let ending: AbortController;
let running: Promise<void> | undefined;
let failures: AppError[];
let shipper: Shipper;
/** Each batch by itself, unless a test wants what has piled up to go together. */
let together: ShipperOptions['together'];
beforeEach(async () => {
  together = { records: 1, bytes: 1 };
  place = await openTestSpool();
  servers = [];
  failures = [];
  ending = new AbortController();
});
afterEach(async () => {
  await stop();
  for (const server of servers) await server.close();
  await place.close();
});

async function stop(): Promise<void> {
  ending.abort();
  await running;
  running = undefined;
}

async function serve(answering?: Answering): Promise<OtherServer> {
  const server = await startOtherServer(answering);
  servers.push(server);
  return server;
}

function ship(urls: readonly string[]): void {
  ending = new AbortController();
  const { signal } = ending;
  const client = new ServerClient({
    servers: urls,
    dispatcher: createDispatcher({ ca: undefined, pins: [], proxy: undefined }),
    signer: () => ({ agentId: 'agent-1', instance: 'instance-0123456789', key: testAgentKey }),
    clock: systemClock,
    signal,
  });
  const refused = new RefusedRecords(nodeFileSystem, `${place.folder}/refused`);
  shipper = new Shipper({
    spool: place.spool,
    client,
    refused,
    failed: (error) => failures.push(error),
    signal,
    random,
    ...(together === undefined ? {} : { together }),
  });
  running = shipper.run();
}

async function until(what: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  for (let tries = 0; tries < ms / 10 && !(await what()); tries++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(await what()).toBe(true);
}

function isEmpty(): boolean {
  return place.spool.status.batches === 0;
}

/** Positions of a file's records, each once, in order. */
function positions(records: number): number[] {
  return Array.from({ length: records }, (_, at) => at * 100);
}

function storedOf(server: OtherServer, id: string): number[] {
  return server.stored.filter(({ stream }) => stream === `stream-${id}`).map(({ position }) => position);
}

test('batches of a stream go out in order, under the generation the server gave, with all that names them', async () => {
  await fillSpool(place.spool, 'a', 3, 10);
  await fillSpool(place.spool, 'b', 2, 10);
  const server = await serve();
  ship([server.url]);
  await until(isEmpty);
  expect(storedOf(server, 'a')).toEqual(positions(30));
  expect(storedOf(server, 'b')).toEqual(positions(20));
  const batch = server.requests.find(
    ({ path, headers }) => path.endsWith('/records') && headers['meridian-stream'] === 'stream-a',
  );
  expect(batch?.headers).toMatchObject({
    'content-encoding': 'gzip',
    'meridian-agent': 'agent-1',
    'meridian-generation': '3',
    'meridian-range': '0-1000',
    'meridian-lines': '10',
    'meridian-log': 'access',
    'meridian-place': encodeURIComponent('/var/log/a'),
  });
  expect(shipper.counts).toMatchObject({ batches: 5, records: 50, lines: 50, bytes: 5000 });
});

test('what has piled up of a stream goes together, up to the bounds', async () => {
  together = { records: 25, bytes: 1_000_000 };
  await fillSpool(place.spool, 'a', 5, 10);
  const server = await serve();
  ship([server.url]);
  await until(isEmpty);
  expect(storedOf(server, 'a')).toEqual(positions(50));
  const batches = server.requests.filter(({ path }) => path.endsWith('/records'));
  expect(batches.map(({ headers }) => [headers['meridian-range'], headers['meridian-lines']])).toEqual([
    ['0-2000', '20'],
    ['2000-4000', '20'],
    ['4000-5000', '10'],
  ]);
  expect(shipper.counts).toMatchObject({ batches: 5, records: 50, lines: 50, bytes: 5000 });
});

test('what the server has already is not sent', async () => {
  await fillSpool(place.spool, 'a', 3, 10);
  const server = await serve((request, response) =>
    request.path.endsWith('/streams') ? answer(response, 200, { generation: 0, position: 2000 }) : undefined,
  );
  ship([server.url]);
  await until(isEmpty);
  expect(storedOf(server, 'a')).toEqual(positions(30).slice(20));
});

test.each<readonly [string, Answering]>([
  ['is busy', (_, response) => refuse(response, 503, 'server-busy')],
  ['has a full disk', (_, response) => refuse(response, 507, 'disk-full')],
  ['answers with a page', (_, response) => answer(response, 502, '<html>')],
  [
    'answers 200 to nothing it knows, in half',
    (_, response, socket) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"rec');
      setTimeout(() => socket.destroy(), 5);
      return true;
    },
  ],
  [
    'hangs up',
    (_, __, socket) => {
      socket.destroy();
      return true;
    },
  ],
  ['says that the digest is wrong', (_, response) => refuse(response, 400, 'content-digest-wrong')],
])('a server that %s for a while loses nothing', async (_, fault) => {
  await fillSpool(place.spool, 'a', 3, 10);
  let faults = 0;
  const server = await serve((request, response, socket) => {
    if (faults >= 4) return undefined;
    faults += 1;
    return fault(request, response, socket);
  });
  ship([server.url]);
  await until(isEmpty);
  expect([...new Set(storedOf(server, 'a'))]).toEqual(positions(30));
  expect(failures.length).toBeGreaterThan(0);
});

test('an answer that was lost after the batch was stored has it sent again, and no batch before its turn', async () => {
  await fillSpool(place.spool, 'a', 3, 10);
  let lost = false;
  const server = await serve((request, _, socket) => {
    if (lost || !request.path.endsWith('/records')) return undefined;
    lost = true;
    socket.destroy();
    return true;
  });
  ship([server.url]);
  await until(isEmpty);
  expect(storedOf(server, 'a')).toEqual(positions(30));
});

test('Retry-After is heeded', async () => {
  await fillSpool(place.spool, 'a', 1, 10);
  const times: number[] = [];
  const server = await serve((_, response) => {
    times.push(performance.now());
    return times.length === 1 ? answer(response, 429, {}, { 'retry-after': '1' }) : undefined;
  });
  ship([server.url]);
  await until(isEmpty);
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1000);
});

test('when a server is away, the next of the list takes over', async () => {
  await fillSpool(place.spool, 'a', 3, 10);
  const away = await serve();
  const closing = await serve((_, response) => refuse(response, 503, 'server-closing'));
  const there = await serve();
  await away.close();
  ship([away.url, closing.url, there.url]);
  await until(isEmpty);
  expect(storedOf(there, 'a')).toEqual(positions(30));
});

test.each([
  ['body-too-large', 413],
  ['request-invalid', 400],
  ['', 413],
  ['internal', 500],
])(
  'a record that has its batch refused with "%s" goes alone, as a dead letter; the others go as they are',
  async (code, status) => {
    await fillSpool(place.spool, 'a', 2, 64);
    const dead: unknown[] = [];
    const ranges: string[] = [];
    const server = await serve((request, response) => {
      if (!request.path.endsWith('/records')) return undefined;
      const records = recordsOf(request.body);
      const bad = records.find(({ position }) => position === 1700);
      if (bad !== undefined && 'verb' in bad) {
        return code === '' ? answer(response, status, '<html>') : refuse(response, status, code);
      }
      if (bad !== undefined) dead.push(bad);
      ranges.push(String(request.headers['meridian-range']));
      return undefined;
    });
    ship([server.url]);
    await until(isEmpty, 40_000);
    expect([...new Set(storedOf(server, 'a'))]).toEqual(positions(128));
    expect(dead[0]).toEqual({
      position: 1700,
      log: 'access',
      source: '389-directory-server',
      raw: expect.stringContaining('op=1700'),
    });
    expect(shipper.counts.deadLetters).toBe(1);
    // The parts cover the batches without gap and without overlap.
    const covered = [...new Set(ranges)]
      .map((range) => range.split('-').map(Number))
      .sort(([one = 0], [other = 0]) => one - other);
    for (const [at, [from]] of covered.entries()) expect(from).toBe(covered[at - 1]?.[1] ?? 0);
    expect(covered.at(-1)?.[1]).toBe(12_800);
  },
  60_000,
);

test('a record that is taken in no form is set aside on the host, and told', async () => {
  await fillSpool(place.spool, 'a', 1, 8);
  const server = await serve((request, response) =>
    request.path.endsWith('/records') && recordsOf(request.body).some(({ position }) => position === 300)
      ? refuse(response, 400, 'request-invalid')
      : undefined,
  );
  ship([server.url]);
  await until(isEmpty);
  expect(storedOf(server, 'a')).toEqual(positions(8).filter((position) => position !== 300));
  expect(await readdir(`${place.folder}/refused`)).toEqual(['000000000001-stream-a-300.ndjson']);
  expect(failures.map(({ code }) => code)).toContain('batch-refused');
});

test('a server that refuses everything has nothing set aside', async () => {
  await fillSpool(place.spool, 'a', 1, 8);
  const server = await serve((request, response) =>
    request.path.endsWith('/records') ? refuse(response, 400, 'request-invalid') : undefined,
  );
  ship([server.url]);
  await until(() => server.requests.length > 30);
  await stop();
  expect(place.spool.status.batches).toBe(1);
  await expect(readdir(`${place.folder}/refused`)).rejects.toThrow();
});

test.each(['agent-revoked', 'agent-not-enrolled', 'agent-identity-copied'])(
  'an agent that is refused with %s stops, says so, and keeps what it has',
  async (code) => {
    await fillSpool(place.spool, 'a', 3, 10);
    const server = await serve((_, response) => refuse(response, 403, code));
    ship([server.url]);
    await until(() => shipper.refusal !== undefined);
    const { length } = server.requests;
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(server.requests.length).toBe(length);
    expect(shipper.refusal?.code).toBe(code);
    expect(place.spool.status.batches).toBe(3);
  },
);

test('a stream whose claim the server has lost is claimed anew', async () => {
  await fillSpool(place.spool, 'a', 1, 10);
  let refused = false;
  const server = await serve((request, response) => {
    if (refused || !request.path.endsWith('/records')) return undefined;
    refused = true;
    return refuse(response, 409, 'stream-not-claimed');
  });
  ship([server.url]);
  await until(isEmpty);
  expect(server.requests.filter(({ path }) => path.endsWith('/streams')).length).toBe(2);
});

test("a host whose clock is wrong signs by the server's", async () => {
  await fillSpool(place.spool, 'a', 1, 10);
  let told = false;
  const created: number[] = [];
  const server = await serve((request, response) => {
    created.push(Number(/created=(\d+)/.exec(String(request.headers['signature-input']))?.[1]));
    if (told) return undefined;
    told = true;
    return refuse(response, 401, 'clock-skewed', { expected: new Date(Date.now() + 120_000).toISOString() });
  });
  ship([server.url]);
  await until(isEmpty);
  expect((created[1] ?? 0) - (created[0] ?? 0)).toBeGreaterThanOrEqual(119);
});

test('an answer without end is cut off', async () => {
  await fillSpool(place.spool, 'a', 1, 10);
  let sent = false;
  const server = await serve((_, response) => {
    if (sent) return undefined;
    sent = true;
    response.writeHead(200);
    const piece = Buffer.alloc(65_536, 0x20);
    const more = (): void => {
      while (!response.destroyed && response.write(piece));
    };
    response.on('drain', more);
    more();
    return true;
  });
  ship([server.url]);
  await until(isEmpty);
  expect(failures.map(({ code }) => code)).toContain('server-answer');
  expect(shipLimits.answerBytes).toBeLessThan(4_000_000);
});

const faults = ['fine', 'busy', 'lost', 'late', 'hang-up', 'page'] as const;

function networkFault(
  fault: (typeof faults)[number],
  ...[, response, socket]: Parameters<Answering>
): ReturnType<Answering> {
  if (fault === 'busy') return answer(response, 503, {});
  if (fault === 'page') return answer(response, 404, 'nothing here');
  if (fault === 'hang-up') {
    socket.destroy();
    return true;
  }
  // The request was dealt with, but its answer does not come through.
  if (fault === 'lost') response.end = () => response.destroy();
  if (fault === 'late') return new Promise((resolve) => setTimeout(() => resolve(undefined), 50));
  return undefined;
}

test(
  'fuzz with real parts: whatever the network does, each record arrives, and each stream in its order',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...faults), { maxLength: 12 }), fc.nat(25), async (plan, records) => {
        together = { records, bytes: 1_000_000 };
        let at = 0;
        const server = await serve((request, response, socket) =>
          networkFault(plan[at++] ?? 'fine', request, response, socket),
        );
        await fillSpool(place.spool, 'a', 4, 5);
        await fillSpool(place.spool, 'b', 4, 5);
        ship([server.url]);
        await until(isEmpty, 60_000);
        for (const id of ['a', 'b']) expect([...new Set(storedOf(server, id))]).toEqual(positions(20));
        await stop();
      }),
      { numRuns: runs },
    );
  },
  60_000 + runs * 2_000,
);
