import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root: string = fileURLToPath(new URL('../../', import.meta.url));
const buildMsMax = 120_000;
/** Builds of other versions that nobody has used for this long are removed. */
const unusedMsMax: number = 7 * 86_400_000;

/** Something that is made from the sources of a checkout. */
export interface SourceBuild {
  /** What it is, as people call it; also the name of its cache. */
  readonly name: 'console' | 'agent';
  /** Everything it is made from: files and folders of the checkout. */
  readonly ingredients: readonly string[];
  /** File that stands in the folder of a build when it is whole. */
  readonly result: string;
  /** Words after `node` that build it into a folder. */
  readonly words: (folder: string) => readonly string[];
  /** Without this file of the checkout it cannot be built. */
  readonly builder: string;
}

/**
 * Gives the folder of what was built from the sources as they are now, which takes a few seconds when they have changed.
 * Each build has a folder named by what it was made from: it is there whole, or not at all. Undefined when it cannot be
 * had; `say` is then told why.
 */
export async function findBuild(of: SourceBuild, say: (line: string) => void): Promise<string | undefined> {
  const builds = join(root, 'node_modules', '.cache', `meridian-${of.name}`);
  const folder = join(builds, fingerprint(of.ingredients));
  if (!existsSync(join(folder, of.result))) {
    if (!existsSync(join(root, of.builder))) {
      say(`The ${of.name} is not built, and what builds it is not installed; the API works. Run "npm install" for it.`);
      return undefined;
    }
    say(`Building the ${of.name}: its sources have changed. This takes a few seconds.`);
    mkdirSync(builds, { recursive: true });
    const problem = await build(of, folder);
    if (problem !== undefined) {
      say(`The ${of.name} could not be built; the API works.\n${problem}`);
      return undefined;
    }
    removeUnused(builds, folder);
  }
  const now = new Date();
  utimesSync(folder, now, now);
  return folder;
}

/** A name for the sources as they are: any change gives another. */
function fingerprint(ingredients: readonly string[]): string {
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
async function build(of: SourceBuild, folder: string): Promise<string | undefined> {
  const draft = `${folder}.${process.pid}`;
  const problem = await runBuilder(of.words(draft));
  if (problem === undefined) {
    try {
      renameSync(draft, folder);
    } catch {
      // Another process was quicker; its build is the same.
      if (!existsSync(join(folder, of.result))) return `The build could not be moved to ${folder}.`;
    }
  }
  rmSync(draft, { recursive: true, force: true });
  return problem;
}

function runBuilder(words: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
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

function removeUnused(builds: string, current: string): void {
  for (const name of readdirSync(builds)) {
    const folder = join(builds, name);
    if (folder === current) continue;
    if (Date.now() - statSync(folder).mtimeMs > unusedMsMax) rmSync(folder, { recursive: true, force: true });
  }
}
