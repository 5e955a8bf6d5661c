import { createHash } from 'node:crypto';
import type { Rec } from '#event';
import type { FileIdentity, ReadCounts, RecordSink } from '#source';
import { Correlator } from './correlate.ts';
import type { Decoded } from './decoded.ts';
import { Circumstances } from './forgery.ts';
import type { Pending } from './session.ts';
import type { SessionsState } from './sessions.ts';
import { sourceId } from './source-id.ts';
import type { Title } from './title.ts';

/** Bytes of an unreadable record that a dead letter keeps. */
export const deadBytesMax = 65_536;

/** Everything an {@link AccessIntake} knows, as JSON. */
export interface IntakeState {
  readonly sessions: SessionsState;
  readonly circumstances: readonly [number, number, boolean];
  readonly counts: ReadCounts;
  readonly title: Title;
}

/**
 * Takes decoded access records: gives each its identity and what the log's title says, has it judged and correlated,
 * counts it, and hands it on.
 */
export class AccessIntake {
  counts: ReadCounts = { lines: 0, bytes: 0, records: 0, deadLetters: 0, continuations: 0, glued: 0 };
  /** Where records go; set for the time of one call of the reader. */
  sink: RecordSink | undefined;
  readonly #correlator: Correlator;
  readonly #circumstances = new Circumstances();
  readonly #restarts: readonly number[];
  #restartAt = 0;
  #title: Title = {};
  #stream = '';
  #generation = 0;
  #fileTime: number | undefined;

  constructor(sessionsMax: number, restarts: readonly number[]) {
    this.#correlator = new Correlator(sessionsMax);
    this.#restarts = restarts;
  }

  /** Connections not seen to close. */
  get sessionsOpen(): number {
    return this.#correlator.sessions.openCount;
  }

  startFile(file: FileIdentity): void {
    this.#stream = file.stream;
    this.#generation = file.generation;
    this.#fileTime = file.time;
    if (file.position === 0) this.#circumstances.startFile();
  }

  /** Learns from a line of the title; the lines of one title follow one another. */
  learnTitle(part: Title): void {
    this.#title = { ...this.#title, ...part };
    const { host, instance } = this.#title;
    this.#correlator.server =
      host === undefined && instance === undefined ? '' : `${serverHash(`${host}/${instance}`)}-`;
  }

  /**
   * Completes a record and gives it out.
   *
   * @param position byte offset of the record in its file
   * @param decoded what its text turned out to be
   * @param lines physical lines it takes
   * @param fine whether its time has a fraction of a second
   */
  give(rec: Rec, raw: string, position: number, decoded: Decoded, lines: number, fine: boolean): void {
    rec.raw = raw;
    rec.stream = this.#stream;
    rec.generation = this.#generation;
    rec.position = position;
    rec.host = this.#title.host;
    rec.instance = this.#title.instance;
    rec.serverVersion = this.#title.version;
    if (rec.EventTime === undefined) {
      rec.EventTime = this.#circumstances.latest ?? this.#fileTime;
      addTag(rec, 'time-unknown');
    } else {
      this.#passRestarts(rec.EventTime);
    }
    if (this.speaksAgainst(rec, decoded, fine)) {
      addTag(rec, 'suspect-forged');
      this.#correlator.describeOnly(rec);
    } else {
      this.#correlator.correlate(rec);
      this.#circumstances.note(rec);
    }
    this.counts.lines += lines;
    this.counts.continuations += lines - 1;
    this.counts.records++;
    this.sink?.record(rec);
  }

  /** The unanswered BIND whose outcome decides who asks in this record; undefined when nothing is open, or all is doubtful. */
  awaitedBind(rec: Rec, decoded: Decoded, fine: boolean): Pending | undefined {
    const bind = this.#correlator.awaitedBind(rec);
    return bind === undefined || this.speaksAgainst(rec, decoded, fine) ? undefined : bind;
  }

  settleBind(conn: number | string, bind: Pending, answer: Rec | undefined): void {
    this.#correlator.settleBind(conn, bind, answer);
  }

  /** Whether something about a record is not as a server writes it. */
  speaksAgainst(rec: Rec, decoded: Decoded, fine: boolean): boolean {
    return this.#circumstances.speakAgainst(rec, decoded, fine, this.#correlator.sessions);
  }

  /** Gives out what is no record. */
  dead(raw: string, position: number, lines: number, code: string, reason: string): void {
    this.counts.lines += lines;
    this.counts.continuations += lines - 1;
    this.counts.deadLetters++;
    this.sink?.dead({
      stream: this.#stream,
      generation: this.#generation,
      position,
      log: 'access',
      source: sourceId,
      code,
      reason,
      raw,
    });
  }

  /** Counts a line that is no record of its own. */
  continuation(): void {
    this.counts.lines++;
    this.counts.continuations++;
  }

  /** Counts a record that begins behind another one on the same line. */
  glue(): void {
    this.counts.lines--;
    this.counts.glued++;
  }

  /** Lets go of the text that is done with. */
  settle(): void {
    this.#correlator.settle();
  }

  save(): IntakeState {
    return {
      sessions: this.#correlator.sessions.save(),
      circumstances: this.#circumstances.save(),
      counts: { ...this.counts },
      title: { ...this.#title },
    };
  }

  restore(state: IntakeState): void {
    this.#correlator.sessions.restore(state.sessions);
    this.#circumstances.restore(state.circumstances);
    this.counts = { ...state.counts };
    this.learnTitle(state.title);
    // Starts up to the last record seen have been passed.
    const latest = this.#circumstances.latest ?? 0;
    while ((this.#restarts[this.#restartAt] ?? Number.POSITIVE_INFINITY) <= latest) this.#restartAt++;
  }

  #passRestarts(time: number): void {
    for (
      let next = this.#restarts[this.#restartAt];
      next !== undefined && next <= time;
      next = this.#restarts[this.#restartAt]
    ) {
      if (this.#correlator.sessions.newest > 0) this.#correlator.sessions.restart();
      this.#restartAt++;
    }
  }
}

/** Marks a record. */
export function addTag(rec: Rec, tag: string): void {
  rec.tags = rec.tags === undefined ? [tag] : [...rec.tags, tag];
}

/** Six characters that tell servers apart in session keys. */
function serverHash(name: string): string {
  return createHash('sha256').update(name).digest('base64url').replace(/[-_]/g, '').slice(0, 6);
}
