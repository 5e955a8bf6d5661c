import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root: string = fileURLToPath(new URL('../../', import.meta.url));
/** In the built package the console lies ready here. */
const shipped: string = join(root, 'web', 'build');
/** In a checkout each build has a folder named by what it was made from: it is there whole, or not at all. */
const builds: string = join(root, 'node_modules', '.cache', 'meridian-console');
const bundler: string = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
/** Everything a build is made from. */
const ingredients = ['web', 'src/error.ts', 'src/event', 'src/query', 'package.json', 'package-lock.json'];
const buildMsMax = 120_000;
/** Builds of other versions that nobody has used for this long are removed. */
const unusedMsMax: number = 7 * 86_400_000;

/**
 * Gives the folder of the built console: the one that came with the package, or, in a checkout, one built from the
 * sources as they are now, which takes a few seconds when they have changed. Undefined when it cannot be had; `say`
 * is then told why.
 */
export async function findConsole(say: (line: string) => void): Promise<string | undefined> {
  if (existsSync(join(shipped, 'index.html'))) return shipped;
  if (!existsSync(join(root, 'web', 'src'))) return undefined;
  const folder = join(builds, fingerprint());
  if (!existsSync(join(folder, 'index.html'))) {
    if (!existsSync(bundler)) {
      say('The console is not built, and what builds it is not installed; the API works. Run "npm install" for it.');
      return undefined;
    }
    say('Building the console: its sources have changed. This takes a few seconds.');
    const problem = await build(folder);
    if (problem !== undefined) {
      say(`The console could not be built; the API works.\n${problem}`);
      return undefined;
    }
    removeUnused(folder);
  }
  const now = new Date();
  utimesSync(folder, now, now);
  return folder;
}

/** A name for the sources as they are: any change gives another. */
function fingerprint(): string {
  const hash = createHash('sha256');
  for (const path of ingredients) {
    const full = join(root, path);
    const files = statSync(full).isDirectory()
      ? readdirSync(full, { recursive: true, encoding: 'utf8' })
          .filter((file) => !/\.test\.tsx?$/.test(file) && statSync(join(full, file)).isFile())
          .sort()
          .map((file) => join(full, file))
      : [full];
    for (const file of files) hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex').slice(0, 32);
}

/** Builds beside the folder and moves the result there; gives what went wrong. */
async function build(folder: string): Promise<string | undefined> {
  mkdirSync(builds, { recursive: true });
  const draft = `${folder}.${process.pid}`;
  const problem = await runBundler(draft);
  if (problem === undefined) {
    try {
      renameSync(draft, folder);
    } catch {
      // Another process was quicker; its build is the same.
      if (!existsSync(join(folder, 'index.html'))) return `The build could not be moved to ${folder}.`;
    }
  }
  rmSync(draft, { recursive: true, force: true });
  return problem;
}

function runBundler(folder: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const words = [bundler, 'build', 'web', '--outDir', folder, '--emptyOutDir', '--logLevel', 'warn'];
    const child = spawn(process.execPath, words, {
      cwd: root,
      // Whatever this process is run for, the build is for use: libraries look at this, and weigh twice as much otherwise.
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: buildMsMax,
    });
    const said: string[] = [];
    child.stdout.on('data', (part: Buffer) => said.push(part.toString()));
    child.stderr.on('data', (part: Buffer) => said.push(part.toString()));
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => resolve(code === 0 ? undefined : said.join('').trim() || `It ended with ${code}.`));
  });
}

function removeUnused(current: string): void {
  for (const name of readdirSync(builds)) {
    const folder = join(builds, name);
    if (folder === current) continue;
    if (Date.now() - statSync(folder).mtimeMs > unusedMsMax) rmSync(folder, { recursive: true, force: true });
  }
}
