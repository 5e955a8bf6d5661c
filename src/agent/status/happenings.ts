import { type AgentHappening, type AgentHappeningKind, messageLimits } from '#delivery';
import type { AgentEvent, Clock } from '../reading/reading.ts';

/** What may be remembered until the server has it. */
const happeningsMax = 1000;

/** Keeps what only the agent sees until the server has stored it: of all parts of the agent, in one order. */
export class Happenings {
  readonly #clock: Clock;
  #waiting: AgentHappening[] = [];
  #sequence = 0;
  /** Happenings forgotten because too many waited. */
  dropped = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The next to tell, as many as one heartbeat carries. */
  get next(): readonly AgentHappening[] {
    return this.#waiting.slice(0, messageLimits.happenings);
  }

  add(
    kind: AgentHappeningKind,
    sentence: string,
    more: { readonly place?: string; readonly code?: string } = {},
  ): void {
    this.#keep({ kind, time: this.#clock.now(), sentence, ...more });
  }

  /** Takes over what reading saw; gives the number up to which it was, so that it can be confirmed there. */
  takeOver(events: readonly AgentEvent[]): number {
    for (const { kind, time, sentence, place } of events) {
      this.#keep({ kind, time, sentence, ...(place === undefined ? {} : { place }) });
    }
    return events.at(-1)?.sequence ?? 0;
  }

  /** The server has stored these. */
  confirm(sequence: number): void {
    this.#waiting = this.#waiting.filter((one) => one.sequence > sequence);
  }

  #keep(one: Omit<AgentHappening, 'sequence'>): void {
    this.#sequence += 1;
    const { sentence = '', place, ...rest } = one;
    this.#waiting.push({
      sequence: this.#sequence,
      ...rest,
      time: Math.max(0, Math.trunc(one.time)),
      sentence: sentence.slice(0, messageLimits.sentenceLength),
      ...(place === undefined ? {} : { place: place.slice(0, messageLimits.pathLength) }),
    });
    if (this.#waiting.length <= happeningsMax) return;
    this.#waiting.shift();
    this.dropped += 1;
  }
}
