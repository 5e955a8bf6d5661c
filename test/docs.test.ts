import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadPages } from '../scripts/pages.ts';

test.each(Object.entries(await loadPages()))('%s is current (npm run docs writes it)', async (path, page) => {
  expect(readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8')).toBe(await page());
});
