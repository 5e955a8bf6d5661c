import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Catalog, openCatalog } from '#catalog';
import type { FleetEvent } from './fleet-event.ts';
import { createFleetLog, type FleetLog } from './fleet-log.ts';

let folder = '';
let catalog: Catalog;
let warned: string[] = [];
let isAway = false;
let stored: string[] = [];
const logs: FleetLog[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-fleet-log-'));
  catalog = await openCatalog({ kind: 'sqlite', file: join(folder, 'catalog.sqlite') });
  warned = [];
  stored = [];
  isAway = false;
});
afterEach(async () => {
  isAway = false;
  for (const log of logs.splice(0)) await log.close();
  await catalog.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The log of a server that begins. */
function begin(): FleetLog {
  const note = (_about: object, message: string): void => void warned.push(message);
  const take = async (body: Buffer): Promise<void> => {
    if (isAway) throw new Error('away');
    const lines = body.toString().trim().split('\n');
    stored.push(...lines.map((line) => String(JSON.parse(line).message)));
  };
  const log = createFleetLog(take, catalog.outbox, { warn: note, error: note } as never);
  logs.push(log);
  return log;
}

function event(name: string, time = 1_000.5): FleetEvent {
  return { kind: 'silent', key: name, time, message: name };
}

test('events are stored, and nothing waits', async () => {
  const log = begin();
  log.note(event('one'), event('two'));
  await log.settled();
  expect(stored).toEqual(['one', 'two']);
  expect(await catalog.outbox.pending(9)).toEqual([]);
});

test('what happens while the store is away is stored by the next server, whatever became of this one', async () => {
  const first = begin();
  isAway = true;
  first.note(event('one', 2_000), event('two', 1_000));
  await first.settled();
  expect(warned).toEqual(['events of the fleet wait for the store']);
  // It is killed: nobody closes it.
  isAway = false;
  await begin().settled();
  expect(stored).toEqual(['two', 'one']);
  expect(await catalog.outbox.pending(9)).toEqual([]);
});

test('a server that stops while the store is away leaves what it noted to the next', async () => {
  const first = begin();
  await first.settled();
  isAway = true;
  first.note(event('one'));
  await first.close();
  logs.splice(0);
  isAway = false;
  await begin().settled();
  expect(stored).toEqual(['one']);
});

test('when the store is back, the next event takes along those that waited', async () => {
  const log = begin();
  isAway = true;
  log.note(event('one'));
  await log.settled();
  isAway = false;
  log.note(event('two'));
  await log.settled();
  expect(stored).toEqual(['two', 'one']);
  expect(await catalog.outbox.pending(9)).toEqual([]);
});

test('while the catalog is away, too, events wait in memory, and no more of them than may', async () => {
  const log = begin();
  await log.settled();
  await catalog.close();
  log.note(...Array.from({ length: 10_002 }, (_, number) => event(`e${number}`)));
  await log.settled();
  expect(warned).toEqual([
    'events of the fleet were dropped: the store is away for too long',
    'events of the fleet wait for the store',
  ]);
  catalog = await openCatalog({ kind: 'sqlite', file: join(folder, 'catalog.sqlite') });
  logs.splice(0);
});
