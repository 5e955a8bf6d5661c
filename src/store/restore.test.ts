import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEmbedded } from './embedded.ts';
import { queryLimits } from './limits.ts';
import { openStore } from './open-store.ts';
import { everything, makeEvents } from './test-events.ts';
import { write } from './test-store.ts';

/** What a crash leaves, statement by statement, and how many events are there afterwards. */
test.each<[string, readonly string[], number]>([
  ['before the names change', ['RESTORE DATABASE meridian AS meridian_restored FROM {backup}'], 30],
  [
    'while the names change',
    ['RESTORE DATABASE meridian AS meridian_restored FROM {backup}', 'RENAME DATABASE meridian TO meridian_before'],
    10,
  ],
  [
    'before the old one is gone',
    [
      'RESTORE DATABASE meridian AS meridian_restored FROM {backup}',
      'RENAME DATABASE meridian TO meridian_before',
      'RENAME DATABASE meridian_restored TO meridian',
    ],
    10,
  ],
])('a restore broken off %s leaves all of one state', async (_, statements, expected) => {
  const directory = mkdtempSync(join(tmpdir(), 'meridian-store-'));
  try {
    const store = await openStore({ kind: 'embedded', directory });
    await write(store, makeEvents(10));
    await store.backup('first');
    await write(store, makeEvents(30));
    await store.close();
    const engine = await openEmbedded({ kind: 'embedded', directory }, queryLimits);
    for (const sql of statements)
      await engine.control.command({ query: sql.replace('{backup}', engine.backupTarget('first')) });
    await engine.close();
    const again = await openStore({ kind: 'embedded', directory });
    expect(await again.count(everything)).toBe(expected);
    await again.restore('first');
    expect(await again.count(everything)).toBe(10);
    await again.close();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
