import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadPages } from '../scripts/pages.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

test.each(Object.entries(await loadPages()))('%s is current (npm run docs writes it)', async (path, page) => {
  expect(readFileSync(join(root, path), 'utf8')).toBe(await page());
});

const written = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...['docs', 'sources', 'demo'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  ),
];

test.each(written)('the links of %s lead somewhere', (path) => {
  const text = readFileSync(join(root, path), 'utf8').replace(/```[\s\S]*?```|`[^`\n]*`/g, '');
  const targets = [...text.matchAll(/\]\(([^)#\s]+)(#[^)\s]*)?\)/g)].map((match) => match[1] ?? '');
  const inside = targets.filter((target) => !/^[a-z]+:/.test(target));
  expect(inside.filter((target) => !existsSync(join(root, dirname(path), target)))).toEqual([]);
});
