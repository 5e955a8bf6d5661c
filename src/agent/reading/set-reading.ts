import { AppError } from '#error';
import type { DeadLetter, Rec } from '#event';
import type { LogReader, ReaderState, RecordSink } from '#source';
import { readingLimits } from '../limits.ts';
import type { NewBatch } from '../spool/spool.ts';
import type { SetState } from '../state/set-state.ts';
import { Content } from '../tail/content.ts';
import { type LogFile, primaryOf } from '../tail/log-file.ts';
import type { LogSet } from '../tail/log-set.ts';
import { addDeadLetter, addToBatch, beginBatch, endBatch, type OpenBatch } from './batch-maker.ts';
import { quietMs, restMs } from './file-rest.ts';
import { LineCounter } from './line-counter.ts';
import type { ProfileLimits } from './reading.ts';
import type { ReadingParts, Turn } from './reading-parts.ts';

const newline = 10;

/** What to do after a piece: go on, let others have their turn, or look for files first. */
type Step = 'on' | 'rest' | 'look';

interface ClosedBatch {
  readonly file: LogFile;
  readonly marks: LogFile['marks'];
  readonly batch: OpenBatch;
  packed: NewBatch | undefined;
}

/** Reads one log, file after file, into the spool; what is known of its sessions goes on from file to file. */
export class SetReading implements RecordSink {
  readonly set: LogSet;
  /** Zone of times without one. */
  zone: string;
  limits: ProfileLimits;
  /** Epoch milliseconds of the last checkpoint, and what it cost. */
  checkpointed: { at: number; tookMs: number; bytes: number };
  readonly #parts: ReadingParts;
  readonly #restarts: number[];
  #reader: LogReader | undefined;
  #state: { readonly reader: ReaderState; readonly fileId: string | undefined } | undefined;
  #latest: number | undefined;
  #file: LogFile | undefined;
  #content: Content | undefined;
  #counter = new LineCounter(0);
  /** Byte up to which lines were counted. */
  #at = 0;
  #open: OpenBatch | undefined;
  #openSince = 0;
  #closed: ClosedBatch[] = [];
  #bytes = 0;

  constructor(set: LogSet, zone: string, limits: ProfileLimits, parts: ReadingParts, saved?: SetState) {
    this.set = set;
    this.zone = zone;
    this.limits = limits;
    this.#parts = parts;
    this.#restarts = [...(saved?.restarts ?? [])];
    this.#latest = saved?.latest;
    if (saved?.reader !== undefined) this.#state = { reader: saved.reader, fileId: saved.current };
    this.checkpointed = { at: parts.clock.now(), tookMs: 0, bytes: 0 };
  }

  get sessionsOpen(): number {
    return this.#reader?.sessionsOpen ?? 0;
  }

  /** Time of the latest record, epoch milliseconds. */
  get latest(): number | undefined {
    return this.#latest;
  }

  /** Whether anything was read that no checkpoint names. */
  get dirty(): boolean {
    return this.#bytes > this.checkpointed.bytes || this.#open !== undefined || this.#closed.length > 0;
  }

  /** Bytes read since the last checkpoint. */
  get bytesSinceCheckpoint(): number {
    return this.#bytes - this.checkpointed.bytes;
  }

  /** Byte of a file up to which all is in the spool. */
  spooled(file: LogFile): number {
    const closed = this.#closed.find((one) => one.file === file);
    if (closed !== undefined) return closed.batch.from;
    return file === this.#file ? (this.#open?.from ?? this.#at) : file.position;
  }

  /** Learns of a server start; of one that lies before what was read already nothing is changed any more. */
  noteStart(time: number): void {
    if (this.#latest !== undefined && time <= this.#latest) return;
    if (this.#restarts.includes(time)) return;
    this.#restarts.push(time);
    this.#restarts.sort((one, other) => one - other);
  }

  /** Reads until there is nothing more, or it is another log's turn. */
  async turn(): Promise<Turn> {
    const before = this.#bytes;
    await this.flush(false);
    if (this.#file?.done === true) await this.#leave();
    let step: Step = 'on';
    while (step === 'on' && this.#bytes - before < readingLimits.turnBytes) step = await this.#step();
    return { more: step === 'on', progress: this.#bytes > before, scan: step === 'look' };
  }

  /** Reads a piece. */
  async #step(): Promise<Step> {
    const { tail, spool, pace } = this.#parts;
    const file = this.set.files.find(({ done }) => !done);
    if (file === undefined || !spool.hasRoom || this.#closed.length > 0 || !pace.free) return 'rest';
    if (tail.isHeldUp(this.set, file)) return 'look';
    await tail.open(file);
    const content = await this.#contentOf(file);
    this.#replayEnding(file, content);
    const more = await this.#more(file, content);
    switch (more?.what) {
      case undefined:
        return 'rest';
      case 'closed':
        return file.carriers.length === 0 ? 'look' : 'rest';
      case 'changed':
        for (const carrier of file.carriers) if (carrier === primaryOf(file)) carrier.changed = true;
        return 'look';
      case 'bytes':
        await this.#push(more.bytes, file, content);
        return 'on';
      case 'end':
        return (await this.#atEnd(file, content, more.whole)) ? 'on' : 'rest';
    }
  }

  /** Moves batches to the spool: those that are full, or with `all` whatever there is. */
  async flush(all: boolean): Promise<void> {
    if (this.#isDue(all)) this.#close();
    for (let [first] = this.#closed; first !== undefined && this.#parts.spool.hasRoom; [first] = this.#closed) {
      if (!(await this.#append(first))) return;
      this.#closed.shift();
    }
  }

  #isDue(all: boolean): boolean {
    const open = this.#open;
    if (open === undefined) return false;
    const age = Math.abs(this.#parts.clock.now() - this.#openSince);
    const isOld = open.records > 0 && age >= this.limits.intervalMs;
    return isOld || open.ended || this.#isFull(open) || (all && open.to > open.from);
  }

  /** False when the spool has no room for it. */
  async #append(closed: ClosedBatch): Promise<boolean> {
    closed.packed ??= await endBatch(closed.batch);
    const { id, place, stream } = closed.file;
    const about = { id, place, source: this.set.source.id, log: this.set.log, stream, marks: closed.marks };
    try {
      await this.#parts.spool.append(about, closed.packed);
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'spool-full') return false;
      throw thrown;
    }
    this.#parts.counts.lines += closed.packed.lines;
    return true;
  }

  /** Whether everything read is in the spool. */
  get isFlushed(): boolean {
    return this.#open === undefined && this.#closed.length === 0;
  }

  /** What must be saved to go on from here; only when {@link isFlushed}. */
  state(): SetState {
    if (this.#file !== undefined && this.#content !== undefined) this.#file.marks = this.#content.marks;
    const current = this.#file?.id ?? this.#state?.fileId;
    const reader = this.#reader?.save() ?? this.#state?.reader;
    return { set: this.set, current, reader, restarts: this.#restarts.slice(-100), latest: this.#latest };
  }

  /** Keeps the marks of the file being read up to date, so that it is known again. */
  refreshMarks(): void {
    if (this.#file !== undefined && this.#content !== undefined) this.#file.marks = this.#content.marks;
  }

  noteCheckpoint(tookMs: number): void {
    this.checkpointed = { at: this.#parts.clock.now(), tookMs, bytes: this.#bytes };
  }

  async close(): Promise<void> {
    await this.#content?.close();
  }

  record(rec: Rec): void {
    const { position = 0, EventTime: time } = rec;
    this.#cross(position);
    if (time !== undefined) {
      if (this.#latest === undefined || time > this.#latest) this.#latest = time;
      if (this.set.log === 'error' && rec.kind === 'start') this.#parts.started(this.set.folder, time);
    }
    if (!this.#isGivenOut(position, time)) return;
    // The server names both: they are the batch's.
    rec.stream = undefined;
    rec.generation = undefined;
    addToBatch(this.#batch(), rec);
    this.#parts.counts.records += 1;
  }

  dead({ position, log, source, raw }: DeadLetter): void {
    this.#cross(position);
    if (!this.#isGivenOut(position, undefined)) return;
    addDeadLetter(this.#batch(), { position, log, source, raw });
    this.#parts.counts.deadLetters += 1;
  }

  #isGivenOut(position: number, time: number | undefined): boolean {
    const file = this.#file;
    if (file === undefined) return false;
    if (file.notBefore !== undefined) {
      if (time === undefined || time < file.notBefore) {
        this.#parts.counts.skipped += 1;
        return false;
      }
      file.notBefore = undefined;
    }
    return !file.covered.has(position);
  }

  /** The batch the next record goes to. */
  #batch(): OpenBatch {
    if (this.#open !== undefined && this.#isFull(this.#open)) this.#close();
    if (this.#open === undefined) {
      this.#open = beginBatch(this.#at);
      this.#openSince = this.#parts.clock.now();
    }
    return this.#open;
  }

  /** Counts the lines up to a position, to the batch they belong to or to none. */
  #cross(to: number): void {
    const file = this.#file;
    if (file === undefined) return;
    while (this.#at < to) {
      const boundary = file.covered.boundary(this.#at);
      const end = Math.min(boundary, to);
      if (file.covered.has(this.#at) || file.notBefore !== undefined) {
        this.#close();
        this.#parts.pace.took(this.#counter.advance(end));
      } else {
        const batch = this.#open ?? this.#batch();
        const lines = this.#counter.advance(end);
        this.#parts.pace.took(lines);
        batch.lines += lines;
        batch.to = end;
        if (end === boundary) this.#close();
      }
      this.#at = end;
    }
    file.covered.forget(this.#at);
  }

  #close(): void {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined || this.#file === undefined || this.#content === undefined) return;
    this.#closed.push({ file: this.#file, marks: this.#content.marks, batch: open, packed: undefined });
  }

  #isFull(batch: OpenBatch): boolean {
    return batch.records >= this.limits.batchRecords || batch.size >= this.limits.batchBytes;
  }

  /** The content to read from; the reader goes on with it. */
  async #contentOf(file: LogFile): Promise<Content> {
    if (this.#file === file && this.#content !== undefined) return this.#content;
    await this.#leave();
    const { clock, reports, buffer } = this.#parts;
    const reader = this.#readerFor(file);
    const { position, stream } = file;
    const modified = primaryOf(file)?.facts.modified;
    reader.startFile({
      stream,
      generation: 0,
      position,
      ...(modified === undefined ? {} : { time: Math.trunc(modified) }),
    });
    this.#file = file;
    this.#content = new Content(file, clock, reports, buffer);
    this.#counter = new LineCounter(position);
    this.#at = position;
    return this.#content;
  }

  /** The reader, in the state it was saved in; a file that state does not belong to comes behind it. */
  #readerFor(file: LogFile): LogReader {
    if (this.#reader !== undefined) return this.#reader;
    const state = this.#state;
    this.#state = undefined;
    this.#reader = this.#create();
    if (state === undefined) return this.#reader;
    try {
      this.#reader.restore(state.reader);
    } catch (thrown) {
      this.#parts.reports.error(thrown);
      this.#reader = this.#create();
      // Sessions are known again by reading the file from its start; its records are not given out twice.
      if (state.fileId === file.id) {
        file.covered.add({ from: 0, to: file.position });
        file.position = 0;
      }
    }
    return this.#reader;
  }

  #create(): LogReader {
    const { source, log } = this.set;
    return source.createReader({ log, zone: this.zone, restarts: this.#restarts });
  }

  /** Ends with a file: when it will not be read on, what the reader still has of it is whole. */
  async #leave(): Promise<void> {
    const file = this.#file;
    const content = this.#content;
    if (file === undefined || content === undefined) return;
    if (file.done && content.end > file.position) this.#endFile(file, content);
    file.marks = content.marks;
    if (this.#open !== undefined && this.#open.to > this.#open.from) this.#close();
    this.#open = undefined;
    await content.close();
    this.#file = undefined;
    this.#content = undefined;
    await this.flush(true);
  }

  async #more(file: LogFile, content: Content): Promise<Awaited<ReturnType<Content['more']>> | undefined> {
    try {
      const more = await content.more(file.endings[0] ?? Number.MAX_SAFE_INTEGER);
      file.failure = undefined;
      return more;
    } catch (thrown) {
      file.failure = this.#parts.reports.error(thrown).code;
      return undefined;
    }
  }

  /** Tells the reader what it was told here before: then it gives out the same records. */
  #replayEnding(file: LogFile, content: Content): void {
    while (file.endings[0] !== undefined && file.endings[0] <= content.end) {
      if (file.endings[0] === content.end && content.end > file.position) this.#endFile(file, content);
      file.endings.shift();
    }
  }

  async #push(bytes: Buffer, file: LogFile, content: Content): Promise<void> {
    this.#counter.push(bytes);
    this.#reader?.push(bytes, this);
    file.position = this.#reader?.position ?? content.end;
    this.#cross(file.position);
    this.#counter.settle();
    this.#bytes += bytes.length;
    this.#parts.counts.bytes += bytes.length;
    // What a file that was rotated away holds did not grow just now.
    if (!this.#parts.tail.isRotated(this.set, file)) {
      file.grown = this.#parts.clock.now();
      file.grownSteady = this.#parts.clock.steady();
    }
    if (this.#closed.length > 0 || (this.#open !== undefined && this.#isFull(this.#open))) await this.flush(false);
  }

  /** The end of what is there. True when the file is done with, and the next can be read. */
  async #atEnd(file: LogFile, content: Content, whole: boolean): Promise<boolean> {
    const rotated = whole || this.#parts.tail.isRotated(this.set, file);
    if (!whole && !(await this.#isAtRest(file, content, rotated))) return false;
    if (content.end > file.position) this.#endFile(file, content);
    if (!rotated) {
      await this.flush(false);
      return false;
    }
    await this.#parts.tail.finish(file);
    await this.#leave();
    return true;
  }

  async #isAtRest(file: LogFile, content: Content, rotated: boolean): Promise<boolean> {
    const needed = restMs(content, rotated, this.#reader?.awaits === true);
    return (await quietMs(file, rotated, this.#parts.clock)) >= needed;
  }

  #endFile(file: LogFile, content: Content): void {
    this.#reader?.endFile(this);
    file.position = this.#reader?.position ?? content.end;
    this.#cross(file.position);
    const open = this.#open;
    if (open === undefined) return;
    open.ended = true;
    if (content.lastByte !== newline) open.lines += 1;
    this.#close();
  }
}
