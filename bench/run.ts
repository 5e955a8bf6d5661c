/**
 * `npm run bench`: measures everything the benchmarks page shows, in one run on one machine, and writes
 * `docs/benchmarks.md`. Takes about ten minutes. `BENCH_EVENTS=1000000` leaves the large store out.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { measureAgent } from './agent.ts';
import { measureIngest } from './ingest.ts';
import { benchLogs, writeLog } from './logs.ts';
import { benchmarksPage } from './page.ts';
import { measurePeers } from './peers.ts';
import { measureQueries } from './queries.ts';
import { measureStages } from './stages.ts';

const eventsMax = Number(process.env['BENCH_EVENTS'] ?? 10_000_000);

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

const logs = benchLogs(20_000_000);
const stages = [];
for (const log of logs) {
  say(`stages: ${log.format}`);
  stages.push(await measureStages(log, 4));
}
const [first] = benchLogs(300_000_000);
if (first === undefined) throw new Error('there is no log to measure with');
const path = writeLog(first);
say('peers');
const peers = await measurePeers(path, first.lines, 2);
say('ingest');
const ingest = await measureIngest(path, first.lines);
rmSync(dirname(path), { recursive: true, force: true });
const queries = [];
const [small] = benchLogs(1);
if (small === undefined) throw new Error('there is no log to measure with');
for (const events of [1_000_000, 10_000_000].filter((number) => number <= eventsMax)) {
  say(`queries at ${events.toLocaleString('en')} events`);
  queries.push(await measureQueries(small, events));
}
say('agent');
const agent = await measureAgent(small);
const machine = {
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryBytes: totalmem(),
  node: process.versions.node,
};
writeFileSync(
  join(import.meta.dirname, '../docs/benchmarks.md'),
  benchmarksPage({ machine, stages, peers, ingest, queries, agent }),
);
say('wrote docs/benchmarks.md');
