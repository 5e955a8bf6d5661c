/**
 * The record: one log record as it travels from a reader to the server, one JSON object a line. Keys are those of the
 * mapping guide (`EventTime`, `conn`, `op`, …); further keys keep the log's own names. What correlation knows stands in
 * keys of its own, so that the record alone fills every label. Design §4.
 */

/** How a key's value is typed; `words` is a list of strings. */
export type RecType = 'number' | 'unsigned' | 'text' | 'boolean' | 'words';

export const recKeys = {
  // the guide's
  EventTime: 'number', // epoch milliseconds
  DeviceModel: 'text',
  DeviceType: 'text',
  conn: 'unsigned',
  op: 'number',
  base: 'text',
  method: 'text', // as written: 128, sasl, SIMPLE/MFA, ...
  filter: 'text',
  dn: 'text',
  nentries: 'number',
  etime: 'number', // seconds
  // the three the guide names no source field for
  client: 'text',
  server: 'text',
  verb: 'text', // folded: BIND, SRCH, RESULT, CONNECTION, DISCONNECT, TLS, ... or the error log's severity word
  // identity of the record
  nanos: 'number', // part of the time below a millisecond, 0 to 999999
  raw: 'text',
  stream: 'text',
  generation: 'number',
  position: 'number',
  source: 'text',
  log: 'text', // access, security, audit, auditfail, error
  agent: 'text',
  // the title of the log
  host: 'text',
  instance: 'text',
  serverVersion: 'text',
  // request
  scope: 'text', // base, one, subtree, or the number as written
  attrs: 'words',
  version: 'number',
  mech: 'text',
  authzid: 'text',
  persistent: 'boolean',
  oid: 'text',
  name: 'text',
  newrdn: 'text',
  newsuperior: 'text',
  deleteoldrdn: 'boolean',
  attr: 'text', // compared attribute
  targetop: 'text',
  msgid: 'number',
  text: 'text', // free text of request or result
  target: 'text', // EXT_INFO: whose password
  controls: 'words',
  sort: 'text',
  statAttr: 'text',
  statKey: 'text',
  statCount: 'number',
  internal: 'boolean',
  internalId: 'text', // I.K
  // result
  err: 'number',
  tag: 'number',
  wtime: 'number',
  wqtime: 'number',
  optime: 'number',
  writetime: 'number',
  wbusy: 'number',
  wmax: 'number',
  wqdepth: 'number',
  notes: 'words',
  details: 'text',
  csn: 'text',
  sid: 'text',
  prIdx: 'number',
  prCookie: 'number',
  // connection
  fd: 'number',
  code: 'text', // close code
  socket: 'text',
  tlsVersion: 'text',
  tlsCipher: 'text',
  tlsBits: 'number',
  certSubject: 'text',
  certIssuer: 'text',
  certDn: 'text',
  // what correlation knows
  transport: 'text', // plain, starttls, ldaps, ldapi
  proxy: 'text',
  boundDn: 'text', // absent: anonymous or unknown; see boundMethod
  boundMethod: 'text', // ANONYMOUS, SIMPLE, a SASL mechanism, AUTOBIND; absent: unknown
  request: 'text', // verb of the request a RESULT answers
  requestTime: 'number',
  session: 'text',
  correlation: 'text', // complete, partial, none
  tags: 'words', // marks set while reading: suspect-forged, truncated, ...
  // audit
  changed: 'words',
  changes: 'words',
  classes: 'words',
  // error log and security log
  subsystem: 'text',
  message: 'text',
  kind: 'text',
  rootDn: 'boolean',
  extra: 'text',
} as const;
recKeys satisfies Record<string, RecType>;

interface ValueOfRecType {
  number: number;
  unsigned: number | string;
  text: string;
  boolean: boolean;
  words: readonly string[];
}

export type RecKey = keyof typeof recKeys;

/** A record; every key may be absent (undefined). */
export type Rec = { [K in RecKey]: ValueOfRecType[(typeof recKeys)[K]] | undefined };

export const recKeyNames: readonly RecKey[] = Object.keys(recKeys) as RecKey[];

// One constructor, one hidden class, and marked pure: see createEvent.
const construct = /* @__PURE__ */ new Function(
  `return { ${recKeyNames.map((key) => `${key}: undefined`).join(', ')} };`,
) as () => Rec;

/** Makes a record without any key set. */
export function createRec(): Rec {
  return construct();
}
