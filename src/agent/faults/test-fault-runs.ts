/**
 * `npm run faults`: many runs with faults, each decided by its seed, and `docs/reliability.md` written from them.
 * `FAULT_RUNS` (default 1,000) and `FAULT_FROM` (first seed, default 1) choose the seeds.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { reliabilityPage, type Told } from './test-reliability-page.ts';

const runs = Number(process.env['FAULT_RUNS'] ?? 1000);
const from = Number(process.env['FAULT_FROM'] ?? 1);
/** Runs mostly wait, for their disks and for one another. */
const workersPerCore = 3;
/** Seeds one process makes: then a fresh one begins, with an empty store. */
const seedsPerProcess = 25;

const told: Told[] = [];
const starts = Array.from({ length: Math.ceil(runs / seedsPerProcess) }, (_, at) => from + at * seedsPerProcess);

async function work(): Promise<void> {
  for (let start = starts.shift(); start !== undefined; start = starts.shift()) {
    const count = Math.min(seedsPerProcess, from + runs - start);
    const script = join(import.meta.dirname, 'test-fault-seeds.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', script, String(start), String(count)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    for await (const line of createInterface({ input: child.stdout })) {
      if (!line.startsWith('{')) continue;
      const one: Told = JSON.parse(line);
      told.push(one);
      const isWrong = 'failure' in one || one.lost + one.doubled + one.different + one.untrue > 0;
      if (isWrong) process.stderr.write(`\n${line}\n`);
      else if (told.length % 10 === 0) process.stderr.write(`\r${told.length} of ${runs} runs`);
    }
  }
}

const begun = performance.now();
await Promise.all(Array.from({ length: cpus().length * workersPerCore }, work));
told.sort((one, other) => one.seed - other.seed);
const minutes = (performance.now() - begun) / 60_000;
writeFileSync(join(import.meta.dirname, '../../../docs/reliability.md'), reliabilityPage(told, from, minutes));
const wrong = told.filter((one) => 'failure' in one || one.lost + one.doubled + one.different + one.untrue > 0);
process.stderr.write(`\n${told.length} runs, ${wrong.length} wrong; wrote docs/reliability.md\n`);
process.exitCode = wrong.length === 0 && told.length === runs ? 0 : 1;
