import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inflate } from './inflate.ts';

async function* cuts(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** What comes out, and the code of the error at the end, if there is one. */
async function run(bytes: Buffer, size: number): Promise<{ text: string; code: string | undefined }> {
  const parts: Buffer[] = [];
  try {
    for await (const part of inflate(() => cuts(bytes, size), 'access.gz')) parts.push(part);
  } catch (error) {
    return { text: Buffer.concat(parts).toString('latin1'), code: (error as { code: string }).code };
  }
  return { text: Buffer.concat(parts).toString('latin1'), code: undefined };
}

const lines = Array.from({ length: 20_000 }, (_, at) => `line ${at} ${(at * 7919) % 10007}\n`).join('');

test('gives what was compressed, whatever the cuts, of one member and of several', async () => {
  const two = Buffer.concat([gzipSync('first\n'), gzipSync('second\n')]);
  for (let size = 1; size <= two.length; size++) {
    expect(await run(two, size)).toEqual({ text: 'first\nsecond\n', code: undefined });
  }
  expect(await run(gzipSync(lines), 65_536)).toEqual({ text: lines, code: undefined });
});

test('of a truncated file everything readable comes before the error', async () => {
  const whole = gzipSync(lines);
  const { text, code } = await run(whole.subarray(0, whole.length - 9), 4096);
  expect(code).toBe('gzip-truncated');
  expect(text).toBe(lines);
  const half = await run(whole.subarray(0, whole.length / 2), 4096);
  expect(half.code).toBe('gzip-truncated');
  expect(half.text.length).toBeGreaterThan(lines.length / 3);
  expect(lines.startsWith(half.text)).toBe(true);
  expect(await run(whole.subarray(0, 2), 4096)).toEqual({ text: '', code: 'gzip-truncated' });
});

test('damage is told, after what stands before it', async () => {
  const damaged = gzipSync(lines);
  damaged.fill(0xff, damaged.length - 5000, damaged.length - 4000);
  const { text, code } = await run(damaged, 65_536);
  expect(code).toBe('gzip-damaged');
  expect(text.length).toBeGreaterThan(1000);
  const wrongSum = gzipSync('abc');
  wrongSum[wrongSum.length - 8] = (wrongSum.at(-8) ?? 0) ^ 1;
  expect((await run(wrongSum, 100)).code).toBe('gzip-damaged');
});

test('what stands behind the data is not passed over silently', async () => {
  const trailing = Buffer.concat([gzipSync('abc\n'), Buffer.from('[24/Nov/2026 plain text]\n')]);
  for (const size of [1, 7, 1000]) expect(await run(trailing, size)).toEqual({ text: 'abc\n', code: 'gzip-damaged' });
});

test('fuzz: any bytes behind a gzip header end in text or a code, never in a hang', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 64 }), async (bytes, size) => {
      const { code } = await run(
        Buffer.concat([Buffer.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0), Buffer.from(bytes)]),
        size,
      );
      expect(code === undefined || code.startsWith('gzip-')).toBe(true);
    }),
    { numRuns: Number(process.env['FUZZ_RUNS'] ?? 100) },
  );
});
