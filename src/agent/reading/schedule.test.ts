import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { findSource } from '#source';
import { type Material, materialOf, runSchedule } from '../test-schedule.ts';

const demo = new URL('../../../demo/slapd-corp/', import.meta.url);
/** Bytes of each log that are material. */
const bytesMax = 400_000;

let materials: Material[] = [];

beforeAll(async () => {
  const source = await findSource('389-directory-server');
  const read = async (log: string, name: string): Promise<Material> => {
    const content = gunzipSync(await readFile(new URL(`${name}.gz`, demo)));
    return materialOf(source, log, name, content.subarray(0, content.lastIndexOf(10, bytesMax) + 1));
  };
  materials = [await read('access', 'access'), await read('audit', 'audit'), await read('security', 'security')];
});

/** Runs a seed, and expects each record of each file exactly once, as a one-shot reading gives it. */
async function expectExactlyOnce(seed: number): Promise<{ kills: number; rotations: number }> {
  const { expected, taken, history, kills, rotations } = await runSchedule(seed, materials);
  const first = (records: readonly object[]): string => JSON.stringify(records[0]);
  const sorted = (files: readonly (readonly object[])[]): readonly (readonly object[])[] =>
    [...files].sort((one, other) => first(one).localeCompare(first(other)));
  const positions = (files: readonly (readonly { position?: unknown }[])[]): unknown =>
    files.map((records) => records.map(({ position }) => position));
  // Positions first: they tell lost from doubled at a glance.
  expect(positions(sorted(taken)), history.join(', ')).toEqual(positions(sorted(expected)));
  expect(sorted(taken), history.join(', ')).toEqual(sorted(expected));
  return { kills, rotations };
}

test('fuzz with real parts: whatever happens to logs, agent and disk, each record is spooled once, as a one-shot reading gives it', async () => {
  let kills = 0;
  let rotations = 0;
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 0x7fff_ffff }), async (seed) => {
      const run = await expectExactlyOnce(seed);
      kills += run.kills;
      rotations += run.rotations;
    }),
    { numRuns: Number(process.env['FUZZ_RUNS'] ?? 20), endOnFailure: true },
  );
  expect(kills).toBeGreaterThan(10);
  expect(rotations).toBeGreaterThan(10);
});
