import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openStore } from './open-store.ts';
import { everything, makeEvents } from './test-events.ts';

const directory: string = mkdtempSync(join(tmpdir(), 'meridian-full-'));
// A small disk of its own; only root may make one.
const mounted: boolean = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', directory]).status === 0;
afterAll(() => {
  if (mounted) spawnSync('umount', [directory]);
  rmSync(directory, { recursive: true, force: true });
});

test.skipIf(!mounted)(
  'a full disk is told as such, nothing acknowledged is lost, and the same events go in later (needs the right to mount)',
  async () => {
    const store = await openStore({ kind: 'embedded', directory: join(directory, 'data') });
    const events = makeEvents(4000, { rawEvent: undefined }, 'full');
    let acknowledged = 0;
    const first = store.writer();
    for (const event of events.slice(0, 500)) first.add(event);
    await first.close();
    acknowledged = first.counts.durable;

    const { bavail, bsize } = statfsSync(directory);
    writeFileSync(join(directory, 'filler'), Buffer.alloc(bavail * bsize - 512 * 1024, 1));
    const writer = store.writer({ rowsPerBlock: 500 });
    const failing = (async () => {
      for (const event of events) {
        // Noise that no codec can make small.
        writer.add(
          Object.assign(event, { rawEvent: Array.from({ length: 60 }, () => Math.random().toString(36)).join('') }),
        );
        if (writer.full) await writer.drain();
        acknowledged = Math.max(acknowledged, writer.counts.durable);
      }
      await writer.close();
    })();
    await expect(failing).rejects.toMatchObject({ code: 'disk-full', exit: 3 });
    expect(await store.count(everything)).toBeGreaterThanOrEqual(acknowledged);

    rmSync(join(directory, 'filler'));
    const again = store.writer();
    for (const event of events) again.add(event);
    await again.close();
    expect(await store.count(everything)).toBe(4000);
    await store.close();
  },
);
