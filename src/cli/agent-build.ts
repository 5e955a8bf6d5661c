import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBuild, type SourceBuild } from './source-build.ts';

const root: string = fileURLToPath(new URL('../../', import.meta.url));
const fileName = 'meridian-agent.mjs';
const script = 'scripts/build-agent.ts';
/** In the built package the agent lies ready here. */
const shipped: string = join(root, 'agent', fileName);

/** All of the checkout that gets into the agent; its build fails when something else does. */
export const agentSources: readonly string[] = [
  ...['src/agent', 'src/cli', 'src/delivery', 'src/event', 'src/source', 'sources'],
  ...['src/error.ts', 'src/folder-lock.ts', 'src/log.ts', 'src/settings-file.ts', 'src/yaml.ts'],
];

const agentBuild: SourceBuild = {
  name: 'agent',
  ingredients: [...agentSources, script, 'package.json', 'package-lock.json'],
  result: fileName,
  builder: 'node_modules/vite/bin/vite.js',
  words: (folder) => ['--import', 'tsx', script, join(folder, fileName)],
};

/**
 * Gives the agent as one file, to be handed out to hosts: the one that came with the package, or, in a checkout, one
 * built from the sources. Undefined when it cannot be had; `say` is then told why.
 */
export async function findAgent(say: (line: string) => void): Promise<string | undefined> {
  if (existsSync(shipped)) return shipped;
  if (!existsSync(join(root, script))) return undefined;
  const folder = await findBuild(agentBuild, say);
  return folder === undefined ? undefined : join(folder, fileName);
}
