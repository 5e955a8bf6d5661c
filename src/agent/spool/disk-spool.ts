import { AppError } from '#error';
import type { FileSystem } from '../file-system.ts';
import { type SpoolLimits, spoolLimits } from '../limits.ts';
import type { Clock, SpoolStatus } from '../reading/reading.ts';
import type { Reports } from '../reports.ts';
import { Ledger } from './ledger.ts';
import type { EntryHead } from './segment.ts';
import { Segments, type StoredEntry } from './segments.ts';
import type { NewBatch, Spool, SpoolEntry, SpoolFile, SpoolRun, TogetherBounds } from './spool.ts';

/** Bytes that an entry takes beside its body, at most, in practice. */
const headReserve = 4096;

/** What the spool needs. */
export interface DiskSpoolOptions {
  readonly fileSystem: FileSystem;
  readonly folder: string;
  readonly clock: Clock;
  readonly reports: Reports;
  readonly limits?: SpoolLimits;
}

/** How much the spool may hold; set by the profile. */
export interface SpoolBounds {
  readonly bytes: number;
  readonly ageMs: number;
}

/** A file's batches that wait. */
interface Queue {
  file: SpoolFile;
  /** Not acknowledged, oldest first. */
  waiting: StoredEntry[];
}

/**
 * The spool. An entry can be shipped once it was synced; a segment is deleted when all its entries were acknowledged and
 * no start would need them to know how far a log had been read.
 */
export class DiskSpool implements Spool {
  bounds: SpoolBounds = { bytes: Number.MAX_SAFE_INTEGER, ageMs: Number.POSITIVE_INFINITY };
  readonly #options: DiskSpoolOptions;
  readonly #limits: SpoolLimits;
  readonly #segments: Segments;
  readonly #ledger: Ledger;
  readonly #queues = new Map<string, Queue>();
  readonly #acknowledged = new Set<number>();
  /** Up to where a checkpoint names the entries of a file; entries of files that are not here are not named by any. */
  readonly #checkpoints = new Map<string, number>();
  readonly #listeners = new Set<() => void>();
  readonly #claimListeners = new Set<(fileId: string, position: number) => void>();
  /** Number of the last entry that is synced. */
  #synced = 0;
  /** Bytes of the largest entry so far: so much must be free for there to be room. */
  #largest = 0;
  #ledgerDirty = false;
  #ledgerSaved = 0;
  /** Work on the disk, one after another. */
  #work: Promise<unknown> = Promise.resolve();

  constructor(options: DiskSpoolOptions) {
    this.#options = options;
    this.#limits = options.limits ?? spoolLimits;
    this.#segments = new Segments(options.fileSystem, options.folder, options.reports);
    this.#ledger = new Ledger(options.fileSystem, options.folder);
  }

  /** Finds what is there: cuts a torn end, sets damage aside. */
  async open(): Promise<void> {
    const { fileSystem, folder, reports } = this.#options;
    await fileSystem.makeFolder(folder);
    const { content, damaged } = await this.#ledger.load();
    if (damaged) {
      reports.event('state-damaged', 'The ledger of the spool was damaged; what it held is asked and sent again.');
    }
    this.#segments.next = content.next;
    await this.#segments.open();
    for (const file of content.files) this.#queues.set(file.id, { file, waiting: [] });
    const acknowledged = new Set(content.acknowledged);
    for (const stored of this.#segments.entries()) {
      const { head } = stored;
      if (acknowledged.has(head.sequence)) this.#acknowledged.add(head.sequence);
      else this.#queueOf(head).waiting.push(stored);
    }
    this.#synced = this.#segments.next - 1;
  }

  get hasRoom(): boolean {
    return this.fullness === 'room';
  }

  /** Whether a batch fits, or why not. */
  get fullness(): 'room' | 'full' | 'old' {
    // An empty spool takes whatever comes: waiting would not make it smaller.
    const isEmpty = this.#segments.bytes === 0;
    if (!isEmpty && this.#segments.bytes + this.#largest > this.bounds.bytes) return 'full';
    const oldest = this.#oldest()?.head.made;
    return oldest !== undefined && this.#options.clock.now() - oldest > this.bounds.ageMs ? 'old' : 'room';
  }

  get status(): SpoolStatus {
    const oldest = this.#oldest()?.head.made;
    let batches = 0;
    for (const { waiting } of this.#queues.values()) batches += waiting.length;
    return {
      bytes: this.#segments.bytes,
      batches,
      oldestSeconds: oldest === undefined ? 0 : Math.max(0, (this.#options.clock.now() - oldest) / 1000),
      full: !this.hasRoom,
      damagedBytes: this.#segments.damagedBytes,
    };
  }

  files(): readonly SpoolFile[] {
    const first = (queue: Queue): number => queue.waiting[0]?.head.sequence ?? Number.MAX_SAFE_INTEGER;
    return [...this.#queues.values()]
      .filter((queue) => first(queue) <= this.#synced)
      .sort((one, other) => first(one) - first(other))
      .map(({ file }) => file);
  }

  file(id: string): SpoolFile | undefined {
    return this.#queues.get(id)?.file;
  }

  /** Says what is known of a file, such as new marks or another place. */
  describe(file: Omit<SpoolFile, 'generation'>): void {
    const queue = this.#queues.get(file.id);
    if (queue === undefined) return;
    queue.file = { ...file, generation: queue.file.generation };
  }

  /** The heads of all entries that are there, acknowledged or not, oldest first. */
  *heads(): Generator<EntryHead> {
    for (const { head } of this.#segments.entries()) yield head;
  }

  async next(fileId?: string): Promise<{ readonly entry: SpoolEntry; readonly body: Buffer } | undefined> {
    for (;;) {
      const stored = fileId === undefined ? this.#oldest() : this.#queues.get(fileId)?.waiting[0];
      if (stored === undefined || stored.head.sequence > this.#synced) return undefined;
      const body = await this.#segments.body(stored);
      if (body !== undefined) return { entry: entryOf(stored), body };
      this.#giveUp(stored);
    }
  }

  async nextTogether(fileId: string, bounds: TogetherBounds): Promise<SpoolRun | undefined> {
    const first = await this.next(fileId);
    if (first === undefined) return undefined;
    const entries: [SpoolEntry, ...SpoolEntry[]] = [first.entry];
    const bodies = [first.body];
    let { records, bytes, to } = first.entry;
    for (const stored of [...(this.#queues.get(fileId)?.waiting ?? [])]) {
      const { head, found } = stored;
      if (head.sequence <= first.entry.sequence) continue;
      records += head.records;
      bytes += found.bodyBytes;
      const isNext = head.from === to && head.sequence <= this.#synced;
      if (!isNext || records > bounds.records || bytes > bounds.bytes) break;
      const body = await this.#segments.body(stored);
      // What is damaged is given up when it comes first.
      if (body === undefined) break;
      entries.push(entryOf(stored));
      bodies.push(body);
      to = head.to;
    }
    return { entries, body: bodies.length === 1 ? first.body : Buffer.concat(bodies) };
  }

  acknowledge(entry: Pick<SpoolEntry, 'fileId' | 'sequence'>): void {
    const queue = this.#queues.get(entry.fileId);
    const at = queue?.waiting.findIndex(({ head }) => head.sequence === entry.sequence) ?? -1;
    if (queue === undefined || at < 0) return;
    queue.waiting.splice(at, 1);
    this.#acknowledged.add(entry.sequence);
    this.#ledgerDirty = true;
  }

  setGeneration(fileId: string, claim: { readonly generation: number; readonly position: number }): void {
    const queue = this.#queues.get(fileId);
    if (queue === undefined) return;
    queue.file = { ...queue.file, generation: claim.generation };
    for (const { head } of queue.waiting.filter(({ head }) => head.to <= claim.position)) this.acknowledge(head);
    this.#ledgerDirty = true;
    for (const listener of this.#claimListeners) listener(fileId, claim.position);
  }

  onWaiting(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls back when the server has said how far it has a file. */
  onClaim(listener: (fileId: string, position: number) => void): void {
    this.#claimListeners.add(listener);
  }

  /** Tells that a start goes on behind this position of a file by a checkpoint, and needs no entry before it. */
  checkpointed(fileId: string, position: number): void {
    this.#checkpoints.set(fileId, position);
  }

  /** Forgets a file that has no batches. */
  forget(fileId: string): void {
    if ((this.#queues.get(fileId)?.waiting.length ?? 0) > 0) return;
    this.#queues.delete(fileId);
    this.#checkpoints.delete(fileId);
    this.#ledgerDirty = true;
  }

  append(file: Omit<SpoolFile, 'generation'>, batch: NewBatch): Promise<SpoolEntry> {
    return this.#inTurn(async () => {
      const { body, ...rest } = batch;
      this.#largest = Math.max(this.#largest, body.length + headReserve);
      if (!this.hasRoom) throw new AppError('spool-full', 'The spool has no room for another batch.');
      const { id: fileId, place, source, log, stream } = file;
      const made = this.#options.clock.now();
      const head = { sequence: this.#segments.next, fileId, ...rest, made, place, source, log, stream };
      const stored = await this.#segments.append(head, body, this.#segmentBytes);
      const queue = this.#queueOf(head);
      queue.file = { ...file, generation: queue.file.generation };
      queue.waiting.push(stored);
      return entryOf(stored);
    });
  }

  sync(): Promise<void> {
    return this.#inTurn(() => this.#sync());
  }

  /** Deletes segments that are done with, and saves what was acknowledged; does so at most every few seconds. */
  tidy(): Promise<void> {
    return this.#inTurn(async () => {
      const now = this.#options.clock.now();
      if (Math.abs(now - this.#ledgerSaved) < this.#limits.ledgerMs) return;
      this.#ledgerSaved = now;
      await this.#deleteDone();
      if (this.#ledgerDirty) await this.#saveLedger();
    });
  }

  /** Syncs and saves everything. */
  close(): Promise<void> {
    return this.#inTurn(async () => {
      try {
        await this.#sync();
        await this.#deleteDone();
        await this.#saveLedger();
      } finally {
        await this.#segments.close();
      }
    });
  }

  async #sync(): Promise<void> {
    if (this.#synced === this.#segments.next - 1) return;
    const failed = await this.#segments.sync();
    if (failed !== undefined) {
      for (const { head } of failed.lost) {
        const queue = this.#queues.get(head.fileId);
        if (queue !== undefined) queue.waiting = queue.waiting.filter((one) => one.head !== head);
      }
    }
    this.#synced = this.#segments.next - 1;
    for (const listener of this.#listeners) listener();
    if (failed !== undefined) throw failed.failure;
  }

  get #segmentBytes(): number {
    return Math.min(this.#limits.segmentBytes, Math.ceil(this.bounds.bytes / 8));
  }

  #queueOf({ fileId: id, place, source, log, stream }: EntryHead): Queue {
    const known = this.#queues.get(id);
    if (known !== undefined) return known;
    const queue: Queue = {
      file: { id, place, source, log, stream, marks: [], generation: undefined },
      waiting: [],
    };
    this.#queues.set(id, queue);
    return queue;
  }

  /** An entry that cannot be read any more is no more. */
  #giveUp({ head, found }: StoredEntry): void {
    this.#segments.damagedBytes += found.length;
    const range = `bytes ${head.from} to ${head.to}`;
    this.#options.reports.event('spool-damaged', `A batch with ${range} was damaged in the spool.`, head.place);
    this.acknowledge(head);
  }

  #oldest(): StoredEntry | undefined {
    let oldest: StoredEntry | undefined;
    for (const { waiting } of this.#queues.values()) {
      const [first] = waiting;
      if (first !== undefined && (oldest === undefined || first.head.sequence < oldest.head.sequence)) oldest = first;
    }
    return oldest;
  }

  async #deleteDone(): Promise<void> {
    // Without room no checkpoint can be made, and what waits for one would wait for ever: then a start may read again
    // what the server has, which adds nothing there.
    const mustMakeRoom = this.fullness === 'full';
    const isDone = ({ head }: StoredEntry): boolean =>
      this.#acknowledged.has(head.sequence) &&
      (mustMakeRoom || head.to <= (this.#checkpoints.get(head.fileId) ?? Number.POSITIVE_INFINITY));
    if (await this.#segments.deleteDone(isDone, mustMakeRoom ? 0 : this.#segmentBytes / 4)) this.#ledgerDirty = true;
  }

  async #saveLedger(): Promise<void> {
    const acknowledged: number[] = [];
    for (const { head } of this.#segments.entries()) {
      if (this.#acknowledged.has(head.sequence)) acknowledged.push(head.sequence);
    }
    this.#acknowledged.clear();
    for (const sequence of acknowledged) this.#acknowledged.add(sequence);
    const files = [...this.#queues.values()].map(({ file }) => file);
    await this.#ledger.save({ next: this.#segments.next, acknowledged, files });
    this.#ledgerDirty = false;
  }

  /** One piece of work at a time: entries of several writers must not mix. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#work.then(work, work);
    this.#work = turn.catch(() => undefined);
    return turn;
  }
}

function entryOf({ head, found }: StoredEntry): SpoolEntry {
  const { sequence, fileId, from, to, lines, records, made, ended } = head;
  return { sequence, fileId, from, to, lines, records, made, ended, bytes: found.bodyBytes };
}
