/**
 * Telling forged records from real ones.
 *
 * Some values are written as the client sent them (§1.13), line breaks included, so whole false records can stand on
 * lines of their own. Two kinds of evidence:
 *
 * 1. *The true record shows it*: its value is still open at the end of the line, so what follows belongs to it
 *    ({@link OpenRecord}).
 * 2. *Circumstances show it*: something dangles behind the record; its time steps back to a round value; it speaks of a
 *    connection that is not there. Such a record is kept and marked, and changes nothing ({@link Circumstances}).
 */
import type { Rec } from '#event';
import { complete, type Decoded, dangling, loose, open, unreadable } from './decoded.ts';
import type { Sessions } from './sessions.ts';

/** The server cuts text records at 2048 bytes (§1.12): an open value cannot reach further than that. */
export const openBytesMax = 2304;
/** Lines a single open value may span. */
export const openLinesMax = 64;
/** Releases up to 1.3 cut values at 1024 bytes, and records too, so a record of that length may simply be cut. */
const cutBytesMin = 1000;

/** Whether a record without its end was cut by the server rather than left open by a client. */
export function wasCut(text: string): boolean {
  return text.length >= cutBytesMin && text.trimEnd().endsWith('...');
}

/** What to do with the next line of an open record. */
export type OpenStep = 'goes-on' | 'closes' | 'closed-before' | 'gives-up';

/**
 * Follows a record whose value is open, line by line.
 *
 * A line closes it when the whole then reads to its end, and the line by itself is not just a well-formed record. One
 * that is may be forged in full, so it decides nothing; if no closing line comes, the open record was cut after all, and
 * all that follows stands for itself.
 */
export class OpenRecord {
  #lines = 0;
  #length = 0;

  start(length: number): void {
    this.#lines = 1;
    this.#length = length;
  }

  /**
   * @param length of the line in bytes
   * @param whole what the open record and all lines up to this one read as together
   * @param alone what the line reads as by itself
   */
  step(length: number, whole: Decoded, alone: Decoded): OpenStep {
    this.#lines++;
    this.#length += length + 1;
    if (this.#length > openBytesMax || this.#lines > openLinesMax) return 'gives-up';
    const closed = whole === complete || whole === loose;
    if (closed && (alone === unreadable || alone === dangling || alone === loose || alone === open)) return 'closes';
    return 'goes-on';
  }
}

/** What the records before say about the next one. */
export class Circumstances {
  /** Latest time seen, epoch milliseconds and nanoseconds below. */
  #ms = 0;
  #nanos = 0;
  /** Whether a connection opened in the file being read: before that its numbers mean nothing. */
  #openedHere = false;

  startFile(): void {
    this.#openedHere = false;
  }

  /** Whether something about the record is not as a server writes it. */
  speakAgainst(rec: Rec, decoded: Decoded, fine: boolean, sessions: Sessions): boolean {
    if (decoded === dangling) return true;
    const back = this.#stepsBack(rec);
    const round = fine && isRound(rec);
    if (back && round) return true;
    const stranger = this.#isStranger(rec, sessions);
    if (stranger) return true;
    return back && !fine && this.#ms - (rec.EventTime ?? 0) >= 2000 && !isOpen(rec, sessions);
  }

  /** Takes note of a record that nothing speaks against. */
  note(rec: Rec): void {
    if (rec.verb === 'CONNECTION') this.#openedHere = true;
    const ms = rec.EventTime ?? 0;
    const nanos = rec.nanos ?? 0;
    if (ms < this.#ms || (ms === this.#ms && nanos < this.#nanos)) return;
    this.#ms = ms;
    this.#nanos = nanos;
  }

  /** Latest time seen in epoch milliseconds; undefined before the first. */
  get latest(): number | undefined {
    return this.#ms === 0 ? undefined : this.#ms;
  }

  save(): readonly [number, number, boolean] {
    return [this.#ms, this.#nanos, this.#openedHere];
  }

  restore(state: readonly [number, number, boolean]): void {
    [this.#ms, this.#nanos, this.#openedHere] = state;
  }

  #stepsBack(rec: Rec): boolean {
    const ms = rec.EventTime ?? 0;
    return ms < this.#ms || (ms === this.#ms && (rec.nanos ?? 0) < this.#nanos);
  }

  /** A number above all that were ever opened, although openings are logged. */
  #isStranger(rec: Rec, sessions: Sessions): boolean {
    if (!this.#openedHere || rec.verb === 'CONNECTION' || rec.conn === undefined || rec.internal === true) return false;
    return sessions.newest > 0 && Number(rec.conn) > sessions.newest + 64 && sessions.get(rec.conn)?.complete !== true;
  }
}

function isOpen(rec: Rec, sessions: Sessions): boolean {
  const session = rec.conn === undefined ? undefined : sessions.get(rec.conn);
  return session !== undefined && !session.closed;
}

/** Real times end in arbitrary nanoseconds; one in a million is round by chance, a person's invention mostly is. */
function isRound(rec: Rec): boolean {
  return (rec.nanos ?? 0) <= 1;
}
