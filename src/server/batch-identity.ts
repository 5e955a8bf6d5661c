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

/** What an agent says of a batch besides: what stretch of which file it covers. */
export interface BatchStretch {
  readonly log: string;
  /** Path of the file, as the agent sees it. */
  readonly place: string;
  /** Physical lines in the range. */
  readonly lines: number;
}

/**
 * Reads the headers `meridian-log`, `meridian-place` (percent-encoded) and `meridian-lines`; undefined when the batch says
 * no lines, so is no stretch of a file. Throws `request-invalid`.
 */
export function readBatchStretch(headers: IncomingHttpHeaders): BatchStretch | undefined {
  const { 'meridian-log': log = '', 'meridian-place': place = '', 'meridian-lines': lines } = headers;
  if (lines === undefined) return undefined;
  if (!numberForm.test(String(lines))) throw invalid('meridian-lines', 'the number of physical lines in the range');
  if (typeof log !== 'string' || !logForm.test(log)) throw invalid('meridian-log', 'a kind of log, such as access');
  return { log, place: readPlace(place), lines: Number(lines) };
}

const logForm = /^[a-z0-9-]{1,64}$/;
const placeLengthMax = 4_096;

function readPlace(encoded: string | readonly string[]): string {
  if (typeof encoded !== 'string' || !/^[\x21-\x7e]{1,16384}$/.test(encoded)) throw unfitPlace();
  try {
    const place = decodeURIComponent(encoded);
    if (place.length <= placeLengthMax) return place;
  } catch {
    // Told below.
  }
  throw unfitPlace();
}

function unfitPlace(): AppError {
  return invalid('meridian-place', `a path of up to ${placeLengthMax} characters, percent-encoded`);
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
