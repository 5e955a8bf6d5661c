import type { Rec } from '#event';

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
  const to = right === '' ? message.length : message.indexOf(right, from + left.length);
  return to < 0 ? undefined : message.slice(from + left.length, to);
}

function readConnection(message: string, rec: Rec): void {
  const conn = /(?:^|[\s(])conn=(\d{1,15})\b/.exec(message)?.[1];
  const op = /\bop=(-?\d{1,9})\b/.exec(message)?.[1];
  if (conn !== undefined) rec.conn = Number(conn);
  if (op !== undefined) rec.op = Number(op);
}

function readAgreement(message: string, rec: Rec): void {
  rec.name = between(message, 'agmt="', '"');
  const error = /LDAP error (-?\d{1,5})/.exec(message)?.[1];
  if (error !== undefined) rec.err = Number(error);
}

function readPolicy(message: string, rec: Rec): void {
  rec.dn = between(message, 'Entry (', ') Policy (');
  rec.text = message.slice(0, Math.max(0, message.indexOf(': Entry ('))) || undefined;
}

function readDecision(message: string, rec: Rec): void {
  readConnection(message, rec);
  rec.dn = between(message, 'on entry(', ').attr(');
  const attribute = between(message, ').attr(', ')');
  if (attribute !== undefined && attribute !== 'NULL') rec.attr = attribute;
  const who = between(message, ') to ', ':')?.trim();
  if (who !== undefined && who !== 'NULL' && who !== 'anonymous') rec.boundDn = who;
}

function readSearch(message: string, rec: Rec): void {
  rec.name = between(message, 'source (', ')') ?? between(message, 'source(', ')');
  rec.base = between(message, 'search base="', '"') ?? between(message, 'base dn "', '"') ?? between(message, 'base dn "', '" filter');
  rec.filter = between(message, ' filter="', '" ') ?? between(message, 'filter "', '" ');
  const notes = /notes=([A-Z](?:,[A-Z])*)/.exec(message)?.[1];
  if (notes !== undefined) rec.notes = notes.split(',');
  rec.internal = true;
}

function readVersion(message: string, rec: Rec): void {
  const version = between(message, '-Directory/', ' ');
  if (version !== undefined) rec.serverVersion = version;
}

/** In the order in which they are tried; the first that fits counts. */
export const errorMessages: readonly ErrorMessage[] = [
  { kind: 'start', parts: ['-Directory/', ' starting up'], read: readVersion },
  { kind: 'listening', parts: ['slapd started.'], begins: true },
  { kind: 'listening', parts: ['Listening on ', ' for LDAP'], begins: true },
  { kind: 'stop', parts: ['slapd stopped.'], begins: true },
  { kind: 'stopping', parts: ['slapd shutting down'], begins: true },
  { kind: 'crash-recovery', parts: ['Detected Disorderly Shutdown'] },
  { kind: 'unindexed-internal-search', parts: ['nternal unindexed search:', 'base='], read: readSearch },
  { kind: 'unindexed-internal-search', parts: ['Unindexed search: source'], read: readSearch },
  { kind: 'ber-too-big', parts: ['Incoming BER Element was ', 'max allowable'], read: readConnection },
  { kind: 'ber-malformed', parts: ['Incoming BER Element may be misformed'], read: readConnection },
  { kind: 'acl-decision', subsystem: 'NSACLPlugin', parts: ['conn=', ' on entry('], read: readDecision },
  { kind: 'account-locked', subsystem: 'PWDPOLICY_DEBUG', parts: ['Account is locked'], begins: true, read: readPolicy },
  { kind: 'password-expired', subsystem: 'PWDPOLICY_DEBUG', parts: ['Password expired'], begins: true, read: readPolicy },
  { kind: 'password-policy', subsystem: 'PWDPOLICY_DEBUG', parts: [': Entry ('], read: readPolicy },
  { kind: 'replication-bind-failed', parts: ['Replication bind with ', ' auth failed'], read: readAgreement },
  { kind: 'replication-bind-resumed', parts: ['Replication bind with ', ' auth resumed'], read: readAgreement },
  { kind: 'replication-stopped', parts: ['Data required to update replica has been purged'], read: readAgreement },
  { kind: 'replication-stopped', parts: ['Missing data encountered'], read: readAgreement },
  { kind: 'replication-unreachable', parts: ['Unable to acquire replica', 'replica is'], read: readAgreement },
  { kind: 'replication-disabled', parts: ['The remote replica has a different database generation ID'], read: readAgreement },
  { kind: 'clock-skew', parts: ['xcessive clock skew'] },
  { kind: 'disk-critical', parts: ['Disk space is critically low'] },
  { kind: 'disk-low', parts: ['Disk space is '] },
  { kind: 'too-many-files', parts: ['Not listening for new connections'], begins: true },
  { kind: 'files-recovered', parts: ['Listening for new connections again'], begins: true },
  { kind: 'thread-limit', parts: ['exceeded the maximum allowed threads per connection'], read: readConnection },
  { kind: 'certificate-problem', parts: ['ertificate', 'expired'] },
  { kind: 'schema-error', parts: ['does not match any attribute or object class'] },
  { kind: 'schema-violation', parts: ['Entry "', ' -- ' ], read: (message, rec) => { rec.dn = between(message, 'Entry "', '"'); } },
  { kind: 'import', parts: ['import '], begins: true },
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
  // Other messages may still name the operation they speak of.
  readConnection(message, rec);
}

function holds(message: string, known: ErrorMessage): boolean {
  let from = 0;
  for (const [index, part] of known.parts.entries()) {
    const at = message.indexOf(part, from);
    if (at < 0 || (index === 0 && known.begins === true && at > 0)) return false;
    from = at + part.length;
  }
  return true;
}
