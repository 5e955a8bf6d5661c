import { createHash } from 'node:crypto';
import { encodeText } from '#event';

/** What a stream's identity is made of. */
export interface FirstRecord {
  readonly source: string;
  /** Kind of log. */
  readonly log: string;
  /** Server the log's title names. */
  readonly host?: string | undefined;
  readonly instance?: string | undefined;
  /** The first whole record, as it stands in the log. */
  readonly raw: string;
}

/**
 * Names the stream a file belongs to, after its first record and its title: a log keeps its name while it grows, when
 * it is renamed by rotation and when it is compressed, and another log gets another one. Design §5.
 *
 * Gives 26 characters of a-z and 2-7 (130 bits).
 */
export function streamOf(first: FirstRecord): string {
  const hash = createHash('sha256');
  for (const part of [first.source, first.log, first.host ?? '', first.instance ?? '']) hash.update(part).update('\0');
  return base32(hash.update(encodeText(first.raw)).digest()).slice(0, 26);
}

/** RFC 4648 §6, in lower case and without padding. */
function base32(bytes: Buffer): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += alphabet[(held >> (bits - 5)) & 31];
    held &= (1 << bits) - 1;
  }
  return text;
}
