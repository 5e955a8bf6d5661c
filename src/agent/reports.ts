import { type AppError, asAppError } from '#error';
import type { Logger } from '#log';
import { readingLimits } from './limits.ts';
import type { AgentEvent, Clock, ErrorCount } from './reading/reading.ts';

/** Collects what goes wrong, and what the fleet should know of: for the status and for the agent's own log. */
export class Reports {
  /** Errors told that did not fit into the table of different ones. */
  errorsMore = 0;
  /** Events that were forgotten before they were confirmed. */
  eventsDropped = 0;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #errors = new Map<string, { code: string; sentence: string; count: number; last: number }>();
  #events: AgentEvent[] = [];
  #sequence = 0;

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock;
    this.#log = log;
  }

  get errors(): readonly ErrorCount[] {
    return [...this.#errors.values()].map((error) => ({ ...error }));
  }

  get events(): readonly AgentEvent[] {
    return this.#events;
  }

  /** Notes an error; the same one again only counts. Gives it as `AppError`. */
  error(thrown: unknown): AppError {
    const error = asAppError(thrown);
    const key = `${error.code} ${error.message}`;
    const known = this.#errors.get(key);
    const now = this.#clock.now();
    if (known !== undefined) {
      known.count += 1;
      known.last = now;
      return error;
    }
    if (this.#errors.size >= readingLimits.errorsMax) this.#errorMore();
    this.#errors.set(key, { code: error.code, sentence: error.message, count: 1, last: now });
    this.#log.warn({ code: error.code, place: error.place }, error.message);
    return error;
  }

  /** Notes something for the events of the fleet. */
  event(kind: AgentEvent['kind'], sentence: string, place?: string): void {
    this.#sequence += 1;
    const event = { sequence: this.#sequence, kind, time: this.#clock.now(), sentence };
    this.#events.push(place === undefined ? event : { ...event, place });
    if (this.#events.length > readingLimits.eventsMax) {
      this.#events.shift();
      this.eventsDropped += 1;
    }
    this.#log.warn({ kind, place }, sentence);
  }

  /** Forgets the events up to a sequence number. */
  confirm(sequence: number): void {
    this.#events = this.#events.filter((event) => event.sequence > sequence);
  }

  /** Makes room: the error not seen longest goes. */
  #errorMore(): void {
    this.errorsMore += 1;
    const [oldest] = [...this.#errors].sort(([, one], [, other]) => one.last - other.last);
    if (oldest !== undefined) this.#errors.delete(oldest[0]);
  }
}
