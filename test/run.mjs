// `npm test`: everything, one after another, and one line at the end that counts it all.
//
// The checks (format and lint, types, dead code), the suite on the Node in use, and the suite once more on Node 24.
// Plain JavaScript: it has to start even where nothing is installed yet.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensure, needs, node24 } from './needs.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const suiteMinutesMax = 15;
const total = { passed: 0, failed: 0, skipped: 0 };

function say(text) {
  process.stdout.write(`\n── ${text}\n`);
}

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  return result.status ?? 1;
}

function binary(name) {
  return join(root, 'node_modules', '.bin', name);
}

function check(name, command, args) {
  say(name);
  const passed = run(binary(command), args) === 0;
  total[passed ? 'passed' : 'failed'] += 1;
}

function suite(name, node, settings = {}) {
  say(`suite on ${name}`);
  const folder = mkdtempSync(join(tmpdir(), 'meridian-test-'));
  const report = join(folder, 'report.json');
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const status = run(node, [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`], {
    env: { ...process.env, CI: '1', ...settings },
    timeout: suiteMinutesMax * 60_000,
  });
  const counts = existsSync(report)
    ? countReport(JSON.parse(readFileSync(report, 'utf8')))
    : { passed: 0, failed: 0, skipped: 0 };
  // Errors outside of tests (a file that does not load, a rejection nobody handled, the time limit) fail the run, too.
  if (status !== 0 && counts.failed === 0) counts.failed = 1;
  if (counts.passed === 0 && counts.failed === 0) counts.failed = 1;
  for (const key of Object.keys(total)) total[key] += counts[key];
  rmSync(folder, { recursive: true, force: true });
}

function countReport(report) {
  const emptyFailures = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + emptyFailures.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function main() {
  if (!existsSync(join(root, 'node_modules'))) {
    process.stdout.write('The packages are not installed. Run: npm install\n0 passed, 1 failed\n');
    return 1;
  }
  const unmet = new Map(needs.map((need) => [need.name, ensure(need)]));
  check('format and lint', 'biome', [
    'ci',
    '--diagnostic-level=error',
    ...(process.stdout.isTTY ? [] : ['--colors=off']),
    '.',
  ]);
  check('types', 'tsc', ['--noEmit']);
  check('types of the console', 'tsc', ['-p', 'web']);
  check('dead code', 'knip', []);
  suite(`Node ${process.versions.node}`, process.execPath);
  if (unmet.get('Node 24') === 'present') suite('Node 24', node24, { FAULT_RUNS: '10', SOAK_RUNS: '1' });
  for (const need of needs) {
    const state = unmet.get(need.name);
    if (state === 'present') continue;
    say(`${need.name} is missing. ${need.hint}`);
    total[state === 'failed' ? 'failed' : 'skipped'] += 1;
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  process.stdout.write(`\n${total.passed} passed, ${total.failed} failed${skipped}\n`);
  return total.failed === 0 ? 0 : 1;
}

process.exitCode = main();
