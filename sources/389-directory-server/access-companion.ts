import type { Rec } from '#event';
import type { Cursor } from './cursor.ts';
import { complete, type Decoded, dangling, open } from './decoded.ts';

/** `STAT read index: attribute=<a> key(<type>)=<key> --> count <n>{ (duration <d>)}?` or `… duration <d>` (§1.6). */
export function decodeStat(cursor: Cursor, rec: Rec): Decoded {
  rec.verb = 'STAT';
  const text = cursor.text;
  if (cursor.skip('duration ')) {
    rec.etime = cursor.seconds();
    return end(cursor);
  }
  if (!cursor.skip('attribute=')) return dangling;
  const key = text.indexOf(' key(', cursor.at);
  if (key < 0) return open;
  rec.statAttr = cursor.upTo(key, 5);
  const close = text.indexOf(')=', cursor.at);
  if (close < 0) return open;
  const type = cursor.upTo(close, 2);
  const count = text.lastIndexOf(' --> count ');
  if (count < cursor.at) return open;
  rec.statKey = `${type}=${cursor.upTo(count, 11)}`;
  rec.statCount = cursor.int();
  if (cursor.skip(' (duration ')) {
    rec.etime = cursor.seconds();
    cursor.skip(')');
  }
  return end(cursor);
}

/** `VLV <request> <targetPos>:<contentCount> (<result>)` or `VLV <request> None`; a request by value is raw text. */
export function decodeVlv(cursor: Cursor, rec: Rec): Decoded {
  rec.verb = 'VLV';
  const rest = cursor.rest().trimEnd();
  rec.sort = rest;
  return rest.endsWith(')') || rest.endsWith('None') ? complete : open;
}

/** `ABANDON targetop=<op or words> msgid=<n>{ nentries=<n> etime=<d>}?{ sid="<sid>"}?` (§1.7). */
export function decodeAbandon(cursor: Cursor, rec: Rec): Decoded {
  rec.verb = 'ABANDON';
  const at = cursor.text.indexOf(' msgid=', cursor.at);
  if (at < 0) {
    rec.targetop = cursor.word();
    return end(cursor);
  }
  rec.targetop = cursor.upTo(at, 7);
  rec.msgid = cursor.int();
  if (cursor.skip(' nentries=')) rec.nentries = cursor.int();
  if (cursor.skip(' etime=')) rec.etime = cursor.seconds();
  if (cursor.skip(' sid="')) {
    const close = cursor.text.indexOf('"', cursor.at);
    if (close < 0) return open;
    rec.sid = cursor.upTo(close, 1);
  }
  return end(cursor);
}

/** `EXT_INFO name="…" bind_dn="…" target_dn="…" msg="…" rc=<n>`: whose password an RFC 3062 request changed. */
export function decodeExtendedInfo(cursor: Cursor, rec: Rec): Decoded {
  rec.verb = 'EXT_INFO';
  const text = cursor.text;
  if (!cursor.skip('name="')) return dangling;
  const binder = text.indexOf('" bind_dn="', cursor.at);
  const target = text.indexOf('" target_dn="', Math.max(binder, 0));
  const message = text.indexOf('" msg="', Math.max(target, 0));
  const code = text.lastIndexOf('" rc=');
  if (binder < 0 || target < binder || message < target || code < message) return open;
  rec.name = cursor.upTo(binder, 11);
  rec.boundDn = cursor.upTo(target, 13);
  rec.target = cursor.upTo(message, 7);
  rec.dn = rec.target;
  rec.text = cursor.upTo(code, 5);
  rec.err = cursor.int();
  return end(cursor);
}

function end(cursor: Cursor): Decoded {
  while (cursor.skip(' '));
  return cursor.atEnd ? complete : dangling;
}
