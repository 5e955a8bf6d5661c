import { afterAll, beforeAll, expect, test } from 'vitest';
import { Farm } from './test-farm.ts';
import { runOnce } from './test-run-once.ts';

const runs = Number(process.env['FAULT_RUNS'] ?? 50);
const from = Number(process.env['FAULT_FROM'] ?? 1);
let farm: Farm;

beforeAll(async () => {
  farm = await Farm.open();
});

afterAll(() => farm.close());

test.each(Array.from({ length: runs }, (_, at) => from + at))(
  'seed %i: through all that fails, each line is in the store once, as a one-shot reading would have it',
  async (seed) => {
    const { lost, doubled, different, untrue, events, lines, history } = await runOnce(seed, farm);
    expect({ lost, doubled, different, untrue, events }, history.join(', ')).toEqual({
      lost: [],
      doubled: [],
      different: [],
      untrue: [],
      events: lines,
    });
  },
  240_000,
);
