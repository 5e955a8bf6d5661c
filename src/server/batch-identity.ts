import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '#error';

/** What a batch says of itself: which part of which stream it is. Records without an identity of their own get theirs from it. */
export interface BatchIdentity {
  readonly stream: string;
  readonly generation: number;
  /** Byte offset in the stream of the batch's first byte. */
  readonly from: number;
  /** Byte offset behind its last byte, when the sender told. */
  readonly to: number | undefined;
}

/** A stream's name: printable, without blanks, short. */
const streamForm = /^[\x21-\x7e]{1,200}$/;
const numberForm = /^\d{1,15}$/;
const rangeForm = /^(\d{1,15})-(\d{1,15})$/;

/**
 * Reads the headers `meridian-stream`, `meridian-generation` and `meridian-range` (`FROM-TO`, byte offsets, TO behind
 * the last). A batch without a stream is named after its content: the very same bytes again are the same batch.
 * Throws `request-invalid`.
 */
export function readBatchIdentity(headers: IncomingHttpHeaders, body: Buffer): BatchIdentity {
  const stream = headers['meridian-stream'];
  const generation = headers['meridian-generation'];
  const range = headers['meridian-range'];
  if (stream === undefined) {
    if (generation !== undefined || range !== undefined)
      throw invalid('meridian-stream', 'the stream that generation and range belong to');
    return { stream: contentName(body), generation: 0, from: 0, to: undefined };
  }
  if (typeof stream !== 'string' || !streamForm.test(stream))
    throw invalid('meridian-stream', 'up to 200 printable ASCII characters without blanks');
  if (generation !== undefined && !(numberForm.test(String(generation)) && Number(generation) <= generationMax)) {
    throw invalid('meridian-generation', 'a whole number from 0 on');
  }
  return { stream, generation: Number(generation ?? 0), ...readRange(range) };
}

const generationMax = 0x7fff_ffff;

function readRange(range: string | readonly string[] | undefined): {
  readonly from: number;
  readonly to: number | undefined;
} {
  if (range === undefined) return { from: 0, to: undefined };
  const [, from = '', to = ''] = rangeForm.exec(String(range)) ?? [];
  if (from === '' || Number(to) < Number(from))
    throw invalid('meridian-range', 'two byte offsets, FROM-TO, the lower one first');
  return { from: Number(from), to: Number(to) };
}

function contentName(body: Buffer): string {
  return `records-${createHash('sha256').update(body).digest('hex').slice(0, 32)}`;
}

function invalid(field: string, expected: string): AppError {
  return new AppError('request-invalid', `The header "${field}" is not what it should be.`, {
    place: { field, expected },
  });
}
