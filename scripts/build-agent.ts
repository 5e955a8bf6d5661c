// Makes the agent one JavaScript file that needs Node and nothing else: `npm run build:agent [FILE]`.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';
import { agentSources } from '#cli';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = resolve(process.argv[2] ?? join(root, 'dist/agent/meridian-agent.mjs'));

/** Packages that must not get into the agent: it stores nothing, and serves nothing. */
const foreign = /^node_modules\/(chdb|@clickhouse|fastify|@fastify|kysely|libsql|pg|react|maxmind)\//;

/** Whether a module belongs into the agent; what is neither of the checkout nor a package is the bundler's own. */
function isOwn(id: string): boolean {
  const path = relative(root, id);
  if (path.startsWith('node_modules/')) return !foreign.test(path);
  return !existsSync(id) || agentSources.some((source) => path === source || path.startsWith(`${source}/`));
}

/**
 * Modules that look around them on disk, as they stand in one file: the sources that the folder `sources/` has at the
 * time of the build, and the version.
 */
const inOneFile: Readonly<Record<string, () => string>> = {
  'src/source/load-sources.ts': () => {
    const names = readdirSync(join(root, 'sources'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .sort();
    const imports = names.map(
      (name, at) =>
        `import { source as source${at} } from ${JSON.stringify(join(root, 'sources', name, 'source.ts'))};`,
    );
    const list = names.map((_, at) => `source${at}`).join(', ');
    return [
      ...imports,
      `export const loadSources = () => Promise.resolve([${list}]);`,
      'export const loadSourcesFrom = loadSources;',
      'export const findSource = async (id) => (await loadSources()).find((one) => one.id === id.toLowerCase());',
    ].join('\n');
  },
  'src/cli/version.ts': () => {
    const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    return `export const productVersion = () => ${JSON.stringify(version)};`;
  },
};

const standIn: Plugin = {
  name: 'in-one-file',
  load(id) {
    return inOneFile[relative(root, id)]?.();
  },
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) {
      const found = chunk.type === 'chunk' ? chunk.moduleIds.filter((id) => !isOwn(id)) : [];
      if (found.length > 0) this.error(`the agent would hold ${found.map((id) => relative(root, id)).join(', ')}`);
    }
  },
};

await build({
  root,
  configFile: false,
  logLevel: 'warn',
  plugins: [standIn],
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: join(root, 'src/cli/agent-main.ts'),
    outDir: dirname(file),
    emptyOutDir: false,
    target: 'node20',
    minify: true,
    rolldownOptions: { output: { entryFileNames: basename(file), codeSplitting: false } },
  },
});
process.stderr.write(`${file}: ${Math.round(statSync(file).size / 1024)} kB\n`);
