import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { inflateBody } from './inflate.ts';
import { defaultLimits } from './limits.ts';

const text = Buffer.from('{"conn":1}\n'.repeat(1_000));

test.each([
  ['no encoding', undefined, text],
  ['identity', 'identity', text],
  ['gzip', 'gzip', gzipSync(text)],
  ['upper case', 'GZIP', gzipSync(text)],
  ['several members', 'gzip', Buffer.concat([gzipSync(text.subarray(0, 100)), gzipSync(text.subarray(100))])],
])('a body comes out as it went in: %s', async (_, encoding, body) => {
  expect((await inflateBody(body, encoding, defaultLimits)).equals(text)).toBe(true);
});

test.each([
  ['a bomb by bytes', gzipSync(Buffer.alloc(64 * 1024 * 1024)), { inflationRatio: 1_000_000 }, 'body-too-large'],
  ['a bomb by ratio', gzipSync(Buffer.alloc(16 * 1024 * 1024)), {}, 'body-too-large'],
  ['cut', gzipSync(text).subarray(0, 40), {}, 'body-damaged'],
  ['not gzip', text, {}, 'body-damaged'],
  ['empty', Buffer.alloc(0), {}, 'body-damaged'],
])('a hostile body is refused: %s', async (_, body, limits, code) => {
  const before = process.memoryUsage().arrayBuffers;
  await expect(inflateBody(body, 'gzip', { ...defaultLimits, ...limits })).rejects.toMatchObject({ code });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(80 * 1024 * 1024);
});

test('an unknown encoding, and two in a row, are refused', async () => {
  await expect(inflateBody(text, 'br', defaultLimits)).rejects.toMatchObject({ code: 'media-type-unknown' });
  await expect(inflateBody(text, 'gzip, gzip', defaultLimits)).rejects.toMatchObject({ code: 'media-type-unknown' });
});
