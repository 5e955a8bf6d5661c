import { detach, type Pending, type Session } from './session.ts';

/** Closed connections remembered for RESULTs that come late (§0.1). */
export const closedMax = 4096;
/** How far behind the newest number an opening may come late before it means that the server started again. */
const lateOpeningMax = 1024;
/** Different addresses and DNs kept once; then the table starts anew. */
const internedMax = 32_768;

/** Everything a {@link Sessions} holds, as JSON. */
export interface SessionsState {
  readonly sessions: readonly Session[];
  readonly serverPending: readonly Pending[];
  readonly newest: number;
  readonly runs: number;
  readonly evicted: number;
  readonly pendingDropped: number;
}

/**
 * The connections of one server, run after run. Bounded: beyond `max` the one idle longest goes, and what follows of it is
 * `partial`.
 */
export class Sessions {
  /** Connections forgotten because there were too many. */
  evicted = 0;
  /** Operations forgotten because too many of a connection had no answer. */
  pendingDropped = 0;
  /** Server starts seen. */
  runs = 0;
  /** Operations of the server itself without an answer. */
  serverPending: Pending[] = [];
  readonly #max: number;
  readonly #byConn = new Map<number | string, Session>();
  readonly #interned = new Map<string, string>();
  #closed: Session[] = [];
  #closedFrom = 0;
  /** Highest connection number opened in this run; 0 before the first. */
  #newest = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#byConn.size;
  }

  /** Connections not seen to close, closely: one that closed and whose number came again counts once less. */
  get openCount(): number {
    return Math.max(0, this.#byConn.size - (this.#closed.length - this.#closedFrom));
  }

  /** Highest connection number opened in this run; 0 when none was. */
  get newest(): number {
    return this.#newest;
  }

  get(conn: number | string): Session | undefined {
    return this.#byConn.get(conn);
  }

  /** Takes in a connection whose opening was seen. A number that opens again ends the run before it (§1.14). */
  open(session: Session): void {
    const number = Number(session.conn);
    const known = this.#byConn.get(session.conn);
    if (known !== undefined && !known.complete && !known.closed && number > this.#newest - lateOpeningMax) {
      // Operations overtook the opening in the server's buffer.
      session.pending = known.pending;
      session.lastOp = known.lastOp;
    } else if (
      this.#newest > 0 &&
      (known?.complete === true || number === 1 || number <= this.#newest - lateOpeningMax)
    ) {
      this.restart();
    }
    if (this.#newest === 0 || number > this.#newest) this.#newest = number;
    this.#byConn.set(session.conn, session);
    this.#makeRoom();
  }

  /** Takes in a connection whose opening was not seen. */
  adopt(session: Session): void {
    this.#byConn.set(session.conn, session);
    this.#makeRoom();
  }

  close(session: Session): void {
    if (session.closed) return;
    session.closed = true;
    this.#closed.push(session);
    if (this.#closed.length - this.#closedFrom <= closedMax) return;
    const oldest = this.#closed[this.#closedFrom++];
    if (oldest !== undefined && this.#byConn.get(oldest.conn) === oldest) this.#byConn.delete(oldest.conn);
    if (this.#closedFrom > closedMax) {
      this.#closed = this.#closed.slice(this.#closedFrom);
      this.#closedFrom = 0;
    }
  }

  /** The server started again: connections of the run before mean nothing any more. */
  restart(): void {
    this.#byConn.clear();
    this.#closed = [];
    this.#closedFrom = 0;
    this.serverPending = [];
    this.#newest = 0;
    this.runs++;
  }

  /** The same text, kept once and without the memory of the log it was cut from. */
  intern(text: string | undefined): string | undefined {
    if (text === undefined) return undefined;
    const known = this.#interned.get(text);
    if (known !== undefined) return known;
    if (this.#interned.size >= internedMax) this.#interned.clear();
    const copy: string = JSON.parse(JSON.stringify(text));
    this.#interned.set(copy, copy);
    return copy;
  }

  save(): SessionsState {
    return {
      // Closed ones in the order of their closing, behind the open ones, so that they are forgotten in the same order.
      sessions: [
        ...[...this.#byConn.values()].filter((session) => !session.closed),
        ...this.#closed.slice(this.#closedFrom),
      ].map((session) => ({
        ...session,
        pending: session.pending.map(detachPending),
      })),
      serverPending: this.serverPending.map(detachPending),
      newest: this.#newest,
      runs: this.runs,
      evicted: this.evicted,
      pendingDropped: this.pendingDropped,
    };
  }

  restore(state: SessionsState): void {
    for (const session of state.sessions) {
      const copy = { ...session, pending: session.pending.map(detachPending) };
      this.#byConn.set(copy.conn, copy);
      if (copy.closed) this.#closed.push(copy);
    }
    this.serverPending = state.serverPending.map(detachPending);
    this.#newest = state.newest;
    this.runs = state.runs;
    this.evicted = state.evicted;
    this.pendingDropped = state.pendingDropped;
  }

  #makeRoom(): void {
    if (this.#byConn.size <= this.#max) return;
    // The one idle longest among the oldest: close enough, and it costs the same however many there are.
    let idlest: Session | undefined;
    let looked = 0;
    for (const session of this.#byConn.values()) {
      if (idlest === undefined || session.lastSeen < idlest.lastSeen) idlest = session;
      if (++looked === 64) break;
    }
    if (idlest === undefined) return;
    this.#byConn.delete(idlest.conn);
    this.evicted++;
  }
}

function detachPending(pending: Pending): Pending {
  return { ...pending, request: detach(pending.request) };
}
