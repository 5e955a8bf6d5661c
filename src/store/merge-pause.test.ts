import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { mergePausePartsMax } from './limits.ts';
import { openStore } from './open-store.ts';
import { everything, makeEvents } from './test-events.ts';

test('while a log is read in, merging waits, but not for ever', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'meridian-store-'));
  const store = await openStore({ kind: 'embedded', directory, mergeLater: true });
  try {
    const writer = store.writer({ flushMs: 0, rowsPerBlock: 2 });
    const events = makeEvents(2 * (mergePausePartsMax + 20));
    for (const [at, event] of events.entries()) {
      writer.add(event);
      // Blocks that wait for one another would go together.
      if (at % 2 === 1) await writer.flush();
      // Twenty blocks are far more than the engine would leave alone.
      if (at === 39) {
        await writer.flush();
        expect((await store.inspect()).parts).toBe(20);
      }
    }
    await writer.close();
    await vi.waitFor(async () => expect((await store.inspect()).parts).toBeLessThan(mergePausePartsMax), 20_000);
    expect(await store.count(everything)).toBe(events.length);
  } finally {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
});
