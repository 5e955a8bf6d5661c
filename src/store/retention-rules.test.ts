import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from './open-store.ts';
import type { Store } from './store.ts';
import { retentionRule } from './tables.ts';
import { everything, makeEvent, makeEvents } from './test-events.ts';

test.each([
  [{ days: null, sources: {} }, ''],
  [{ days: 30, sources: {} }, 'toDateTime(eventTime) + toIntervalDay(30) DELETE'],
  [{ days: null, sources: { a: 7 } }, "toDateTime(eventTime) + toIntervalDay(7) DELETE WHERE source = 'a'"],
  [
    { days: 30, sources: { "it's": 7, kept: null } },
    "toDateTime(eventTime) + toIntervalDay(7) DELETE WHERE source = 'it\\'s', toDateTime(eventTime) + toIntervalDay(30) DELETE WHERE source NOT IN ('it\\'s', 'kept')",
  ],
])('%j is the rule %j', (retention, rule) => {
  expect(retentionRule(retention)).toBe(rule);
});

const directory: string = mkdtempSync(join(tmpdir(), 'meridian-retention-'));
let store: Store;
beforeAll(async () => {
  store = await openStore({ kind: 'embedded', directory });
});
afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

test('events older than their source is kept go, others stay', async () => {
  const day = 86_400_000;
  const writer = store.writer();
  for (const event of makeEvents(10, { eventTime: Date.now() - 40 * day, source: 'short' }, 'short')) writer.add(event);
  for (const event of makeEvents(10, { eventTime: Date.now() - 40 * day, source: 'long' }, 'long')) writer.add(event);
  writer.add(makeEvent(0, { eventTime: Date.now(), source: 'short' }, 'new'));
  await writer.close();
  await store.setRetention({ days: 30, sources: { long: 365 } });
  await expect.poll(() => store.count(everything), { timeout: 50_000, interval: 500 }).toBe(11);
  expect((await store.stats()).sources.map(({ source, events }) => [source, events])).toEqual([
    ['long', 10],
    ['short', 1],
  ]);
});
