import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBuild, type SourceBuild } from './source-build.ts';

const root: string = fileURLToPath(new URL('../../', import.meta.url));
/** In the built package the console lies ready here. */
const shipped: string = join(root, 'web', 'build');
const bundler = 'node_modules/vite/bin/vite.js';

const consoleBuild: SourceBuild = {
  name: 'console',
  ingredients: ['web', 'src/error.ts', 'src/event', 'src/query', 'package.json', 'package-lock.json'],
  result: 'index.html',
  builder: bundler,
  words: (folder) => [bundler, 'build', 'web', '--outDir', folder, '--emptyOutDir', '--logLevel', 'warn'],
};

/**
 * Gives the folder of the built console: the one that came with the package, or, in a checkout, one built from the
 * sources. Undefined when it cannot be had; `say` is then told why.
 */
export async function findConsole(say: (line: string) => void): Promise<string | undefined> {
  if (existsSync(join(shipped, 'index.html'))) return shipped;
  return existsSync(join(root, 'web', 'src')) ? findBuild(consoleBuild, say) : undefined;
}
