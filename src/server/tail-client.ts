import type { Event } from '#event';

/** What a tail tells its client. */
export type TailMessage =
  | { readonly kind: 'event'; readonly number: number; readonly data: string }
  /** Events that matched and were not delivered because the client was too slow. */
  | { readonly kind: 'dropped'; readonly count: number; readonly total: number }
  /** Nothing happened for the time of a heartbeat. */
  | { readonly kind: 'quiet' }
  | { readonly kind: 'end' };

/** Bounds of one tail. */
export interface TailClientLimits {
  readonly tailQueue: number;
  readonly tailQueueBytes: number;
  readonly tailHeartbeatMs: number;
}

/** An event as it is sent. */
interface Item {
  readonly number: number;
  readonly data: string;
}

/**
 * One tail: its filter, and the events waiting for its reader. A reader that is too slow loses the oldest ones and is
 * told how many. Events already given out are remembered as far as the queue's limit allows, so that a reader that
 * lost its connection goes on exactly where it was.
 */
export class TailClient {
  readonly id: string;
  /** Text of the filter: a reader that comes back goes on only with the same one. */
  readonly query: string;
  readonly matches: (event: Event) => boolean;
  dropped = 0;
  readonly #limits: TailClientLimits;
  #numbers = 0;
  #waiting: Item[] = [];
  #waitingBytes = 0;
  #sent: Item[] = [];
  #sentBytes = 0;
  #untold = 0;
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(id: string, query: string, matches: (event: Event) => boolean, limits: TailClientLimits) {
    this.id = id;
    this.query = query;
    this.matches = matches;
    this.#limits = limits;
  }

  /** Takes an event that matched; gives how many had to go for it. */
  offer(data: string): number {
    if (this.#ended) return 0;
    this.#numbers += 1;
    this.#waiting.push({ number: this.#numbers, data });
    this.#waitingBytes += data.length;
    const lost = this.#shorten();
    this.#wake?.();
    return lost;
  }

  #shorten(): number {
    let lost = 0;
    while (this.#waiting.length > this.#limits.tailQueue || this.#waitingBytes > this.#limits.tailQueueBytes) {
      const oldest = this.#waiting.shift();
      if (oldest === undefined) break;
      this.#waitingBytes -= oldest.data.length;
      lost += 1;
    }
    this.#untold += lost;
    this.dropped += lost;
    return lost;
  }

  /** Notes events that matched and never came into the queue. */
  lose(count: number): void {
    this.#untold += count;
    this.dropped += count;
    if (count > 0) this.#wake?.();
  }

  /** Gives the next message. A client has one reader at a time. */
  async next(): Promise<TailMessage> {
    const now = this.#take();
    if (now !== undefined) return now;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#limits.tailHeartbeatMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
    return this.#take() ?? { kind: 'quiet' };
  }

  #take(): TailMessage | undefined {
    if (this.#ended) return { kind: 'end' };
    if (this.#untold > 0) {
      const count = this.#untold;
      this.#untold = 0;
      return { kind: 'dropped', count, total: this.dropped };
    }
    const item = this.#waiting.shift();
    if (item === undefined) return undefined;
    this.#waitingBytes -= item.data.length;
    this.#remember(item);
    return { kind: 'event', number: item.number, data: item.data };
  }

  #remember(item: Item): void {
    this.#sent.push(item);
    this.#sentBytes += item.data.length;
    while (this.#sent.length > this.#limits.tailQueue || this.#sentBytes > this.#limits.tailQueueBytes) {
      const oldest = this.#sent.shift();
      if (oldest === undefined) break;
      this.#sentBytes -= oldest.data.length;
    }
  }

  /** Goes back to just behind the event with this number; false when that is no longer possible. */
  rewind(number: number): boolean {
    if (number > this.#numbers) return false;
    const again = this.#sent.filter((item) => item.number > number);
    const first = again[0] ?? this.#waiting[0];
    const complete = first === undefined ? number === this.#numbers : first.number === number + 1;
    this.#sent = this.#sent.filter((item) => item.number <= number);
    this.#sentBytes = this.#sent.reduce((sum, item) => sum + item.data.length, 0);
    this.#waiting = [...again, ...this.#waiting];
    this.#waitingBytes = this.#waiting.reduce((sum, item) => sum + item.data.length, 0);
    // Those dropped while nobody read are told of as dropped.
    return complete || this.#untold > 0;
  }

  /** Wakes the reader for the last time. */
  end(): void {
    this.#ended = true;
    this.#waiting = [];
    this.#sent = [];
    this.#wake?.();
  }

  /** Wakes a reader whose connection is gone, so that it can leave. */
  wake(): void {
    this.#wake?.();
  }
}
