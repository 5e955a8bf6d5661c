import { parseStreamClaimAnswer } from '#delivery';
import { AppError, asAppError } from '#error';
import { shipLimits } from '../limits.ts';
import type { Spool, SpoolEntry, SpoolFile, TogetherBounds } from '../spool/spool.ts';
import { BackOff } from './back-off.ts';
import { type BatchPart, deadLetterOf, probeOf, splitPart, wholeOf } from './batch-part.ts';
import { type Answer, codeOf, errorOf, judgeAnswer, propertyOf } from './judge-answer.ts';
import type { RefusedRecords } from './refused-records.ts';
import type { ServerClient } from './server-client.ts';

/** What was shipped since the start. */
export interface ShippedCounts {
  batches: number;
  records: number;
  lines: number;
  /** Bytes of the logs. */
  bytes: number;
  /** Records the server keeps as dead letters. */
  deadLetters: number;
  /** Records set aside on the host. */
  refused: number;
}

/** What a {@link Shipper} needs. */
export interface ShipperOptions {
  readonly spool: Spool;
  readonly client: ServerClient;
  readonly refused: RefusedRecords;
  /** Told of what goes wrong. */
  readonly failed: (error: AppError) => void;
  /** Aborted: shipping ends. */
  readonly signal: AbortSignal;
  /** How much of what has piled up goes together. */
  readonly together?: TogetherBounds;
  /** Number from 0 up to 1 that chooses how long to wait after a failure. Default: chance. */
  readonly random?: () => number;
}

/**
 * Ships what is in the spool: of each stream one batch after another, of several streams at one time. A batch is
 * acknowledged when the server has said that it is stored, and not before.
 */
export class Shipper {
  readonly counts: ShippedCounts = { batches: 0, records: 0, lines: 0, bytes: 0, deadLetters: 0, refused: 0 };
  readonly #options: ShipperOptions;
  readonly #backOff: BackOff;
  /** Files whose batch is under way. */
  readonly #busy = new Set<string>();
  /** Workers that wait for something to do. */
  readonly #waiting = new Set<() => void>();
  /** Why the server does not take anything of this agent. */
  #refusal: AppError | undefined;
  /** When a refused agent tries again, by the clock of `performance.now()`. */
  #refusedUntil = 0;
  /** Until when nothing is sent after a failure, by the clock of `performance.now()`. */
  #pausedUntil = 0;
  /** The failure was that no server could be reached. */
  #isAway = false;
  /** Times in a row that a server failed inside over the batches of a file. */
  readonly #insideFailures = new Map<string, number>();

  constructor(options: ShipperOptions) {
    this.#options = options;
    this.#backOff = new BackOff(options.random);
  }

  /** Why nothing is shipped: the server refuses the agent itself. */
  get refusal(): AppError | undefined {
    return this.#refusal;
  }

  /** The agent has another key or identity: what was refused may be taken now. */
  forgetRefusal(): void {
    this.#refusal = undefined;
    this.#backOff.reset();
    this.#wake();
  }

  /** A server was reached: if that was what shipping waits for, it goes on. */
  noteReached(): void {
    if (!this.#isAway) return;
    this.#isAway = false;
    this.#pausedUntil = 0;
    this.#backOff.reset();
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
  }

  /** Ships until the signal ends it. Never throws. */
  async run(): Promise<void> {
    const { spool, signal } = this.#options;
    const end = (): void => this.#wake();
    const stop = spool.onWaiting(end);
    signal.addEventListener('abort', end, { once: true });
    const workers = Array.from({ length: shipLimits.concurrency }, () => this.#work());
    await Promise.all(workers);
    stop();
    signal.removeEventListener('abort', end);
  }

  async #work(): Promise<void> {
    const { signal } = this.#options;
    while (!signal.aborted) {
      const pauseMs = this.#pausedUntil - performance.now();
      const file = this.#refusal === undefined && pauseMs <= 0 ? this.#nextFile() : undefined;
      if (file === undefined) {
        await this.#wait(pauseMs > 0 ? pauseMs : idleMs);
        continue;
      }
      this.#busy.add(file.id);
      try {
        await this.#shipNext(file);
      } catch (thrown) {
        if (signal.aborted) break;
        this.#fail(asAppError(thrown), 0, true);
      } finally {
        this.#busy.delete(file.id);
      }
    }
  }

  #nextFile(): SpoolFile | undefined {
    return this.#options.spool.files().find(({ id }) => !this.#busy.has(id));
  }

  /** Resolves when there may be something to do. */
  async #wait(ms = idleMs): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#waiting.add(done);
      if (this.#options.signal.aborted) done();
    });
    const { signal } = this.#options;
    if (signal.aborted || performance.now() < this.#refusedUntil) return;
    this.#refusal = undefined;
  }

  /** Ships the oldest batch of a file, if there is one, and with it those that have piled up behind it. */
  async #shipNext(file: SpoolFile): Promise<void> {
    const { spool } = this.#options;
    if (file.generation === undefined) {
      await this.#claim(file);
      return;
    }
    const run = await spool.nextTogether(file.id, this.#options.together ?? shipLimits.together);
    if (run === undefined) return this.#wait();
    if (await this.#send(file, file.generation, wholeOf(run))) for (const entry of run.entries) this.#done(entry);
  }

  async #claim(file: SpoolFile): Promise<void> {
    const { id, stream, place, source, log, marks } = file;
    const { client, spool } = this.#options;
    const claim = { stream, place, source, log, marks: marks.map(({ position, hash }) => ({ position, hash })) };
    const answer = await client.ask('/agents/self/streams', claim);
    if (judgeAnswer(answer) !== 'done') return this.#refuse(answer);
    spool.setGeneration(id, parseStreamClaimAnswer(answer.json));
    this.#worked(file);
  }

  /**
   * Sends a part, in halves if need be; false when it is to be tried again later, from its beginning. Of a `suspect` part
   * it is known that something in it is not taken.
   */
  async #send(file: SpoolFile, generation: number, part: BatchPart, suspect = false): Promise<boolean> {
    const answer = await this.#post(file, generation, part);
    const verdict = judgeAnswer(answer);
    if (verdict === 'done') {
      const dead = propertyOf(answer.json, 'deadLetters');
      this.counts.deadLetters += typeof dead === 'number' ? dead : 0;
      this.counts.records += part.records;
      this.#worked(file);
      return true;
    }
    if (verdict === 'unclaimed') {
      await this.#claim(file);
      return false;
    }
    if (verdict === 'poisoned' || this.#breaksServer(file, answer, suspect))
      return this.#sendParts(file, generation, part, answer);
    this.#refuse(answer);
    return false;
  }

  #post(file: SpoolFile, generation: number, part: BatchPart): Promise<Answer> {
    return this.#options.client.send({
      method: 'POST',
      path: '/records',
      headers: {
        'content-type': 'application/x-ndjson',
        'content-encoding': 'gzip',
        'meridian-stream': file.stream,
        'meridian-generation': String(generation),
        'meridian-range': `${part.from}-${part.to}`,
        'meridian-lines': String(part.lines),
        'meridian-log': file.log,
        'meridian-place': encodeURIComponent(file.place),
      },
      body: part.body,
    });
  }

  /** The server fails inside over the batches of a file again and again. */
  #breaksServer({ id }: SpoolFile, answer: Answer, suspect: boolean): boolean {
    if (answer.status !== 500 || codeOf(answer.json) !== 'internal') {
      this.#insideFailures.delete(id);
      return false;
    }
    const failures = (this.#insideFailures.get(id) ?? 0) + 1;
    this.#insideFailures.set(id, failures);
    return suspect || failures >= shipLimits.insideFailures;
  }

  /** Halves a part until the record that is not taken stands alone. */
  async #sendParts(file: SpoolFile, generation: number, part: BatchPart, answer: Answer): Promise<boolean> {
    const halves = splitPart(part);
    if (halves === undefined) return this.#sendLast(file, generation, part, answer);
    for (const half of halves) {
      if (!(await this.#send(file, generation, half, true))) return false;
    }
    return true;
  }

  /** The one record that is not taken goes as a dead letter; when not even that is taken, it is set aside. */
  async #sendLast(file: SpoolFile, generation: number, part: BatchPart, answer: Answer): Promise<boolean> {
    const letter = deadLetterOf(part, file.source, file.log);
    if (letter !== undefined) {
      const second = await this.#post(file, generation, letter);
      if (judgeAnswer(second) === 'done') {
        this.counts.deadLetters += 1;
        this.counts.records += 1;
        this.#worked(file);
        return true;
      }
      if (judgeAnswer(second) !== 'poisoned' && !this.#breaksServer(file, second, true)) {
        this.#refuse(second);
        return false;
      }
    }
    // A server that takes nothing at all, not even nothing, must not have a whole log set aside.
    const probe = await this.#post(file, generation, probeOf(part));
    if (judgeAnswer(probe) !== 'done') {
      this.#refuse(probe);
      return false;
    }
    await this.#setAside(file, part, answer);
    return true;
  }

  async #setAside(file: SpoolFile, part: BatchPart, answer: Answer): Promise<void> {
    const path = await this.#options.refused.keep(file.stream, part);
    const cause = errorOf(answer);
    this.counts.refused += part.records;
    this.#options.failed(
      new AppError('batch-refused', `The server takes a record of ${file.log} in no form (${cause.code}).`, {
        place: { file: path },
        cause,
      }),
    );
  }

  #done(entry: SpoolEntry): void {
    this.#options.spool.acknowledge(entry);
    this.counts.batches += 1;
    this.counts.lines += entry.lines;
    this.counts.bytes += entry.to - entry.from;
  }

  #worked({ id }: SpoolFile): void {
    this.#backOff.reset();
    this.#insideFailures.delete(id);
  }

  /** Deals with an answer that is neither done nor the batch's fault. */
  #refuse(answer: Answer): void {
    const error = errorOf(answer);
    if (judgeAnswer(answer) === 'refused') {
      this.#refusal = error;
      this.#refusedUntil = performance.now() + shipLimits.refusedMs;
      this.#options.failed(error);
      return;
    }
    this.#fail(error, answer.retryAfterMs, false);
  }

  /** Nothing is sent for a while, of no stream: a server that is away or busy is so for all of them. */
  #fail(error: AppError, retryAfterMs: number, isAway: boolean): void {
    this.#options.failed(error);
    const now = performance.now();
    // Others that were under way fail of the same.
    if (now < this.#pausedUntil) return;
    this.#pausedUntil = now + this.#backOff.next(retryAfterMs);
    this.#isAway = isAway;
  }
}

/** Milliseconds without a call after which the spool is looked at all the same. */
const idleMs = 5000;
