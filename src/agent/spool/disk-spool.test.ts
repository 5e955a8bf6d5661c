import { mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLogger } from '#log';
import { Reports } from '../reports.ts';
import { diskFull, TestFileSystem } from '../test-file-system.ts';
import { DiskSpool } from './disk-spool.ts';
import type { NewBatch } from './spool.ts';

let folder = '';
let fileSystem: TestFileSystem;
let reports: Reports;
let now = 1_000_000;
const clock = { now: (): number => now, steady: (): number => now };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-spool-'));
  fileSystem = new TestFileSystem();
  reports = new Reports(clock, createLogger('silent'));
});
afterEach(async () => {
  await fileSystem.kill();
  await rm(folder, { recursive: true });
});

async function openSpool(bytes = 1_000_000): Promise<DiskSpool> {
  const spool = new DiskSpool({ fileSystem, folder, clock, reports });
  spool.bounds = { bytes, ageMs: 3_600_000 };
  await spool.open();
  return spool;
}

function fileOf(id: string): Parameters<DiskSpool['append']>[0] {
  return { id, place: `/var/log/${id}`, source: 'a-source', log: 'access', stream: `stream-${id}`, marks: [] };
}

function batch(from: number, size = 1000): NewBatch {
  return { from, to: from + 100, lines: 1, records: 1, ended: false, body: Buffer.alloc(size, from % 251) };
}

/** Byte ranges that wait, in order. */
async function waiting(spool: DiskSpool): Promise<number[]> {
  const found: number[] = [];
  for (let next = await spool.next(); next !== undefined; next = await spool.next()) {
    found.push(next.entry.from);
    expect(next.body.every((byte) => byte === next?.entry.from % 251)).toBe(true);
    spool.acknowledge(next.entry);
  }
  return found;
}

async function segments(): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.segment'));
}

test('batches come out in order, each file for itself, and only when they are safe', async () => {
  const spool = await openSpool();
  for (const [id, from] of [
    ['a', 0],
    ['b', 0],
    ['a', 100],
  ] as const) {
    await spool.append(fileOf(id), batch(from));
  }
  expect(await spool.next()).toBeUndefined();
  await spool.sync();
  expect(spool.files().map(({ id }) => id)).toEqual(['a', 'b']);
  expect((await spool.next('b'))?.entry.from).toBe(0);
  expect(await waiting(spool)).toEqual([0, 0, 100]);
});

test('batches that follow one another come out together, as far as the bounds and what is safe reach', async () => {
  const spool = await openSpool();
  for (const from of [0, 100, 200, 400, 500]) await spool.append(fileOf('a'), batch(from));
  await spool.sync();
  await spool.append(fileOf('a'), batch(600));
  const ranges = async (records: number, bytes: number): Promise<number[]> => {
    const run = await spool.nextTogether('a', { records, bytes });
    expect(run?.body.length).toBe(1000 * (run?.entries.length ?? 0));
    return run?.entries.map(({ from }) => from) ?? [];
  };
  expect(await ranges(0, 0)).toEqual([0]);
  expect(await ranges(2, 9000)).toEqual([0, 100]);
  expect(await ranges(9, 2999)).toEqual([0, 100]);
  // What is missing between 300 and 400 is no part of any batch.
  expect(await ranges(9, 9000)).toEqual([0, 100, 200]);
  const run = await spool.nextTogether('a', { records: 9, bytes: 9000 });
  for (const entry of run?.entries ?? []) spool.acknowledge(entry);
  expect(await ranges(9, 9000)).toEqual([400, 500]);
  expect(await spool.nextTogether('b', { records: 9, bytes: 9000 })).toBeUndefined();
});

test('what was acknowledged stays so over a restart, and what was not comes again', async () => {
  const spool = await openSpool();
  for (const from of [0, 100, 200]) await spool.append(fileOf('a'), batch(from));
  await spool.sync();
  const first = await spool.next();
  if (first !== undefined) spool.acknowledge(first.entry);
  await spool.close();
  expect(await waiting(await openSpool())).toEqual([100, 200]);
});

test('a generation is kept, and what the server has of the file already is done with', async () => {
  const spool = await openSpool();
  for (const from of [0, 100, 200]) await spool.append(fileOf('a'), batch(from));
  await spool.sync();
  spool.setGeneration('a', { generation: 3, position: 200 });
  expect((await spool.next())?.entry.from).toBe(200);
  await spool.close();
  const again = await openSpool();
  expect(again.file('a')?.generation).toBe(3);
  expect(await waiting(again)).toEqual([200]);
});

test('a segment goes when all of it was acknowledged and named by a checkpoint', async () => {
  const spool = await openSpool(160_000);
  spool.checkpointed('a', 0);
  for (let from = 0; from < 3000; from += 100)
    await spool.append(fileOf('a'), batch(from, 1500)).then(() => spool.sync());
  const before = await segments();
  expect(before.length).toBeGreaterThan(1);
  await waiting(spool);
  now += 10_000;
  await spool.tidy();
  expect(await segments()).toEqual(before);
  spool.checkpointed('a', 3000);
  now += 10_000;
  await spool.tidy();
  expect((await segments()).length).toBeLessThanOrEqual(1);
});

test('a full spool takes nothing more, and loses nothing', async () => {
  const spool = await openSpool(200_000);
  let taken = 0;
  const fill = async (): Promise<void> => {
    for (;;) {
      await spool.append(fileOf('a'), batch(taken * 100, 5000));
      taken += 1;
    }
  };
  await expect(fill()).rejects.toMatchObject({ code: 'spool-full' });
  expect(spool.status).toMatchObject({ full: true, batches: taken });
  expect(spool.status.bytes).toBeLessThanOrEqual(200_000);
  await spool.sync();
  expect(await waiting(spool)).toHaveLength(taken);
});

test('a spool whose oldest batch is too old is full, and keeps it', async () => {
  const spool = await openSpool();
  await spool.append(fileOf('a'), batch(0));
  await spool.sync();
  now += 2 * 3_600_000;
  expect(spool.fullness).toBe('old');
  await expect(spool.append(fileOf('a'), batch(100))).rejects.toMatchObject({ code: 'spool-full' });
  expect(await waiting(spool)).toEqual([0]);
  expect(spool.fullness).toBe('room');
});

test.each([1, 17, 300, 900])('a torn end of %i bytes is cut off without a word', async (bytes) => {
  const spool = await openSpool();
  for (const from of [0, 100, 200]) await spool.append(fileOf('a'), batch(from));
  await spool.close();
  const [name = ''] = await segments();
  const { length } = await readFile(join(folder, name));
  await truncate(join(folder, name), length - bytes);
  expect(await waiting(await openSpool())).toEqual([0, 100]);
  expect(reports.events).toEqual([]);
});

test('a damaged segment is set aside, its good entries stay, and it is told', async () => {
  const spool = await openSpool();
  for (const from of [0, 100, 200]) await spool.append(fileOf('a'), batch(from));
  await spool.close();
  const [name = ''] = await segments();
  const file = await open(join(folder, name), 'r+');
  await file.write(Buffer.from('damage'), 0, 6, 1700);
  await file.close();
  const again = await openSpool();
  expect(await waiting(again)).toEqual([0, 200]);
  expect(reports.events.map(({ kind }) => kind)).toEqual(['spool-damaged']);
  expect(again.status.damagedBytes).toBeGreaterThan(1000);
  expect((await readdir(folder)).some((one) => one.endsWith('.damaged'))).toBe(true);
});

test('a damaged ledger only makes batches come again', async () => {
  const spool = await openSpool();
  for (const from of [0, 100]) await spool.append(fileOf('a'), batch(from));
  await spool.sync();
  const first = await spool.next();
  if (first !== undefined) spool.acknowledge(first.entry);
  await spool.close();
  await writeFile(join(folder, 'ledger'), 'meridian spool-ledger 1 00000000 5\nwrong');
  expect(await waiting(await openSpool())).toEqual([0, 100]);
  expect(reports.events.map(({ kind }) => kind)).toEqual(['state-damaged']);
});

test('when a sync fails, what it should have made safe is no more, and is never shipped', async () => {
  const spool = await openSpool();
  await spool.append(fileOf('a'), batch(0));
  await spool.sync();
  await spool.append(fileOf('a'), batch(100));
  fileSystem.refuse = ({ name, path }) => (name === 'sync' ? diskFull(path) : undefined);
  await expect(spool.sync()).rejects.toMatchObject({ code: 'file-unreadable' });
  fileSystem.refuse = () => undefined;
  expect((await spool.next())?.entry.from).toBe(0);
  await spool.append(fileOf('a'), batch(200));
  await spool.sync();
  expect(await waiting(spool)).toEqual([0, 200]);
  await spool.close();
  expect(await waiting(await openSpool())).toEqual([]);
});

test('a write that fails in the middle leaves nothing of itself', async () => {
  const spool = await openSpool();
  await spool.append(fileOf('a'), batch(0));
  await spool.sync();
  let writes = 0;
  fileSystem.refuse = ({ name, path }) => (name === 'write' && ++writes === 2 ? diskFull(path) : undefined);
  await expect(spool.append(fileOf('a'), batch(100))).rejects.toMatchObject({ code: 'file-unreadable' });
  fileSystem.refuse = () => undefined;
  await spool.append(fileOf('a'), batch(200));
  await spool.close();
  expect(await waiting(await openSpool())).toEqual([0, 200]);
  expect(reports.events).toEqual([]);
});

test('a full spool whose batches all arrived has room again, although no checkpoint names them', async () => {
  const spool = await openSpool(400_000);
  spool.checkpointed('a', 0);
  let from = 0;
  for (; spool.hasRoom; from += 100) {
    await spool.append(fileOf('a'), batch(from, 20_000)).catch(() => undefined);
    await spool.sync();
  }
  expect((await waiting(spool)).length).toBeGreaterThan(2);
  now += 10_000;
  await spool.tidy();
  expect(spool.hasRoom).toBe(true);
});
