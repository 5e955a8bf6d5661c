import type { Rec } from '#event';
import { decodeConnectionLine } from './access-connection.ts';
import { decodeRequest } from './access-request.ts';
import { decodeResult } from './access-result.ts';
import type { Cursor } from './cursor.ts';
import { type Decoded, unreadable } from './decoded.ts';

/**
 * Decodes the body of a text access record (everything behind the time) into `rec`. Grammar: the server's log formats,
 * §1.1. Connection and operation number are read from the prefix alone, never from inside a value (§1.13).
 */
export function decodeAccessBody(cursor: Cursor, rec: Rec): Decoded {
  if (!cursor.skip('conn=')) return unreadable;
  if (cursor.code === 73 && cursor.skip('Internal')) return decodeServerInternal(cursor, rec);
  rec.conn = cursor.unsigned();
  if (rec.conn === undefined || !cursor.skip(' ')) return unreadable;
  if (cursor.code === 111 && cursor.skip('op=')) {
    rec.op = cursor.int();
    if (rec.op === undefined || !cursor.skip(' ')) return unreadable;
    return decodeOperation(cursor, rec);
  }
  if (cursor.code === 40 && cursor.skip('(Internal) op=')) {
    if (!readInternalNumber(cursor, rec)) return unreadable;
    return decodeOperation(cursor, rec);
  }
  return decodeConnectionLine(cursor, rec);
}

/** `Internal(N) op=M(I)(K) `, or `Internal op=-1 ` of old releases (§1.10). */
function decodeServerInternal(cursor: Cursor, rec: Rec): Decoded {
  rec.internal = true;
  if (cursor.skip('(')) {
    rec.conn = cursor.unsigned();
    if (rec.conn === undefined || !cursor.skip(') op=') || !readInternalNumber(cursor, rec)) return unreadable;
  } else {
    while (cursor.skip(' '));
    if (cursor.skip('op=')) {
      rec.op = cursor.int();
      if (rec.op === undefined) return unreadable;
    }
    while (cursor.skip(' '));
  }
  return decodeOperation(cursor, rec);
}

/** `M(I)(K)` and the blank behind it, which STAT records of internal operations lack (§12). */
function readInternalNumber(cursor: Cursor, rec: Rec): boolean {
  rec.internal = true;
  rec.op = cursor.int();
  if (rec.op === undefined || !cursor.skip('(')) return false;
  const number = cursor.int();
  if (number === undefined || !cursor.skip(')(')) return false;
  const depth = cursor.int();
  if (depth === undefined || !cursor.skip(')')) return false;
  rec.internalId = `${number}.${depth}`;
  return cursor.skip(' ') || cursor.text.startsWith('STAT', cursor.at);
}

function decodeOperation(cursor: Cursor, rec: Rec): Decoded {
  const code = cursor.code;
  if (code === 82 && cursor.skip('RESULT ')) return decodeResult(cursor, rec);
  if (code === 102 && cursor.skip('fd=')) return decodeConnectionLine(cursor, rec, true);
  return decodeRequest(cursor, rec);
}
