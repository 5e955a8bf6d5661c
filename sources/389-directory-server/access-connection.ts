import type { Rec } from '#event';
import type { Cursor } from './cursor.ts';
import { complete, type Decoded, dangling, unknown, unreadable } from './decoded.ts';

/**
 * Decodes records of the connection itself: open, HAProxy, TLS, AUTOBIND, close (§1.3, §1.4, §1.11). The cursor stands
 * behind `conn=N `, or, with `descriptor`, behind `conn=N op=M fd=`.
 */
export function decodeConnectionLine(cursor: Cursor, rec: Rec, descriptor = false): Decoded {
  if (descriptor || cursor.skip('fd=')) {
    rec.fd = cursor.int();
    if (rec.fd === undefined || !cursor.skip(' ')) return unreadable;
    return decodeDescriptor(cursor, rec);
  }
  if (cursor.skip('AUTOBIND dn="')) {
    rec.verb = 'AUTOBIND';
    const end = cursor.text.indexOf('"', cursor.at);
    if (end < 0) return dangling;
    rec.dn = cursor.upTo(end, 1);
    return atEnd(cursor);
  }
  return decodeTls(cursor, rec);
}

function decodeDescriptor(cursor: Cursor, rec: Rec): Decoded {
  if (cursor.skip('slot=')) {
    cursor.int();
    if (!cursor.skip(' ')) return unreadable;
    return decodeOpen(cursor, rec);
  }
  if (cursor.skip('HAProxy new_address_from=')) {
    rec.verb = 'HAPROXY';
    const to = cursor.text.indexOf(' to new_address_dest=', cursor.at);
    if (to < 0) return dangling;
    rec.client = cursor.upTo(to, 21);
    rec.server = cursor.word();
    return atEnd(cursor);
  }
  if (cursor.skip('Disconnect') || cursor.skip('closed')) return decodeClose(cursor, rec);
  return decodeOpen(cursor, rec);
}

/** `{SSL }?connection from <client> to <server>`; the server may be a path with blanks. */
function decodeOpen(cursor: Cursor, rec: Rec): Decoded {
  const words = cursor.text.indexOf('connection from ', cursor.at);
  // Only one word may stand before it: SSL, or a TLS version in edited documentation.
  if (words < 0 || words - cursor.at > 16) return unreadable;
  rec.verb = 'CONNECTION';
  rec.transport = words === cursor.at ? 'plain' : 'ldaps';
  cursor.at = words + 16;
  const to = cursor.text.indexOf(' to ', cursor.at);
  if (to < 0) {
    rec.client = cursor.rest();
    return dangling;
  }
  rec.client = cursor.upTo(to, 4);
  const server = cursor.rest().trimEnd();
  if (server.startsWith('/') || server === 'unknown local file' || rec.client === 'local') {
    rec.transport = 'ldapi';
    rec.socket = server;
  } else {
    rec.server = server;
  }
  return complete;
}

/** Close codes stand last, behind ` - `; new releases may print a system text instead (§1.11). */
function decodeClose(cursor: Cursor, rec: Rec): Decoded {
  rec.verb = 'DISCONNECT';
  const rest = cursor.rest().trimEnd();
  const code = rest.slice(-2);
  const coded = isCloseCode(code) && (rest.endsWith(` - ${code}`) || rest.endsWith(`-${code}`));
  if (coded) rec.code = code;
  let text = coded ? rest.slice(0, rest.endsWith(` - ${code}`) ? -5 : -3) : rest;
  if (text.startsWith(' - ')) text = text.slice(3);
  text = text.trim();
  if (text !== '' && text !== 'now') rec.text = text;
  return complete;
}

function isCloseCode(code: string): boolean {
  const letter = code.charCodeAt(0);
  const digit = code.charCodeAt(1);
  return letter >= 65 && letter <= 90 && digit >= 48 && digit <= 57;
}

/** TLS records carry no operation; versions are `TLS1.3`, `SSL3`, `SSL` and older spellings (§1.4). */
function decodeTls(cursor: Cursor, rec: Rec): Decoded {
  const text = cursor.text;
  if (cursor.skip('Netscape Portable Runtime error ')) return decodeBadCertificate(cursor, rec);
  if (cursor.skip('SSL failed to obtain ')) {
    rec.verb = 'TLS';
    rec.text = text.slice(cursor.at - 21).trimEnd();
    cursor.rest();
    return complete;
  }
  if (
    !text.startsWith('TLS', cursor.at) &&
    !text.startsWith('SSL', cursor.at) &&
    !text.startsWith('Unknown SSL version', cursor.at)
  ) {
    rec.text = cursor.rest();
    return unknown;
  }
  rec.verb = 'TLS';
  const version = cursor.skip('Unknown SSL version: ') ? `Unknown SSL version: ${cursor.word()}` : cursor.word();
  if (version !== 'SSL') rec.tlsVersion = version.startsWith('TLSv') ? `TLS${version.slice(4)}` : version;
  cursor.skip(' ');
  if (cursor.skip('client bound as ')) {
    rec.certDn = cursor.rest().trimEnd();
    rec.dn = rec.certDn;
    rec.text = 'client bound';
    return complete;
  }
  if (cursor.skip('failed to map client certificate to LDAP DN')) {
    rec.text = `failed to map client certificate to LDAP DN${cursor.rest()}`;
    return complete;
  }
  return decodeCipher(cursor, rec);
}

function decodeCipher(cursor: Cursor, rec: Rec): Decoded {
  const bits = cursor.int();
  if (bits === undefined || !cursor.skip('-bit ')) {
    rec.text = cursor.rest();
    return dangling;
  }
  rec.tlsBits = bits;
  const semicolon = cursor.text.indexOf('; ', cursor.at);
  if (semicolon < 0) {
    rec.tlsCipher = cursor.rest().trimEnd();
    return complete;
  }
  rec.tlsCipher = cursor.upTo(semicolon, 2);
  if (cursor.skip('missing subject')) rec.text = 'missing subject';
  else decodeCertificate(cursor, rec, 'client ');
  return atEnd(cursor);
}

/** `client <subject>; issuer <issuer>`: subjects hold `; ` too, so the last issuer counts. One release left the `;` out. */
function decodeCertificate(cursor: Cursor, rec: Rec, word: string): void {
  if (!cursor.skip(word)) return;
  const rest = cursor.rest().trimEnd();
  const strict = rest.lastIndexOf('; issuer ');
  const at = strict >= 0 ? strict : rest.lastIndexOf(' issuer ');
  if (at < 0) {
    rec.certSubject = rest;
    return;
  }
  rec.certSubject = rest.slice(0, at);
  rec.certIssuer = rest.slice(at + (strict >= 0 ? 9 : 8));
}

function decodeBadCertificate(cursor: Cursor, rec: Rec): Decoded {
  rec.verb = 'TLS';
  const from = cursor.at;
  const at = cursor.text.lastIndexOf('); unauthenticated client ');
  if (at < from) {
    rec.text = `Netscape Portable Runtime error ${cursor.rest()}`.trimEnd();
    return complete;
  }
  rec.text = `Netscape Portable Runtime error ${cursor.text.slice(from, at + 1)}`;
  cursor.at = at + 3;
  decodeCertificate(cursor, rec, 'unauthenticated client ');
  return complete;
}

function atEnd(cursor: Cursor): Decoded {
  while (cursor.skip(' '));
  return cursor.atEnd ? complete : dangling;
}
