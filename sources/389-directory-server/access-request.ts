import type { Rec } from '#event';
import { decodeAbandon, decodeExtendedInfo, decodeStat, decodeVlv } from './access-companion.ts';
import { decodeSearch } from './access-search.ts';
import { decodeErrorForm, decodeMessage, decodeTail, lastQuote, quotesAreOdd } from './access-tail.ts';
import type { Cursor } from './cursor.ts';
import { complete, type Decoded, dangling, loose, open, unknown } from './decoded.ts';

/**
 * Decodes requests and their companions (§1.5 to §1.8). The cursor stands on the verb.
 *
 * A quoted value ends at `" <next field>` or at the end of the record, never simply at the next quote: clients put
 * quotes into values.
 */
export function decodeRequest(cursor: Cursor, rec: Rec): Decoded {
  switch (cursor.code) {
    case 83: // S
      if (cursor.skip('SRCH')) return decodeSearch(cursor, rec);
      if (cursor.skip('SORT ')) return verbWithRest(cursor, rec, 'SORT', 'sort');
      if (cursor.skip('STAT read index: ')) return decodeStat(cursor, rec);
      break;
    case 66: // B
      if (cursor.skip('BIND dn="')) return decodeBind(cursor, rec);
      break;
    case 85: // U
      if (cursor.skip('UNBIND')) return verbWithRest(cursor, rec, 'UNBIND', 'text');
      if (cursor.skip('UNPROCESSED OPERATION - ')) return verbWithRest(cursor, rec, 'UNPROCESSED', 'text');
      break;
    case 69: // E
      if (cursor.skip('EXT oid="')) return decodeExtended(cursor, rec);
      if (cursor.skip('EXT dn="')) return decodeEntryRequest(cursor, rec, 'EXT');
      if (cursor.skip('ENTRY dn="')) return decodeEntryRequest(cursor, rec, 'ENTRY');
      if (cursor.skip('EXT_INFO ')) return decodeExtendedInfo(cursor, rec);
      break;
    case 77: // M
      if (cursor.skip('MOD dn="')) return decodeEntryRequest(cursor, rec, 'MOD');
      if (cursor.skip('MODRDN dn="')) return decodeRename(cursor, rec);
      break;
    case 65: // A
      if (cursor.skip('ADD dn="')) return decodeEntryRequest(cursor, rec, 'ADD');
      if (cursor.skip('ABANDON targetop=')) return decodeAbandon(cursor, rec);
      break;
    case 68: // D
      if (cursor.skip('DEL dn="')) return decodeEntryRequest(cursor, rec, 'DEL');
      break;
    case 67: // C
      if (cursor.skip('CMP dn="')) return decodeCompare(cursor, rec);
      break;
    case 86: // V
      if (cursor.skip('VLV ')) return decodeVlv(cursor, rec);
      break;
    case 82: // R
      if (cursor.skip('REFERRAL')) return verbWithRest(cursor, rec, 'REFERRAL', 'text');
      break;
  }
  return decodeUnknown(cursor, rec);
}

/** A verb no release is known to write: kept under its own name when it looks like one (checklist item 8). */
function decodeUnknown(cursor: Cursor, rec: Rec): Decoded {
  const from = cursor.at;
  const word = cursor.word();
  let upper = word.length >= 2 && word.length <= 32;
  for (let at = 0; upper && at < word.length; at++) {
    const code = word.charCodeAt(at);
    upper = (code >= 65 && code <= 90) || code === 95;
  }
  if (!upper) cursor.at = from;
  else rec.verb = word;
  cursor.skip(' ');
  rec.text = cursor.rest();
  return unknown;
}

function verbWithRest(cursor: Cursor, rec: Rec, verb: string, key: 'sort' | 'text'): Decoded {
  rec.verb = verb;
  let rest = cursor.rest().trimEnd();
  if (rest.startsWith(', ')) rest = rest.slice(2);
  if (rest !== '') rec[key] = rest;
  return complete;
}

/** `BIND dn="<dn>" method=<m> version=<v>{ mech=<mech>}?{, <msg>}?` (§1.5). */
function decodeBind(cursor: Cursor, rec: Rec): Decoded {
  rec.verb = 'BIND';
  const text = cursor.text;
  const from = cursor.at;
  const first = text.indexOf('" method=', from);
  if (first >= 0) {
    const decoded = decodeBindTail(cursor, rec, from, first);
    if (decoded === complete) return complete;
    const last = text.lastIndexOf('" method=');
    if (last > first && !quotesAreOdd(text, from, last) && decodeBindTail(cursor, rec, from, last) === complete)
      return loose;
  }
  const decoded = decodeErrorForm(cursor, rec, from);
  return first >= 0 && decoded === open ? dangling : decoded;
}

function decodeBindTail(cursor: Cursor, rec: Rec, from: number, end: number): Decoded {
  cursor.at = from;
  rec.dn = cursor.upTo(end, 9);
  rec.method = cursor.word();
  if (!cursor.skip(' version=')) return dangling;
  rec.version = cursor.int();
  if (cursor.atEnd) return complete;
  if (cursor.skip(' mech=')) {
    // The mechanism is the client's own text and stands unquoted.
    const comma = cursor.text.indexOf(', ', cursor.at);
    if (comma < 0) {
      rec.mech = cursor.rest().trimEnd();
      return complete;
    }
    rec.mech = cursor.upTo(comma, 0);
  }
  return decodeMessage(cursor, rec);
}

/** `<VERB> dn="<dn>"{ authzid="<dn>"}?{, <msg>}?` (§1.7). */
function decodeEntryRequest(cursor: Cursor, rec: Rec, verb: string): Decoded {
  rec.verb = verb;
  const from = cursor.at;
  const end = cursor.text.indexOf('"', from);
  if (end < 0) return open;
  rec.dn = cursor.upTo(end, 1);
  if (cursor.atEnd) return complete;
  const status = decodeTail(cursor, rec);
  return status === complete ? complete : decodeErrorForm(cursor, rec, from);
}

/** `MODRDN dn="<dn>" newrdn="<rdn>" newsuperior="<dn or (null)>"{ authzid="<dn>"}?`; others swap the last two (§12). */
function decodeRename(cursor: Cursor, rec: Rec): Decoded {
  rec.verb = 'MODRDN';
  const text = cursor.text;
  const from = cursor.at;
  const rdn = text.indexOf('" newrdn="', from);
  const superior = text.indexOf('" newsuperior="', from);
  const swapped = superior < 0 ? text.indexOf('" newSuperior="', from) : -1;
  if (rdn < 0 || (superior < 0 && swapped < 0)) return decodeErrorForm(cursor, rec, from);
  const [first, second] = swapped >= 0 && swapped < rdn ? [swapped, rdn] : [rdn, superior < 0 ? swapped : superior];
  const secondAt = second + (second === rdn ? 10 : 15);
  const end = text.indexOf('"', secondAt);
  if (end < 0) return open;
  rec.dn = text.slice(from, first);
  const newRdn = first === rdn ? text.slice(rdn + 10, second) : text.slice(secondAt, end);
  const newSuperior = first === rdn ? text.slice(secondAt, end) : text.slice(first + 15, second);
  rec.newrdn = newRdn;
  if (newSuperior !== '(null)') rec.newsuperior = newSuperior;
  cursor.at = end + 1;
  return decodeTail(cursor, rec);
}

/** `CMP dn="<dn>" attr="<attr>"` (§1.7). */
function decodeCompare(cursor: Cursor, rec: Rec): Decoded {
  rec.verb = 'CMP';
  const from = cursor.at;
  const at = cursor.text.lastIndexOf('" attr="');
  if (at < from) return decodeErrorForm(cursor, rec, from);
  const dn = cursor.upTo(at, 8);
  const end = cursor.text.indexOf('"', cursor.at);
  if (end < 0) return open;
  rec.dn = dn;
  const attributeAt = cursor.at;
  rec.attr = cursor.upTo(end, 1);
  if (decodeTail(cursor, rec) === complete) return dn.includes('"') ? loose : complete;
  const last = lastQuote(cursor.text, attributeAt);
  if (last < 0) return dangling;
  rec.attr = cursor.text.slice(attributeAt, last);
  return loose;
}

/** `EXT oid="<oid>"{ name="<plugin>"}?`; the OID is the client's own text (§1.7). */
function decodeExtended(cursor: Cursor, rec: Rec): Decoded {
  rec.verb = 'EXT';
  const text = cursor.text;
  const from = cursor.at;
  const end = text.indexOf('"', from);
  if (end < 0) return open;
  rec.oid = cursor.upTo(end, 1);
  if (cursor.atEnd) return complete;
  if (cursor.skip(' name="')) {
    const close = text.indexOf('"', cursor.at);
    if (close < 0) return open;
    rec.name = cursor.upTo(close, 1);
  }
  if (decodeTail(cursor, rec) === complete) return complete;
  const last = lastQuote(text, from);
  if (last < 0) return dangling;
  rec.oid = text.slice(from, last);
  rec.name = undefined;
  return loose;
}
