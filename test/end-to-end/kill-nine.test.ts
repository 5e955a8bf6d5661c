import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { expectedEvents, killNine, makeLog } from './kill-nine.ts';

/** Seeds in the suite; `npm run soak` takes more. */
const seeds = Number(process.env['SOAK_RUNS'] ?? 3);
const folder = mkdtempSync(join(tmpdir(), 'meridian-soak-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test(
  'whenever ingest is killed, the same command again leaves every event in the store exactly once',
  async () => {
    const log = makeLog(folder);
    const expected = await expectedEvents(log);
    expect(expected).toBeGreaterThan(100_000);
    let killed = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const outcome = await killNine(seed, log, expected);
      expect(outcome).toMatchObject({ stored: expected, distinct: expected });
      killed += outcome.killed;
    }
    expect(killed).toBeGreaterThan(0);
  },
  60_000 + seeds * 60_000,
);
