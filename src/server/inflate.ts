import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { AppError } from '#error';
import type { ServerLimits } from './limits.ts';

const gunzipAsync = promisify(gunzip);

/**
 * Gives a body as it was before `content-encoding`. What it may grow to is bounded in bytes and as a ratio, and the
 * bound holds while inflating, so that a small body cannot fill the memory. Throws `body-too-large`, `body-damaged`,
 * `media-type-unknown`.
 */
export async function inflateBody(body: Buffer, encoding: string | undefined, limits: ServerLimits): Promise<Buffer> {
  const name = (encoding ?? 'identity').trim().toLowerCase();
  if (name === 'identity' || name === '') {
    if (body.length > limits.inflatedBytes) throw tooLarge(limits.inflatedBytes);
    return body;
  }
  if (name !== 'gzip' && name !== 'x-gzip') {
    throw new AppError('media-type-unknown', 'The encoding of the body is not known.', {
      place: { field: 'content-encoding', expected: 'gzip or none' },
    });
  }
  const bytesMax = Math.min(
    limits.inflatedBytes,
    Math.max(limits.inflationFreeBytes, body.length * limits.inflationRatio),
  );
  try {
    return await gunzipAsync(body, { maxOutputLength: bytesMax });
  } catch (thrown) {
    if (thrown instanceof RangeError) throw tooLarge(bytesMax);
    throw new AppError('body-damaged', 'The body cannot be inflated: it ends early or is not gzip.', { cause: thrown });
  }
}

function tooLarge(bytes: number): AppError {
  return new AppError('body-too-large', `The body is larger than the ${bytes} bytes it may have once inflated.`, {
    place: { expected: `at most ${bytes} bytes` },
  });
}
