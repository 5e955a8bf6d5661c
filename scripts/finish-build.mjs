// Makes `dist/` a package of its own: what is not TypeScript is copied, and the map of rooms points at JavaScript.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

/** Files outside the sources that belong into the package. */
const besides = ['meridian', 'README.md', 'CHANGELOG.md', 'LICENSE', 'SECURITY.md', 'docs', 'demo'];

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const imports = Object.fromEntries(
  Object.entries(manifest.imports).map(([door, target]) => [door, target.replace(/\.ts$/, '.js')]),
);
const { name, version, description, license, type, engines, bin, dependencies, overrides } = manifest;
const { tsx: _, ...runtime } = dependencies;
writeFileSync(
  join(dist, 'package.json'),
  `${JSON.stringify({ name, version, description, license, type, engines, bin, imports, dependencies: runtime, overrides }, null, 2)}\n`,
);

for (const folder of ['src', 'sources']) {
  for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
    // Samples are for tests; everything else that is no code (tables, texts) is read at run time.
    if (/\.ts$/.test(file) || /(^|\/)(samples|cases|__snapshots__)(\/|$)/.test(file) || !/\.[a-z0-9]+$/.test(file))
      continue;
    const target = join(dist, folder, file);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(root, folder, file), target);
  }
}
for (const file of besides) cpSync(join(root, file), join(dist, file), { recursive: true });
