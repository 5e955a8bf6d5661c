import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test, vi } from 'vitest';
import { findConsole } from '#cli';

vi.setConfig({ hookTimeout: 240_000 });

/** What Hunt may weigh, usable with editor and histogram, compressed. */
const huntBytesMax = 350_000;
/** What any other page may add to what Hunt has. */
const pageBytesMax = 40_000;

/** What any page may weigh for somebody who comes there first: with all that the console begins with. */
const firstVisitBytesMax = 256_000;

const hunt = 'src/pages/hunt/hunt-page.tsx';

interface Chunk {
  readonly file: string;
  readonly src?: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

let folder = '';
let manifest: Readonly<Record<string, Chunk>> = {};
beforeAll(async () => {
  const said: string[] = [];
  const found = await findConsole((line) => said.push(line));
  if (found === undefined) throw new Error(said.join('\n'));
  folder = found;
  manifest = JSON.parse(readFileSync(join(folder, '.vite', 'manifest.json'), 'utf8'));
});

/** The files a browser fetches for some chunks: what they import, and their styles. */
function filesOf(...keys: readonly string[]): Set<string> {
  const files = new Set<string>();
  const open = [...keys];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    const chunk = manifest[key];
    if (chunk === undefined) throw new Error(`the build has no ${key}`);
    if (files.has(chunk.file)) continue;
    files.add(chunk.file);
    for (const file of chunk.css ?? []) files.add(file);
    open.push(...(chunk.imports ?? []));
  }
  return files;
}

function weightOf(files: Iterable<string>): number {
  return [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file)), { level: 9 }).length, 0);
}

test('Hunt, with editor and histogram, is light', () => {
  const weight = weightOf(filesOf('index.html', hunt));
  expect(weight).toBeGreaterThan(100_000);
  expect(weight).toBeLessThanOrEqual(huntBytesMax);
});

/** Every page but Hunt. */
function otherPages(): readonly string[] {
  const pages = Object.keys(manifest).filter(
    (key) => /^src\/pages\/.*-page\.tsx$/.test(key) && !key.includes('/hunt/'),
  );
  expect(pages.length).toBeGreaterThan(10);
  return pages;
}

test('every other page is fetched when somebody goes there, and is small', () => {
  const every = filesOf('index.html', hunt);
  for (const page of otherPages()) {
    const own = [...filesOf(page)].filter((file) => !every.has(file));
    expect([page, weightOf(own) <= pageBytesMax]).toEqual([page, true]);
  }
});

test('whoever comes to another page first does not wait for Hunt', () => {
  const heavy = otherPages().flatMap((page) => {
    const weight = weightOf(filesOf('index.html', page));
    return weight > firstVisitBytesMax ? [`${page}: ${weight}`] : [];
  });
  expect(heavy).toEqual([]);
});

test('every colour of the component library that a sheet names is there', () => {
  const sheets = [...new Set(Object.values(manifest).flatMap(({ css }) => css ?? []))];
  const text = sheets.map((file) => readFileSync(join(folder, file), 'utf8')).join('');
  const named = new Set([...text.matchAll(/var\((--mantine-color-[\w-]+)\)/g)].map(([, name]) => name ?? ''));
  expect(named.size).toBeGreaterThan(20);
  expect([...named].filter((name) => !text.includes(`${name}:`))).toEqual([]);
});

test('nothing of it makes code from text, or names another host', () => {
  for (const { file } of Object.values(manifest)) {
    const text = readFileSync(join(folder, file), 'utf8');
    expect([file, /\bnew Function\b|[^.\w]eval\(/.test(text)]).toEqual([file, false]);
  }
  expect(readFileSync(join(folder, 'index.html'), 'utf8')).not.toMatch(/https?:|<style|<script>/);
});
