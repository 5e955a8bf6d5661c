import type { Rec } from '#event';

/** Keys a RESULT takes over from its request. */
export const requestKeys = [
  'base',
  'scope',
  'filter',
  'attrs',
  'persistent',
  'dn',
  'method',
  'mech',
  'version',
  'authzid',
  'oid',
  'name',
  'newrdn',
  'newsuperior',
  'deleteoldrdn',
  'attr',
  'target',
  'controls',
] as const;
export type RequestKey = (typeof requestKeys)[number];

/** An operation whose answer has not been seen. */
export interface Pending {
  readonly op: number;
  /** I.K of an internal operation; empty for a client's. */
  readonly internalId: string;
  readonly verb: string;
  readonly time: number;
  /**
   * For a BIND: whether its answer was looked for ahead of its place in the log. `taken`: it was found, and the identity
   * changed already; `missing`: it is not near.
   */
  ahead?: 'taken' | 'missing';
  /** The request's record while its text is at hand; a copy of the few keys that matter afterwards. */
  request: Pick<Rec, RequestKey>;
}

/** What is known of one connection. */
export interface Session {
  readonly conn: number | string;
  /** Server, second of the opening, and number: unique across restarts. */
  readonly key: string;
  /** Whether the opening record was seen. */
  readonly complete: boolean;
  client: string | undefined;
  server: string | undefined;
  proxy: string | undefined;
  socket: string | undefined;
  transport: string | undefined;
  tlsVersion: string | undefined;
  tlsCipher: string | undefined;
  tlsBits: number | undefined;
  certSubject: string | undefined;
  certIssuer: string | undefined;
  certDn: string | undefined;
  /** Absent when anonymous, or when nothing is known: {@link boundMethod} tells which. */
  boundDn: string | undefined;
  /** ANONYMOUS, SIMPLE, a SASL mechanism, AUTOBIND; absent when the log begins behind the bind. */
  boundMethod: string | undefined;
  lastSeen: number;
  lastOp: number;
  closed: boolean;
  pending: Pending[];
}

/** Makes the state of a connection at its opening: nobody is bound, so it is anonymous (RFC 4513 §4). */
export function openSession(conn: number | string, key: string, time: number): Session {
  return makeSession(conn, key, time, true);
}

/** Makes the state of a connection that was opened before the log begins: nothing is known of it. */
export function partialSession(conn: number | string, key: string, time: number): Session {
  return makeSession(conn, key, time, false);
}

function makeSession(conn: number | string, key: string, time: number, complete: boolean): Session {
  return {
    conn,
    key,
    complete,
    client: undefined,
    server: undefined,
    proxy: undefined,
    socket: undefined,
    transport: undefined,
    tlsVersion: undefined,
    tlsCipher: undefined,
    tlsBits: undefined,
    certSubject: undefined,
    certIssuer: undefined,
    certDn: undefined,
    boundDn: undefined,
    boundMethod: complete ? 'ANONYMOUS' : undefined,
    lastSeen: time,
    lastOp: -1,
    closed: false,
    pending: [],
  };
}

/** Writes what the session knows into a record. What the record says itself stands. */
export function describe(rec: Rec, session: Session): void {
  rec.session = session.key;
  rec.correlation = session.complete ? 'complete' : 'partial';
  if (rec.client === undefined) rec.client = session.client;
  if (rec.server === undefined) rec.server = session.server;
  if (rec.socket === undefined) rec.socket = session.socket;
  rec.proxy = session.proxy;
  if (rec.transport === undefined) rec.transport = session.transport;
  if (rec.tlsVersion === undefined) rec.tlsVersion = session.tlsVersion;
  if (rec.tlsCipher === undefined) {
    rec.tlsCipher = session.tlsCipher;
    rec.tlsBits = session.tlsBits;
  }
  if (rec.certSubject === undefined) {
    rec.certSubject = session.certSubject;
    rec.certIssuer = session.certIssuer;
  }
  if (rec.certDn === undefined) rec.certDn = session.certDn;
  if (rec.boundDn === undefined) rec.boundDn = session.boundDn;
  rec.boundMethod = session.boundMethod;
}

/** The part of a request that its RESULT repeats, free of the memory of the text it was cut from. */
export function detach(request: Pick<Rec, RequestKey>): Pick<Rec, RequestKey> {
  // Through JSON every string is made anew; substrings would keep their whole chunk of the log alive.
  const copy: Record<string, unknown> = {};
  for (const key of requestKeys) {
    const value = request[key];
    if (value !== undefined) copy[key] = value;
  }
  return Object.assign(emptyRequest(), JSON.parse(JSON.stringify(copy)));
}

/** A request without any key set. */
function emptyRequest(): Pick<Rec, RequestKey> {
  const request: Partial<Record<RequestKey, undefined>> = {};
  for (const key of requestKeys) request[key] = undefined;
  return request as Pick<Rec, RequestKey>;
}
