/**
 * Makes runs of a range of seeds and prints what came of each, as one line of JSON: `tsx test-fault-seeds.ts FROM COUNT`. The
 * part of {@link "./test-fault-runs.ts"} that is done side by side.
 */
import { Farm } from './test-farm.ts';
import { runOnce } from './test-run-once.ts';

const [from = '1', count = '1'] = process.argv.slice(2);
const farm = await Farm.open();
for (let seed = Number(from); seed < Number(from) + Number(count); seed++) {
  try {
    const { lost, doubled, different, untrue, steps, faults, history, ...rest } = await runOnce(seed, farm);
    const wrong = { lost: lost.length, doubled: doubled.length, different: different.length, untrue: untrue.length };
    const isWrong = Object.values(wrong).some((number) => number > 0);
    const told = { ...rest, ...wrong, steps: [...steps], faults: [...faults], history: isWrong ? history : [] };
    process.stdout.write(`${JSON.stringify(told)}\n`);
  } catch (thrown) {
    process.stdout.write(`${JSON.stringify({ seed, failure: String(thrown).slice(0, 4000) })}\n`);
  }
}
await farm.close();
process.exit(0);
