import type { Rec } from '#event';
import { searchScopes } from './access-search.ts';

/** A message of the error log worth recognizing (the server's own log formats, §5.4). */
export interface ErrorMessage {
  /** What it tells; becomes `messageKind`. */
  readonly kind: string;
  /** Subsystem that writes it; absent: any. */
  readonly subsystem?: string;
  /** Texts that must all stand in the message, in this order; the first at its beginning when `begins`. */
  readonly parts: readonly string[];
  readonly begins?: true;
  /** Takes what else the message says. */
  readonly read?: (message: string, rec: Rec) => void;
}

/** Reads the value between two texts. */
function between(message: string, left: string, right: string): string | undefined {
  const from = message.indexOf(left);
  if (from < 0) return undefined;
  const to = message.indexOf(right, from + left.length);
  return to < 0 ? undefined : message.slice(from + left.length, to);
}

/**
 * Reads the connection a message names at its beginning, or behind the name of a function. Further on stands what
 * clients sent, and that is not asked for identities (§1.13).
 */
function readConnection(message: string, rec: Rec): void {
  const match = /^(?:[\w .()-]{1,80} - )?conn=(\d{1,20})(?: fd=(\d{1,9}))?(?: op=(-?\d{1,9}))?(?![\w.])/.exec(message);
  if (match !== null) noteConnection(rec, match[1], match[3], match[2]);
}

/** `(conn=484, tag=0x41)`, `(conn=484)`: in messages that hold nothing of a client's before it. */
function readBracketedConnection(message: string, rec: Rec): void {
  noteConnection(rec, /\(conn=(\d{1,20})[,)]/.exec(message)?.[1]);
}

function noteConnection(rec: Rec, conn: string | undefined, op?: string, fd?: string): void {
  if (conn === undefined) return;
  const number = Number(conn);
  rec.conn = Number.isSafeInteger(number) ? number : conn;
  if (op !== undefined) rec.op = Number(op);
  if (fd !== undefined) rec.fd = Number(fd);
}

function readLdapError(message: string, rec: Rec): void {
  const error = /LDAP error (-?\d{1,5}) \(/.exec(message)?.[1];
  if (error !== undefined) rec.err = Number(error);
}

function readPolicy(message: string, rec: Rec): void {
  rec.dn = between(message, 'Entry (', ') Policy (');
}

/**
 * `conn=<N> op=<M> (<source>): Deny write on entry(<dn>).attr(<attr>){ from <dn>} to <who>: <reason>`. A DN may hold any
 * text, so what follows it is looked for from its end.
 */
function readDecision(message: string, rec: Rec): void {
  readConnection(message, rec);
  const entryAt = behind(message, ' on entry(') ?? 0;
  const entryEnd = message.lastIndexOf(').attr(');
  if (entryEnd < entryAt) return;
  rec.dn = message.slice(entryAt, entryEnd);
  const attributeEnd = message.indexOf(')', entryEnd + 7);
  if (attributeEnd < 0) return;
  const who = between(message.slice(attributeEnd), ' to ', ': ');
  // By proxy: `to proxy (<dn>)`.
  const named = who?.startsWith('proxy (') === true && who.endsWith(')') ? who.slice(7, -1) : who;
  if (named === 'anonymous') rec.boundMethod = 'ANONYMOUS';
  else if (named !== undefined && named !== 'NULL') rec.boundDn = named;
}

/** What ends the message of an unindexed search, behind the filter: only there the server itself speaks. */
const searchTail = /" conn=(\d{1,20}) op=(-?\d{1,10})(?: \(internal op=(\d{1,10}) count=(\d{1,10})\))?\s*$/;
const searchFigures = /" (?:etime|nentries)[ =]\(?[^"]{0,400}$/;

/** Base, scope and filter are a client's text; a quote in the filter is not escaped, so it ends at the last one. */
function readSearch(message: string, rec: Rec): void {
  const tail = searchTail.exec(message);
  const figures = tail === null ? searchFigures.exec(message) : null;
  rec.base = between(message, 'search base="', '" ') ?? between(message, 'base dn "', '" ');
  const scope = between(message, '" scope=', ' ');
  rec.scope = scope === undefined ? undefined : (searchScopes[Number(scope)] ?? scope);
  const filterAt = behind(message, ' filter="') ?? behind(message, ' filter "');
  const end = tail?.index ?? figures?.index;
  if (filterAt !== undefined && end !== undefined && end >= filterAt) rec.filter = message.slice(filterAt, end);
  if (tail !== null) {
    noteConnection(rec, tail[1], tail[2]);
    if (tail[3] !== undefined) rec.internalId = `${tail[3]}.${tail[4]}`;
  }
  const said = figures?.[0] ?? '';
  const entries = /nentries[ =]\(?(\d{1,15})/.exec(said)?.[1];
  if (entries !== undefined) rec.nentries = Number(entries);
  const notes = /notes=([A-Z](?:,[A-Z])*)/.exec(said)?.[1];
  if (notes !== undefined) rec.notes = notes.split(',');
}

function readInternalSearch(message: string, rec: Rec): void {
  readSearch(message, rec);
  rec.internal = true;
}

function behind(message: string, text: string): number | undefined {
  const at = message.indexOf(text);
  return at < 0 ? undefined : at + text.length;
}

function readVersion(message: string, rec: Rec): void {
  const version = between(message, '-Directory/', ' ');
  if (version !== undefined) rec.serverVersion = version;
}

function readEntry(message: string, rec: Rec): void {
  rec.dn = between(message, 'Entry "', '" ');
}

/** In the order in which they are tried; the first that fits counts. */
export const errorMessages: readonly ErrorMessage[] = [
  { kind: 'unindexed-internal-search', parts: ['nternal unindexed search:', 'base='], read: readInternalSearch },
  { kind: 'unindexed-internal-search', parts: ['Unindexed search: source'], read: readInternalSearch },
  { kind: 'unindexed-search', parts: ['Unindexed search: search base='], begins: true, read: readSearch },
  { kind: 'start', parts: ['-Directory/', ' starting up'], read: readVersion },
  { kind: 'listening', parts: ['slapd started.'], begins: true },
  { kind: 'listening', parts: ['Listening on ', ' for LDAP'], begins: true },
  { kind: 'stop', parts: ['slapd stopped.'], begins: true },
  { kind: 'stopping', parts: ['slapd shutting down'], begins: true },
  { kind: 'crash-recovery', parts: ['Detected Disorderly Shutdown'], begins: true },
  {
    kind: 'ber-too-big',
    parts: ['conn=', 'Incoming BER Element was ', 'max allowable'],
    begins: true,
    read: readConnection,
  },
  {
    kind: 'ber-malformed',
    parts: ['conn=', 'Incoming BER Element may be misformed'],
    begins: true,
    read: readConnection,
  },
  { kind: 'ber-malformed', parts: ['conn=', 'ber_peek_tag returns'], begins: true, read: readConnection },
  {
    kind: 'unknown-request',
    parts: ['Ignoring unknown LDAP request (conn='],
    begins: true,
    read: readBracketedConnection,
  },
  {
    kind: 'thread-limit',
    parts: ['Connection (conn=', 'exceeded the maximum allowed threads per connection'],
    read: readBracketedConnection,
  },
  { kind: 'acl-decision', subsystem: 'NSACLPlugin', parts: ['conn=', ' on entry('], read: readDecision },
  {
    kind: 'account-locked',
    subsystem: 'PWDPOLICY_DEBUG',
    parts: ['Account is locked'],
    begins: true,
    read: readPolicy,
  },
  {
    kind: 'password-expired',
    subsystem: 'PWDPOLICY_DEBUG',
    parts: ['Password expired'],
    begins: true,
    read: readPolicy,
  },
  { kind: 'password-policy', subsystem: 'PWDPOLICY_DEBUG', parts: [': Entry ('], read: readPolicy },
  { kind: 'replication-bind-failed', parts: ['Replication bind with ', ' auth failed'], read: readLdapError },
  { kind: 'replication-bind-resumed', parts: ['Replication bind with ', ' auth resumed'] },
  { kind: 'replication-stopped', parts: ['Data required to update replica has been purged'] },
  { kind: 'replication-stopped', parts: ['Missing data encountered'] },
  { kind: 'replication-refused', parts: ['conn=', 'Unable to acquire replica: error:'], read: readConnection },
  { kind: 'replication-unreachable', parts: ['Unable to acquire replica'], read: readLdapError },
  { kind: 'replication-disabled', parts: ['The remote replica has a different database generation ID'] },
  { kind: 'replica-cleaned', parts: ['CleanAllRUV Task', 'Successfully cleaned rid'], begins: true },
  { kind: 'clock-skew', parts: ['xcessive clock skew'], read: readConnection },
  { kind: 'clock-skew', parts: ['djustment limit exceeded'] },
  { kind: 'disk-critical', parts: ['Disk space is critically low'], begins: true },
  { kind: 'disk-low', parts: ['Disk space is '], begins: true },
  { kind: 'too-many-files', parts: ['Not listening for new connections'], begins: true },
  { kind: 'files-recovered', parts: ['Listening for new connections again'], begins: true },
  { kind: 'certificate-problem', parts: ['ertificate', 'expired'] },
  { kind: 'schema-error', parts: ['does not match any attribute or object class'] },
  { kind: 'schema-violation', parts: ['Entry "', '" -- '], begins: true, read: readEntry },
  { kind: 'schema-violation', parts: ['Entry "', '" missing attribute '], begins: true, read: readEntry },
  { kind: 'schema-violation', parts: ['Entry "', '" has unknown object class '], begins: true, read: readEntry },
  { kind: 'import', parts: ['import '], begins: true },
  { kind: 'export', parts: ['export '], begins: true },
  { kind: 'task', parts: ['task finished'] },
  { kind: 'log-truncated', parts: ['log record', 'truncat'] },
];

/** Recognizes a message and fills in what it says; time linear in the message. */
export function recognizeMessage(subsystem: string | undefined, message: string, rec: Rec): void {
  for (const known of errorMessages) {
    if (known.subsystem !== undefined && known.subsystem !== subsystem) continue;
    if (!holds(message, known)) continue;
    rec.kind = known.kind;
    known.read?.(message, rec);
    return;
  }
  // Other messages may still begin with the operation they speak of.
  readConnection(message, rec);
}

function holds(message: string, known: ErrorMessage): boolean {
  let from = 0;
  for (const [index, part] of known.parts.entries()) {
    if (index === 0 && known.begins === true) {
      if (!message.startsWith(part)) return false;
      from = part.length;
      continue;
    }
    const at = message.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return true;
}

/** Messages with a client's text in quotes, and what the server itself writes behind it. */
const quoting: readonly { readonly marks: string; readonly closes: (line: string) => boolean }[] = [
  { marks: 'nindexed search:', closes: (line) => searchTail.test(line) || searchFigures.test(line) },
  { marks: ' - Entry "', closes: (line) => /" (?:-- |missing |has |required |single-valued )/.test(line) },
];

/**
 * Whether a message's quoted text is still open at the end of a line: a client put a line break into it, and the lines
 * that follow, up to the one that closes it, belong to it however much they look like records. Undefined where the message
 * quotes nothing of a client's.
 */
export function closesQuote(first: string): ((line: string) => boolean) | undefined {
  return quoting.find(({ marks }) => first.includes(marks))?.closes;
}
