import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openEmbedded } from './embedded.ts';
import type { Engine } from './engine.ts';
import { openStore } from './open-store.ts';
import { run, writeMeta } from './schema.ts';
import { makeEvent } from './test-events.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'meridian-schema-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function write(number: number): Promise<void> {
  const store = await openStore({ kind: 'embedded', directory });
  const writer = store.writer();
  writer.add(makeEvent(number, { closeText: 'reset by peer' }));
  await writer.close();
  await store.close();
}

/** Does something to the store with the engine alone. */
async function behindItsBack(work: (engine: Engine) => Promise<void>): Promise<void> {
  const engine = await openEmbedded({ kind: 'embedded', directory }, { seconds: 10, memoryBytes: 1e8, rows: 1000 });
  try {
    await work(engine);
  } finally {
    await engine.close();
  }
}

test('a label that is new in the dictionary gets its column; older events lack it', async () => {
  await write(1);
  await behindItsBack((engine) => run(engine, 'ALTER TABLE meridian.events DROP COLUMN closeText', 'drop a column'));
  const notices: string[] = [];
  const store = await openStore({ kind: 'embedded', directory, notice: (sentence) => notices.push(sentence) });
  expect(notices).toEqual(['Added 1 columns to the store: closeText.']);
  expect(await store.get('stream-a-0-100')).not.toHaveProperty('closeText');
  await store.close();
  await write(2);
  const again = await openStore({ kind: 'embedded', directory, notice: (sentence) => notices.push(sentence) });
  expect(await again.get('stream-a-0-200')).toMatchObject({ closeText: 'reset by peer' });
  expect(notices).toHaveLength(1);
  await again.close();
});

test('a database of a newer version is refused, and stays as it is', async () => {
  await write(1);
  await behindItsBack((engine) => writeMeta(engine, 'schema-version', '2'));
  await expect(openStore({ kind: 'embedded', directory })).rejects.toMatchObject({ code: 'store-newer' });
  await behindItsBack((engine) => writeMeta(engine, 'schema-version', '1'));
  const store = await openStore({ kind: 'embedded', directory });
  expect(await store.get('stream-a-0-100')).toBeDefined();
  await store.close();
});

test('a directory that is open stays open until it is closed, then opens again with all that was written', async () => {
  await write(1);
  const store = await openStore({ kind: 'embedded', directory });
  await expect(openStore({ kind: 'embedded', directory })).rejects.toMatchObject({ code: 'store-in-use' });
  expect(await store.get('stream-a-0-100')).toBeDefined();
  await store.close();
});

test('files of the engine that are damaged are told', async () => {
  await write(1);
  rmSync(join(directory, 'engine', 'metadata'), { recursive: true, force: true });
  writeFileSync(join(directory, 'engine', 'metadata'), 'not a directory');
  await expect(openStore({ kind: 'embedded', directory })).rejects.toMatchObject({ exit: 3 });
});
