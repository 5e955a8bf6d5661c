import { afterAll, beforeAll, expect, test } from 'vitest';
import { AppError } from '#error';
import { openStore } from './open-store.ts';
import type { RemoteOptions, Store } from './store.ts';
import { startTestServer, type TestServer, testPassword, testUser } from './test-clickhouse-server.ts';
import { everything, makeEvents } from './test-events.ts';

let server: TestServer;
let store: Store;

function options(more: Partial<RemoteOptions> = {}): RemoteOptions {
  return { kind: 'remote', url: server.url, user: testUser, password: testPassword, ...more };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (thrown: unknown) => (thrown instanceof AppError ? thrown.code : String(thrown)),
  );
}

beforeAll(async () => {
  server = await startTestServer();
  store = await openStore(options());
});
afterAll(async () => {
  await store.close();
  await server.close();
});

async function stored(stream: string): Promise<number> {
  const groups = await store.groupBy(everything, ['stream']);
  return groups.find(({ values }) => values[0] === stream)?.count ?? 0;
}

test.each(['before', 'after'] as const)(
  'a connection lost %s the server stored a block loses and doubles nothing',
  async (when) => {
    const writer = store.writer();
    for (const event of makeEvents(500, {}, when)) writer.add(event);
    server.breakInserts(2, when);
    await writer.close();
    expect(writer.counts).toMatchObject({ durable: 500 });
    expect(await stored(when)).toBe(500);
  },
);

test('a server that stays away fails the writer, and the same events go in later', async () => {
  const writer = store.writer();
  const events = makeEvents(100, {}, 'later');
  for (const event of events) writer.add(event);
  server.breakInserts(100, 'after');
  expect(await codeOf(writer.flush())).toBe('store-unreachable');
  expect(() => writer.add(events[0] ?? expect.fail())).toThrow(AppError);
  expect(await codeOf(writer.close())).toBe('store-unreachable');
  server.breakInserts(0, 'after');
  const again = store.writer();
  for (const event of events) again.add(event);
  await again.close();
  expect(await stored('later')).toBe(100);
});

test('user and password may stand in the URL', async () => {
  const url = new URL(server.url);
  url.username = testUser;
  url.password = testPassword;
  const other = await openStore({ kind: 'remote', url: url.href, database: 'other' });
  expect((await other.inspect()).place).toBe(`${server.url}/`);
  await other.close();
});

test('no query of a user becomes text of SQL', async () => {
  const value = `'; DROP TABLE meridian.events; -- {x:String}`;
  await store.count({ kind: 'text', labels: ['boundDn'], test: { kind: 'equals', values: [value] } });
  expect(server.queries.at(-1)).not.toContain('DROP');
  expect(await stored('later')).toBe(100);
});

test.each([
  ['a wrong password', { password: 'wrong' }, 'store-refused'],
  ['a port where nobody listens', { url: 'http://127.0.0.1:9' }, 'store-unreachable'],
  ['no URL', { url: 'clickhouse' }, 'store-option-invalid'],
  ['another protocol', { url: 'ftp://127.0.0.1' }, 'store-option-invalid'],
  ['a name that is none', { database: 'x; DROP' }, 'store-option-invalid'],
])('%s is refused as such', async (_, more, code) => {
  expect(await codeOf(openStore(options(more)))).toBe(code);
});
