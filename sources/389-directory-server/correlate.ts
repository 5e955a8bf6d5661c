/**
 * The correlator: gives every record what is known of its connection, and every RESULT its request.
 *
 * State per server run: connection number → {@link Session} (addresses, transport, TLS, identity, operations without an
 * answer). The server's own log formats, §1.14, say what has to be kept:
 *
 * - A BIND changes the identity when its RESULT says so, not when it is asked for; a failed one leaves the connection
 *   anonymous (§1.5). StartTLS and a client certificate change nothing until a SASL EXTERNAL bind.
 * - RESULTs come late: behind the next operation, behind UNBIND, even behind the close (§0.1).
 * - Connection numbers start again with each server start. The sign is a number that opens again.
 * - Text records can be forged by clients (see `forgery.ts`); such a record changes nothing here.
 */
import type { Rec } from '#event';
import { describe, detach, openSession, type Pending, partialSession, type Session } from './session.ts';
import { Sessions } from './sessions.ts';

/** Operations without an answer that are remembered for one connection; the oldest goes first. */
export const pendingMax = 256;
const requests = new Set(['BIND', 'SRCH', 'CMP', 'ADD', 'MOD', 'DEL', 'MODRDN', 'EXT']);

/** Verb of a request by the tag of its answer (§7.2). */
const verbByTag: ReadonlyMap<number, string> = new Map([
  [97, 'BIND'],
  [101, 'SRCH'],
  [103, 'MOD'],
  [105, 'ADD'],
  [107, 'DEL'],
  [109, 'MODRDN'],
  [111, 'CMP'],
  [120, 'EXT'],
]);

export class Correlator {
  readonly sessions: Sessions;
  /** Set from the log's title; part of the session key, since connection numbers of two servers are equal. */
  server = '';
  #fresh: Pending[] = [];

  constructor(sessionsMax: number) {
    this.sessions = new Sessions(sessionsMax);
  }

  /** Completes a record and learns from it. */
  correlate(rec: Rec): void {
    if (rec.internal === true && (rec.internalId === undefined || rec.conn === 0)) {
      this.#correlateServerInternal(rec);
      return;
    }
    if (rec.conn === undefined) {
      rec.correlation = 'none';
      return;
    }
    const time = rec.EventTime ?? 0;
    if (rec.verb === 'CONNECTION') {
      this.#open(rec, rec.conn, time);
      return;
    }
    const session = this.#sessionOf(rec, rec.conn, time);
    session.lastSeen = time;
    switch (rec.verb) {
      case 'RESULT':
        this.#answer(rec, session);
        return;
      case 'TLS':
        learnTls(rec, session);
        break;
      case 'HAPROXY':
        session.proxy = session.client;
        session.client = this.sessions.intern(rec.client);
        session.server = this.sessions.intern(rec.server);
        break;
      case 'AUTOBIND':
        session.boundDn = this.sessions.intern(rec.dn);
        session.boundMethod = 'AUTOBIND';
        break;
      case 'DISCONNECT':
        describe(rec, session);
        this.sessions.close(session);
        return;
      default:
        this.#ask(rec, session, time);
    }
    describe(rec, session);
  }

  /** Describes a record without learning anything from it: it may be forged. */
  describeOnly(rec: Rec): void {
    const session = rec.conn === undefined ? undefined : this.sessions.get(rec.conn);
    if (session === undefined) rec.correlation = 'none';
    else describe(rec, session);
  }

  /**
   * The BIND of the record's connection that was asked before it and is not answered yet. A server reads no operation
   * behind a bind before the bind is done, but another thread may write the RESULT a little later (§0.1): whoever has the
   * log's next lines can look for it there, and say by {@link settleBind} what it found.
   */
  awaitedBind(rec: Rec): Pending | undefined {
    if (rec.conn === undefined || rec.op === undefined || rec.verb === 'RESULT') return undefined;
    const pending = this.sessions.get(rec.conn)?.pending;
    if (pending === undefined || pending.length === 0) return undefined;
    for (let at = pending.length - 1; at >= 0; at--) {
      const one = pending[at];
      if (one?.verb === 'BIND' && one.internalId === '' && one.op < rec.op) {
        return one.ahead === undefined ? one : undefined;
      }
    }
    return undefined;
  }

  /** Takes the answer of a BIND ahead of its place; without one, the identity stays what it is until it comes. */
  settleBind(conn: number | string, pending: Pending, answer: Rec | undefined): void {
    const session = this.sessions.get(conn);
    pending.ahead = answer === undefined ? 'missing' : 'taken';
    if (answer === undefined || session === undefined) return;
    takeRequest(answer, pending.request);
    this.#bind(answer, session, pending);
  }

  /** Cuts what is remembered loose from the text it was read from; called when a chunk of text is done with. */
  settle(): void {
    for (const pending of this.#fresh) pending.request = detach(pending.request);
    this.#fresh.length = 0;
  }

  #open(rec: Rec, conn: number | string, time: number): void {
    const session = openSession(
      conn,
      rec.session === undefined ? this.#key(conn, time) : this.server + rec.session,
      time,
    );
    session.client = this.sessions.intern(rec.client);
    session.server = this.sessions.intern(rec.server);
    session.socket = this.sessions.intern(rec.socket);
    session.transport = rec.transport;
    this.sessions.open(session);
    describe(rec, session);
  }

  /** The session a record belongs to; a new, partial one when the connection was there before the log began. */
  #sessionOf(rec: Rec, conn: number | string, time: number): Session {
    const known = this.sessions.get(conn);
    if (known !== undefined && !isOfLaterRun(rec, known, this.server)) return known;
    const key = rec.session === undefined ? this.#key(conn, time, 'p') : this.server + rec.session;
    const session = partialSession(conn, key, time);
    this.sessions.adopt(session);
    return session;
  }

  #key(conn: number | string, time: number, mark = ''): string {
    return `${this.server}${mark}${Math.trunc(time / 1000)}-${conn}`;
  }

  #ask(rec: Rec, session: Session, time: number): void {
    const op = rec.op ?? -1;
    if (op > session.lastOp && rec.internal !== true) session.lastOp = op;
    if (rec.verb === undefined) return;
    if (!requests.has(rec.verb)) {
      this.#accompany(rec, session);
      return;
    }
    const pending: Pending = { op, internalId: rec.internalId ?? '', verb: rec.verb, time, request: rec };
    // A record of an error prints the request a second time: it is the same operation (§1.7).
    const known = findPending(session.pending, op, pending.internalId);
    if (known >= 0) session.pending.splice(known, 1);
    session.pending.push(pending);
    this.#fresh.push(pending);
    if (session.pending.length > pendingMax) {
      session.pending.shift();
      this.sessions.pendingDropped++;
    }
  }

  /** SORT, VLV, STAT, ENTRY, REFERRAL, EXT_INFO belong to a request that is under way. */
  #accompany(rec: Rec, session: Session): void {
    const at = findPending(session.pending, rec.op ?? -1, rec.internalId ?? '');
    const pending = session.pending[at];
    if (pending === undefined) return;
    rec.request = pending.verb;
    if (pending.request.authzid !== undefined) rec.authzid = pending.request.authzid;
    if (rec.verb === 'EXT_INFO') {
      pending.request.target ??= rec.target;
      pending.request.dn ??= rec.target;
    }
    if (rec.verb === 'ABANDON') return;
    if (rec.base === undefined) rec.base = pending.request.base;
  }

  #answer(rec: Rec, session: Session): void {
    const at = findPending(session.pending, rec.op ?? -1, rec.internalId ?? '');
    const pending = session.pending[at];
    if (pending === undefined) {
      rec.request = rec.tag === undefined ? undefined : verbByTag.get(rec.tag);
    } else {
      session.pending.splice(at, 1);
      this.#forget(pending);
      rec.request = pending.verb;
      rec.requestTime = pending.time;
      takeRequest(rec, pending.request);
    }
    if (rec.request === 'BIND' && rec.internal !== true && pending?.ahead !== 'taken')
      this.#bind(rec, session, pending);
    describe(rec, session);
  }

  #forget(pending: Pending): void {
    // Answers mostly follow within the same chunk, so the list of requests to detach stays short.
    const fresh = this.#fresh;
    const last = fresh.length - 1;
    for (let at = last; at >= 0 && at > last - 16; at--) {
      if (fresh[at] !== pending) continue;
      const moved = fresh[last];
      if (moved !== undefined) fresh[at] = moved;
      fresh.length = last;
      return;
    }
  }

  #bind(rec: Rec, session: Session, pending: Pending | undefined): void {
    // Where the opening of the connection was seen, an answer without its request proves nothing.
    if (pending === undefined && session.complete) return;
    if (rec.err !== 0) {
      session.boundDn = undefined;
      session.boundMethod = 'ANONYMOUS';
      return;
    }
    const dn = rec.dn ?? '';
    session.boundDn = dn === '' ? undefined : this.sessions.intern(dn);
    if (dn !== '') session.boundMethod = methodOf(rec);
    else
      session.boundMethod =
        pending !== undefined && rec.method === 'sasl' && rec.mech !== 'ANONYMOUS' ? rec.mech : 'ANONYMOUS';
  }

  /** Operations of the server itself have no connection; request and RESULT are paired all the same (§1.10). */
  #correlateServerInternal(rec: Rec): void {
    rec.correlation = 'none';
    const list = this.sessions.serverPending;
    if (rec.verb === 'RESULT') {
      const at = findPending(list, rec.op ?? -1, rec.internalId ?? '');
      const pending = list[at];
      if (pending === undefined) return;
      list.splice(at, 1);
      this.#forget(pending);
      rec.request = pending.verb;
      rec.requestTime = pending.time;
      takeRequest(rec, pending.request);
    } else if (rec.verb !== undefined && requests.has(rec.verb)) {
      const pending: Pending = {
        op: rec.op ?? -1,
        internalId: rec.internalId ?? '',
        verb: rec.verb,
        time: rec.EventTime ?? 0,
        request: rec,
      };
      list.push(pending);
      this.#fresh.push(pending);
      if (list.length > pendingMax) {
        list.shift();
        this.sessions.pendingDropped++;
      }
    }
  }
}

/** The operation asked last with that number: internal operations of old releases all carry -1, and nest. */
function findPending(list: readonly Pending[], op: number, internalId: string): number {
  for (let at = list.length - 1; at >= 0; at--) {
    const pending = list[at];
    if (pending !== undefined && pending.op === op && pending.internalId === internalId) return at;
  }
  return -1;
}

/** Gives a RESULT the keys of its request; its own stand. */
function takeRequest(rec: Rec, request: Pending['request']): void {
  rec.base ??= request.base;
  rec.scope ??= request.scope;
  rec.filter ??= request.filter;
  rec.attrs ??= request.attrs;
  rec.persistent ??= request.persistent;
  rec.dn ??= request.dn;
  rec.method ??= request.method;
  rec.mech ??= request.mech;
  rec.version ??= request.version;
  rec.authzid ??= request.authzid;
  rec.oid ??= request.oid;
  rec.name ??= request.name;
  rec.newrdn ??= request.newrdn;
  rec.newsuperior ??= request.newsuperior;
  rec.deleteoldrdn ??= request.deleteoldrdn;
  rec.attr ??= request.attr;
  rec.target ??= request.target;
  rec.controls ??= request.controls;
}

/**
 * Whether the `key` of a JSON record names a connection opened later than the one known under its number: the server
 * started again, and the opening is not in the log. TLS and STAT records carry a time of their own in it (§2.1).
 */
function isOfLaterRun(rec: Rec, session: Session, server: string): boolean {
  const key = rec.session;
  if (key === undefined || rec.verb === 'TLS' || rec.verb === 'STAT' || session.key === server + key) return false;
  return Number.parseInt(key, 10) > Number.parseInt(session.key.slice(server.length), 10);
}

function methodOf(rec: Rec): string {
  if (rec.method === 'sasl') return rec.mech ?? 'SASL';
  return rec.method === '128' || rec.method === undefined ? 'SIMPLE' : rec.method;
}

function learnTls(rec: Rec, session: Session): void {
  if (rec.tlsBits !== undefined) {
    session.tlsVersion = rec.tlsVersion;
    session.tlsCipher = rec.tlsCipher;
    session.tlsBits = rec.tlsBits;
    // A cipher on a connection that did not begin with TLS: StartTLS was done.
    if (session.transport === 'plain') session.transport = 'starttls';
  }
  if (rec.certSubject !== undefined) {
    session.certSubject = rec.certSubject;
    session.certIssuer = rec.certIssuer;
  }
  if (rec.certDn !== undefined) session.certDn = rec.certDn;
}
