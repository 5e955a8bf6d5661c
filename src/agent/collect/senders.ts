import { collectLimits } from '../limits.ts';
import type { Clock, ProfileLimits } from '../reading/reading.ts';
import { keyOf, type SavedSender, Sender, type SenderName, type SenderOptions } from './sender.ts';
import type { SpoolQueue } from './spool-queue.ts';
import type { SyslogMessage } from './syslog-message.ts';

/** What became of the messages of all senders, since the start. */
export interface CollectCounts {
  messages: number;
  bytes: number;
  /** Messages longer than is kept; their beginning was taken. */
  cut: number;
  /** UDP messages dropped because the spool was full. */
  dropped: number;
  /** UDP messages the kernel dropped before the agent saw them. */
  kernelDropped: number;
  /** Connections refused: too many, or from an address the profile does not name. */
  refused: number;
  /** Messages counted to a sender of several, because an address named too many. */
  merged: number;
}

/** Keeps the senders apart, and makes batches of what they send. */
export class Senders {
  readonly counts: CollectCounts = {
    messages: 0,
    bytes: 0,
    cut: 0,
    dropped: 0,
    kernelDropped: 0,
    refused: 0,
    merged: 0,
  };
  readonly #queue: SpoolQueue;
  readonly #clock: Clock;
  readonly #limits: () => ProfileLimits;
  /** In the order of their last message, the one quiet longest first. */
  readonly #senders = new Map<string, Sender>();
  readonly #ofAddress = new Map<string, number>();
  readonly #saved: Map<string, SavedSender>;

  constructor(queue: SpoolQueue, clock: Clock, limits: () => ProfileLimits, saved: readonly SavedSender[]) {
    this.#queue = queue;
    this.#clock = clock;
    this.#limits = limits;
    this.#saved = new Map(saved.map((sender) => [keyOf(sender.name), sender]));
  }

  get all(): Iterable<Sender> {
    return this.#senders.values();
  }

  /** Takes a message of a sender. */
  take(name: SenderName, options: SenderOptions, message: SyslogMessage): void {
    const sender = this.#senderOf(name, options);
    sender.take(message, this.#clock.now());
    this.counts.messages += 1;
    this.counts.bytes += message.text.length;
    const { records, bytes } = sender.held;
    const { batchRecords, batchBytes } = this.#limits();
    if (records >= batchRecords || bytes >= batchBytes) this.#close(sender);
  }

  /** Makes batches of what has waited long enough. */
  tick(): void {
    const now = this.#clock.now();
    const { intervalMs } = this.#limits();
    for (const sender of this.#senders.values()) {
      if (now - sender.lastSeen >= collectLimits.quietMs) sender.rest();
      const { since } = sender;
      // A clock that was set back must not hold anything up.
      if (since !== undefined && (now - since >= intervalMs || now < since)) this.#close(sender);
    }
  }

  /** Ends all senders; gives what is needed to go on with them. */
  end(): SavedSender[] {
    const saved: SavedSender[] = [];
    for (const sender of this.#senders.values()) {
      sender.rest();
      this.#close(sender);
      saved.push(sender.save());
    }
    // Those that sent nothing since the start go on, too.
    saved.push(...this.#saved.values());
    this.#senders.clear();
    return saved.slice(0, collectLimits.senders);
  }

  #senderOf(said: SenderName, options: SenderOptions): Sender {
    let name = said;
    let key = keyOf(name);
    let sender = this.#senders.get(key);
    if (sender === undefined && (this.#ofAddress.get(said.address) ?? 0) >= collectLimits.sendersOfAddress) {
      // Whoever makes up names must not push others out.
      name = { ...said, hostname: '', program: '' };
      key = keyOf(name);
      sender = this.#senders.get(key);
      this.counts.merged += 1;
    }
    if (sender === undefined) {
      if (this.#senders.size >= collectLimits.senders) this.#endOldest();
      sender = this.#makeSender(name, options, key);
      this.#ofAddress.set(name.address, (this.#ofAddress.get(name.address) ?? 0) + 1);
    } else this.#senders.delete(key);
    this.#senders.set(key, sender);
    return sender;
  }

  /** Goes on with a sender that was saved; one whose state is of another version begins anew. */
  #makeSender(name: SenderName, options: SenderOptions, key: string): Sender {
    const saved = this.#saved.get(key);
    this.#saved.delete(key);
    try {
      return new Sender(name, options, saved);
    } catch (thrown) {
      if (saved === undefined) throw thrown;
      return new Sender(name, options);
    }
  }

  #endOldest(): void {
    const [oldest] = this.#senders;
    if (oldest === undefined) return;
    const [key, sender] = oldest;
    sender.rest();
    this.#close(sender);
    this.#senders.delete(key);
    const { address } = sender.name;
    const left = (this.#ofAddress.get(address) ?? 1) - 1;
    if (left > 0) this.#ofAddress.set(address, left);
    else this.#ofAddress.delete(address);
  }

  #close(sender: Sender): void {
    const made = sender.batch();
    if (made !== undefined) this.#queue.add(made);
  }
}
