import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isToken, readToken, tokenMatcher } from './token.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'meridian-token-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

test('the first start makes a token that only the owner can read, and shows it once', async () => {
  const first = await readToken(directory);
  expect(first.fresh).toBe(true);
  expect(isToken(first.text)).toBe(true);
  expect((await stat(join(directory, 'token'))).mode & 0o777).toBe(0o600);
  expect(await readToken(directory)).toEqual({ text: first.text, fresh: false });
});

test('of several starts at once one makes the token, and all agree', async () => {
  const tokens = await Promise.all(Array.from({ length: 8 }, () => readToken(directory)));
  expect(new Set(tokens.map(({ text }) => text)).size).toBe(1);
  expect(tokens.filter(({ fresh }) => fresh)).toHaveLength(1);
});

test('a copied token file gets its mode back', async () => {
  const { text } = await readToken(directory);
  await chmod(join(directory, 'token'), 0o644);
  expect((await readToken(directory)).text).toBe(text);
  expect((await stat(join(directory, 'token'))).mode & 0o777).toBe(0o600);
});

test.each([
  ['empty', ''],
  ['short', 'secret'],
  ['several lines', `${'a'.repeat(40)}\n${'b'.repeat(40)}`],
  ['blanks', `${'a b '.repeat(20)}`],
])('a damaged token file is not overwritten: %s', async (_, text) => {
  await writeFile(join(directory, 'token'), text);
  await expect(readToken(directory)).rejects.toMatchObject({ code: 'token-file-damaged' });
  expect(await readFile(join(directory, 'token'), 'utf8')).toBe(text);
});

test.each([
  ['itself', 'abcdefghijklmnopqrstuvwxyz', true],
  ['empty', '', false],
  ['a beginning', 'abcdefghijklmnopqrstuvwxy', false],
  ['longer', 'abcdefghijklmnopqrstuvwxyz0', false],
  ['other case', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', false],
  ['a megabyte', 'a'.repeat(1024 * 1024), false],
  ['not ASCII', 'äbcdefghijklmnopqrstuvwxyz', false],
])('a token matches only itself: %s', (_, offered, expected) => {
  expect(tokenMatcher('abcdefghijklmnopqrstuvwxyz')(offered)).toBe(expected);
});
