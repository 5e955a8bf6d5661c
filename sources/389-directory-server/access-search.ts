import { createMemo, type Rec } from '#event';
import { decodeErrorForm, decodeTail, lastQuote } from './access-tail.ts';
import type { Cursor } from './cursor.ts';
import { complete, type Decoded, dangling, loose, open } from './decoded.ts';

/** Printed form of a search scope; other numbers occur in refused searches (§7.5). */
export const searchScopes: readonly string[] = ['base', 'one', 'subtree'];

/**
 * `SRCH base="<base>" scope=<n> filter="<filter>" attrs=<attrs>{ options=persistent}?{ authzid="<dn>"}?`, or one of the
 * error forms (§1.6). Quotes inside a filter are not escaped by the server, so the filter ends at the last `" attrs=`.
 */
export function decodeSearch(cursor: Cursor, rec: Rec): Decoded {
  rec.verb = 'SRCH';
  const text = cursor.text;
  while (cursor.skip(' '));
  if (cursor.skip('dn="')) return decodeErrorForm(cursor, rec, cursor.at);
  if (!cursor.skip('base="')) return dangling;
  const scope = text.indexOf('" scope=', cursor.at);
  if (scope < 0) return open;
  rec.base = cursor.upTo(scope, 8);
  const number = cursor.int();
  rec.scope = number === undefined ? undefined : (searchScopes[number] ?? String(number));
  if (!cursor.skip(' filter="')) return dangling;
  const from = cursor.at;
  const attributes = text.lastIndexOf('" attrs=');
  if (attributes < from) return decodeWithoutAttributes(cursor, rec, from);
  rec.filter = cursor.upTo(attributes, 8);
  if (cursor.skip('ALL')) rec.attrs = ['ALL'];
  else if (!cursor.skip('"')) return dangling;
  else if (!decodeAttributes(cursor, rec)) return open;
  if (cursor.atEnd) return complete;
  if (cursor.skip(' options=persistent')) rec.persistent = true;
  if (decodeTail(cursor, rec) === complete) return complete;
  const last = lastQuote(text, attributes + 9);
  if (last < 0) return dangling;
  rec.attrs = text.slice(attributes + 9, last).split(' ');
  rec.persistent = undefined;
  return loose;
}

/** The list of attributes is the client's own text; it ends at the first quote that a tail of the record follows. */
function decodeAttributes(cursor: Cursor, rec: Rec): boolean {
  const end = cursor.text.indexOf('"', cursor.at);
  if (end < 0) return false;
  rec.attrs = attributesOf(cursor.upTo(end, 1));
  return true;
}

/** Clients ask for the same few lists again and again. */
const attributesOf: (list: string) => readonly string[] = createMemo(
  (list: string): readonly string[] => list.split(' ').filter((name) => name !== ''),
  { entriesMax: 4_096, keyLengthMax: 1_024 },
);

/** Releases up to 8.1 print no attributes; refused searches print a message instead. */
function decodeWithoutAttributes(cursor: Cursor, rec: Rec, from: number): Decoded {
  const text = cursor.text;
  const message = text.lastIndexOf('", ');
  if (message >= from) {
    rec.filter = cursor.upTo(message, 3);
    rec.text = cursor.rest().trimEnd();
    return complete;
  }
  const trimmed = text.trimEnd();
  if (trimmed.length - 1 < from || !trimmed.endsWith('"')) return open;
  rec.filter = text.slice(from, trimmed.length - 1);
  cursor.rest();
  return rec.filter.includes('"') ? loose : complete;
}
