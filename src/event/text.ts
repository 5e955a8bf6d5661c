/**
 * Log bytes as text, and back, without loss.
 *
 * A log line is UTF-8 most of the time, but clients can put any bytes into it. Valid UTF-8 becomes ordinary text; each
 * byte that is not part of valid UTF-8 becomes a lone surrogate U+DC80..U+DCFF (0xDC00 + byte). Such text survives
 * JSON (`JSON.stringify` writes lone surrogates as escapes) and turns back into the very same bytes.
 */
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Decodes bytes; invalid ones stay recoverable. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return decodeInvalid(bytes);
  }
}

/** Decodes a string of one character a byte (latin1), as {@link decodeText} does. */
export function decodeBinary(binary: string): string {
  for (let at = 0; at < binary.length; at++) {
    if (binary.charCodeAt(at) > 0x7f) return decodeText(Buffer.from(binary, 'latin1'));
  }
  return binary;
}

/** Encodes text to the bytes it came from. */
export function encodeText(text: string): Buffer {
  if (!hasEscapedBytes(text)) return Buffer.from(text, 'utf8');
  const parts: Buffer[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0xd800 && unit <= 0xdbff && isLow(text.charCodeAt(at + 1))) {
      at++;
    } else if (unit >= 0xdc80 && unit <= 0xdcff) {
      if (at > start) parts.push(Buffer.from(text.slice(start, at), 'utf8'));
      parts.push(Buffer.of(unit - 0xdc00));
      start = at + 1;
    }
  }
  parts.push(Buffer.from(text.slice(start), 'utf8'));
  return Buffer.concat(parts);
}

/** True when the text holds a byte that was not UTF-8. */
export function hasEscapedBytes(text: string): boolean {
  // In unicode mode a surrogate in a class matches only when it stands alone.
  return /[\udc80-\udcff]/u.test(text);
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** Length of the valid UTF-8 sequence at `at`, or 0 (RFC 3629 §4). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length =
    first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
  if (length === 0) return 0;
  const second = bytes[at + 1] ?? 0;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let more = 2; more < length; more++) {
    const next = bytes[at + more] ?? 0;
    if (next < 0x80 || next > 0xbf) return 0;
  }
  return length;
}

function decodeInvalid(bytes: Uint8Array): string {
  let text = '';
  let start = 0;
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    if (at > start) text += strict.decode(bytes.subarray(start, at));
    text += String.fromCharCode(0xdc00 + (bytes[at] ?? 0));
    at += 1;
    start = at;
  }
  return start < bytes.length ? text + strict.decode(bytes.subarray(start)) : text;
}
