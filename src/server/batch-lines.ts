import { isUtf8 } from 'node:buffer';
import { decodeText } from '#event';

/** One line of a batch. */
export interface BatchLine {
  readonly text: string;
  /** Byte offset of its first byte in the batch. */
  readonly position: number;
  /** True when it was longer than a record may be; then `text` is its beginning. */
  readonly cut: boolean;
}

const newline = 0x0a;
const carriageReturn = 0x0d;

/** Gives the lines of a batch that are not blank. Bytes that are not UTF-8 stay recoverable; see `#event`. */
export function* batchLines(body: Buffer, recordBytesMax: number): Generator<BatchLine> {
  // Checked once for the whole batch: then each line is decoded in the fast way.
  const clean = isUtf8(body);
  let start = body.length >= 3 && body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
  while (start < body.length) {
    const found = body.indexOf(newline, start);
    const next = found === -1 ? body.length : found;
    const end = next > start && body[next - 1] === carriageReturn ? next - 1 : next;
    const cut = end - start > recordBytesMax;
    const last = cut ? start + recordBytesMax : end;
    // A cut may go through a character, so the fast way is not for it.
    const text = clean && !cut ? body.toString('utf8', start, last) : decodeText(body.subarray(start, last));
    if (!isBlank(text)) yield { text, position: start, cut };
    start = next + 1;
  }
}

function isBlank(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit !== 0x20 && unit !== 0x09) return false;
  }
  return true;
}
