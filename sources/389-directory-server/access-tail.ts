import type { Rec } from '#event';
import type { Cursor } from './cursor.ts';
import { complete, type Decoded, dangling, loose, open } from './decoded.ts';

/** `{, <msg>}?` and the end. */
export function decodeMessage(cursor: Cursor, rec: Rec): Decoded {
  if (cursor.skip(', ')) {
    rec.text = cursor.rest().trimEnd();
    return complete;
  }
  while (cursor.skip(' '));
  return cursor.atEnd ? complete : dangling;
}

/** `{ authzid="<dn>"}?{, <msg>}?` and the end. */
export function decodeTail(cursor: Cursor, rec: Rec): Decoded {
  if (cursor.skip(' authzid="')) {
    const end = cursor.text.indexOf('"', cursor.at);
    if (end < 0) return open;
    const identity = cursor.upTo(end, 1);
    // Printed when no proxy control was sent: a defect of the server (§1.7).
    if (identity !== '(null)') rec.authzid = identity;
  }
  return decodeMessage(cursor, rec);
}

/**
 * The error forms print the DN as the client sent it, quotes and all: it ends at the last `" authzid="` or `", `, or at
 * the very end of the record. An odd number of quotes means that it is still open.
 */
export function decodeErrorForm(cursor: Cursor, rec: Rec, from: number): Decoded {
  const text = cursor.text;
  const proxied = text.lastIndexOf('" authzid="');
  const message = text.lastIndexOf('", ');
  const end =
    proxied >= from ? proxied : message >= from ? message : text.trimEnd().endsWith('"') ? text.lastIndexOf('"') : -1;
  if (end < from || quotesAreOdd(text, from, end)) return open;
  cursor.at = from;
  const dn = cursor.upTo(end, 1);
  const status = decodeTail(cursor, rec);
  if (status !== complete) return status === open ? open : dangling;
  rec.dn = dn;
  return dn.includes('"') ? loose : complete;
}

/**
 * Offset of the quote that ends the record and with it the raw value that began at `from`: the quotes between must be
 * pairs. -1 when the record does not end so.
 */
export function lastQuote(text: string, from: number): number {
  const last = text.trimEnd().length - 1;
  return last >= from && text.charCodeAt(last) === 34 && !quotesAreOdd(text, from, last) ? last : -1;
}

/** Whether the value between `from` and `end` holds an odd number of quotes. */
export function quotesAreOdd(text: string, from: number, end: number): boolean {
  let odd = false;
  for (let at = text.indexOf('"', from); at >= 0 && at < end; at = text.indexOf('"', at + 1)) odd = !odd;
  return odd;
}
