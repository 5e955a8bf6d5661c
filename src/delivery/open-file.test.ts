import { appendFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ByteSource, chunkBytesMax, openFile, PipeSource } from './open-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-open-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const content = Buffer.from(Array.from({ length: 300_000 }, (_, at) => `${at}\n`).join(''));

function written(name: string, bytes: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function all(source: ByteSource, position = 0): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of source.read(position)) {
    expect(chunk.length).toBeLessThanOrEqual(chunkBytesMax);
    parts.push(Buffer.from(chunk));
  }
  return Buffer.concat(parts);
}

async function* pipe(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test.each([
  ['plain', () => openFile(written('access', content))],
  ['gzip, whatever its name', () => openFile(written('access.20261124-084708', gzipSync(content)))],
  ['a pipe', () => Promise.resolve(new PipeSource(pipe(content, 50_000)))],
  ['a pipe of gzip', () => Promise.resolve(new PipeSource(pipe(gzipSync(content), 1000)))],
])('gives the same bytes: %s', async (_, open) => {
  const source = await open();
  expect(await source.peek(10)).toEqual(content.subarray(0, 10));
  expect((await source.peek(100_000)).length).toBe(100_000);
  expect((await all(source)).equals(content)).toBe(true);
  expect(source.consumedBytes).toBe(source.fileBytes ?? source.consumedBytes);
  await source.close();
});

test.each([
  ['plain', content],
  ['gzip', gzipSync(content)],
])('goes on in the middle, and gives ranges: %s', async (name, bytes) => {
  const source = await openFile(written(name, bytes));
  for (const position of [0, 1, 1_000_000, content.length - 1, content.length, content.length + 5]) {
    expect((await all(source, position)).equals(content.subarray(position))).toBe(true);
  }
  const ranges = [
    { from: 0, to: 3 },
    { from: 2, to: 2_000_000 },
    { from: content.length - 2, to: content.length + 2 },
    { from: content.length + 10, to: content.length + 20 },
  ];
  const found = await source.readRanges(ranges);
  expect(found.map((part, at) => part.equals(content.subarray(ranges[at]?.from, ranges[at]?.to)))).toEqual([
    true,
    true,
    true,
    true,
  ]);
  await source.close();
});

test('an empty file is empty', async () => {
  const source = await openFile(written('empty', Buffer.alloc(0)));
  expect(await source.peek(100)).toHaveLength(0);
  expect(await all(source)).toHaveLength(0);
  await source.close();
  const nothing = new PipeSource(pipe(Buffer.alloc(0), 1));
  expect(await nothing.peek(100)).toHaveLength(0);
  expect(await all(nothing)).toHaveLength(0);
});

test('a file that grows or shrinks while it is read ends where it ended', async () => {
  const path = written('growing', content);
  const source = await openFile(path);
  let length = 0;
  for await (const chunk of source.read(0)) {
    length += chunk.length;
    if (length === chunk.length) appendFileSync(path, 'more\n');
  }
  expect(length).toBe(content.length);
  truncateSync(path, 100);
  expect(await all(source)).toHaveLength(100);
  await source.close();
});

test('the first bytes of a truncated gzip can be looked at', async () => {
  const source = await openFile(written('cut.gz', gzipSync(content).subarray(0, 5000)));
  expect((await source.peek(2000)).equals(content.subarray(0, 2000))).toBe(true);
  await expect(all(source)).rejects.toMatchObject({ code: 'gzip-truncated', exit: 1 });
  await source.close();
});

test('says what is wrong with a path', async () => {
  await expect(openFile(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'file-missing' });
  await expect(openFile(join(folder, 'empty', 'below'))).rejects.toMatchObject({ code: 'file-missing' });
  mkdirSync(join(folder, 'sub'));
  await expect(openFile(join(folder, 'sub'))).rejects.toMatchObject({ code: 'file-unreadable' });
});
