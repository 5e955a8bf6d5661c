import type { Rec } from '#event';
import type { Cursor } from './cursor.ts';
import { complete, type Decoded, dangling, unreadable } from './decoded.ts';

/**
 * Decodes what follows `RESULT `: the core, then the pieces the release and the case put behind it, in any order
 * (§1.9, checklist item 6).
 */
export function decodeResult(cursor: Cursor, rec: Rec): Decoded {
  rec.verb = 'RESULT';
  if (!cursor.skip('err=')) return unreadable;
  rec.err = cursor.int();
  if (cursor.skip(' tag=')) rec.tag = cursor.int();
  if (cursor.skip(' nentries=')) rec.nentries = cursor.int();
  while (!cursor.atEnd) {
    const code = cursor.code;
    if (code === 44) return cursor.skip(', SASL bind in progress') ? decodeRestOf(cursor) : dangling;
    if (code !== 32) return dangling;
    cursor.at++;
    if (cursor.atEnd) return complete;
    if (!decodePiece(cursor, rec)) {
      cursor.at--;
      return dangling;
    }
  }
  return complete;
}

/** Blanks may end a record; anything else is left over. */
function decodeRestOf(cursor: Cursor): Decoded {
  while (cursor.skip(' '));
  return cursor.atEnd ? complete : dangling;
}

function decodePiece(cursor: Cursor, rec: Rec): boolean {
  switch (cursor.code) {
    case 32: // further blanks
      return true;
    case 45: // -
      if (!cursor.skip('- ')) return false;
      decodeText(cursor, rec);
      return true;
    case 99: // csn=
      if (!cursor.skip('csn=')) return decodeDuration(cursor, rec);
      rec.csn = cursor.word();
      return true;
    case 100: // details=, dn=
      return decodeQuoted(cursor, rec);
    case 110: // notes=
      if (!cursor.skip('notes=')) return decodeDuration(cursor, rec);
      rec.notes = cursor.word().split(',');
      return true;
    case 112: // pr_idx=, pr_cookie=
      return decodePage(cursor, rec);
    case 115: // sid=
      return decodeQuoted(cursor, rec);
    case 119: // wtime=, wqtime=, writetime=, wbusy=, wqdepth=
      return decodeWorkers(cursor, rec) || decodeDuration(cursor, rec);
    default:
      return decodeDuration(cursor, rec);
  }
}

function decodeDuration(cursor: Cursor, rec: Rec): boolean {
  if (cursor.skip('etime=')) rec.etime = cursor.seconds();
  else if (cursor.skip('wtime=')) rec.wtime = cursor.seconds();
  else if (cursor.skip('optime=')) rec.optime = cursor.seconds();
  else if (cursor.skip('wqtime=')) rec.wqtime = cursor.seconds();
  else if (cursor.skip('writetime=')) rec.writetime = cursor.seconds();
  else return decodeUnknownDuration(cursor, rec);
  return true;
}

/** Later releases will bring further `…time=` fields: they are kept beside the known ones. */
function decodeUnknownDuration(cursor: Cursor, rec: Rec): boolean {
  const from = cursor.at;
  let at = from;
  for (let code = cursor.text.charCodeAt(at); code >= 97 && code <= 122; code = cursor.text.charCodeAt(++at));
  if (at - from < 5 || at - from > 32 || !cursor.text.startsWith('time=', at - 4)) return false;
  const name = cursor.text.slice(from, at);
  cursor.at = at + 1;
  const value = cursor.seconds();
  if (value === undefined) {
    cursor.at = from;
    return false;
  }
  rec.extra = JSON.stringify({ ...(rec.extra === undefined ? {} : JSON.parse(rec.extra)), [name]: value });
  return true;
}

function decodeWorkers(cursor: Cursor, rec: Rec): boolean {
  if (cursor.skip('wbusy=')) {
    rec.wbusy = cursor.int();
    if (cursor.skip('/')) rec.wmax = cursor.int();
    return true;
  }
  if (!cursor.skip('wqdepth=')) return false;
  rec.wqdepth = cursor.int();
  return true;
}

function decodePage(cursor: Cursor, rec: Rec): boolean {
  if (cursor.skip('pr_idx=')) rec.prIdx = cursor.int();
  else if (cursor.skip('pr_cookie=')) rec.prCookie = cursor.int();
  else return decodeDuration(cursor, rec);
  return true;
}

/** `details="…"`, `dn="…"` and `sid="…"`: the server escapes quotes in all three, so the next quote is the end. */
function decodeQuoted(cursor: Cursor, rec: Rec): boolean {
  const key = cursor.skip('dn="')
    ? 'dn'
    : cursor.skip('details="')
      ? 'details'
      : cursor.skip('sid="')
        ? 'sid'
        : undefined;
  if (key === undefined) return decodeDuration(cursor, rec);
  const end = cursor.text.indexOf('"', cursor.at);
  if (end < 0) return false;
  rec[key] = cursor.upTo(end, 1);
  return true;
}

/** The text runs to the end of the record, but for a session id behind it; it may hold anything. */
function decodeText(cursor: Cursor, rec: Rec): void {
  let text = cursor.rest();
  if (text.endsWith('"')) {
    const at = text.lastIndexOf(' sid="');
    if (at >= 0 && text.indexOf('"', at + 6) === text.length - 1) {
      rec.sid = text.slice(at + 6, -1);
      text = text.slice(0, at);
    }
  }
  rec.text = text.trimEnd();
}
