import type { CustomFetch } from 'openid-client';

/** Most of an answer of a provider that is read, in bytes. */
const answerBytesMax = 1024 * 1024;

/** Fetches like `fetch`, but follows nobody elsewhere, and reads no answer that does not end. */
export const boundedFetch: CustomFetch = async (url, options) => {
  const response = await fetch(url, { ...options, body: options.body ?? null, redirect: 'manual' });
  const { body } = response;
  if (body === null) return response;
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.byteLength;
    if (size > answerBytesMax) throw new Error('the answer is too large');
    parts.push(part);
  }
  return new Response(Buffer.concat(parts), { status: response.status, headers: response.headers });
};
