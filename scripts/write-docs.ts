import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadPages } from './pages.ts';

for (const [path, page] of Object.entries(await loadPages())) {
  const file = new URL(`../${path}`, import.meta.url);
  mkdirSync(fileURLToPath(new URL('.', file)), { recursive: true });
  writeFileSync(fileURLToPath(file), await page());
  process.stdout.write(`${path}\n`);
}
