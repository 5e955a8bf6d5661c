import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { DeadLetter, Rec } from '#event';
import type { LogReader, ReaderState, RecordSink, Source } from '#source';
import { collectLimits } from '../limits.ts';
import type { NewBatch, SpoolFile } from '../spool/spool.ts';
import type { SyslogMessage } from './syslog-message.ts';

/** Who sends: what tells one correlation from another. */
export interface SenderName {
  /** Kind of the port and where it listens: `syslog-tcp *:5514`. */
  readonly port: string;
  readonly address: string;
  /** As the sender says; may be empty. */
  readonly hostname: string;
  readonly program: string;
}

/** How a sender's messages are read. */
export interface SenderOptions {
  readonly source: Source;
  readonly log: string;
  readonly zone: string;
}

/** What is kept of a sender over an orderly end of the agent. */
export interface SavedSender {
  readonly name: SenderName;
  readonly stream: string;
  readonly position: number;
  readonly state: ReaderState;
}

/** A batch, and the sender it is of. */
export interface SenderBatch {
  readonly file: Omit<SpoolFile, 'generation'>;
  readonly batch: NewBatch;
}

/** Records are mostly alike, so the fastest level does. */
const level = 1;
const newline = Buffer.from('\n');

/** Names a sender: a text that two senders never share. */
export function keyOf({ port, address, hostname, program }: SenderName): string {
  return [port, address, hostname, program].join('\0');
}

/**
 * One sender: its messages are lines of a log of its own, read by the source's reader, with one correlation state.
 *
 * Its stream is made up of these lines, each with a line break behind it; positions count their bytes. The stream gets a
 * name nobody else can have, anew after every end of the agent that was not in good order: what was received then and
 * not spooled is gone, and no position may mean two things.
 */
export class Sender implements RecordSink {
  readonly name: SenderName;
  /** When the last message came, epoch milliseconds. */
  lastSeen = 0;
  readonly #reader: LogReader;
  readonly #stream: string;
  /** Set before every session key: numbers of connections are alike on all servers. */
  readonly #tag: string;
  readonly #file: Omit<SpoolFile, 'generation'>;
  /** Bytes given to the reader. */
  #pushed: number;
  /** Byte offset behind the last batch. */
  #spooled: number;
  #linesSpooled: number;
  #lines: string[] = [];
  #bytes = 0;
  #since: number | undefined;
  /** The reader was told that what it has is whole. */
  #ended = true;

  constructor(name: SenderName, options: SenderOptions, saved?: SavedSender) {
    this.name = name;
    this.#reader = options.source.createReader({
      log: options.log,
      zone: options.zone,
      recordBytesMax: 2 * collectLimits.messageBytes,
      sessionsMax: collectLimits.sessionsOfSender,
    });
    this.#stream = saved?.stream ?? `collected-${randomBytes(16).toString('base64url')}`;
    this.#pushed = saved?.position ?? 0;
    this.#spooled = this.#pushed;
    if (saved !== undefined) this.#reader.restore(saved.state);
    this.#startAt(Date.now());
    this.#linesSpooled = this.#reader.counts.lines;
    this.#tag = createHash('sha256').update(keyOf(name)).digest('hex').slice(0, 8);
    const { port, address, hostname, program } = name;
    this.#file = {
      id: this.#stream,
      place: [port, address, hostname, program].filter((part) => part !== '').join(' '),
      source: options.source.id,
      log: options.log,
      stream: this.#stream,
      marks: [],
    };
  }

  get place(): string {
    return this.#file.place;
  }

  get source(): string {
    return this.#file.source;
  }

  get log(): string {
    return this.#file.log;
  }

  get stream(): string {
    return this.#stream;
  }

  /** Bytes received, as lines. */
  get size(): number {
    return this.#pushed;
  }

  get position(): number {
    return this.#spooled;
  }

  get sessionsOpen(): number {
    return this.#reader.sessionsOpen ?? 0;
  }

  /** Records not yet in a batch, and their bytes. */
  get held(): { readonly records: number; readonly bytes: number } {
    return { records: this.#lines.length, bytes: this.#bytes };
  }

  /** When the oldest byte not in a batch came, epoch milliseconds. */
  get since(): number | undefined {
    return this.#since;
  }

  /** Takes a message as the next line. */
  take(message: SyslogMessage, now: number): void {
    this.lastSeen = now;
    this.#since ??= now;
    // The header's time counts for a line that has none; it can be told while no line is open.
    if (this.#reader.position === this.#pushed) this.#startAt(message.time ?? now);
    const line = Buffer.concat([message.text, newline]);
    this.#reader.push(line, this);
    this.#pushed += line.length;
    this.#ended = false;
  }

  /** No message came for a while: the last one is whole. */
  rest(): void {
    if (this.#ended) return;
    this.#reader.endFile(this);
    this.#ended = true;
    this.#startAt(this.lastSeen);
  }

  /** Gives what was read since the last time as a batch; undefined when nothing was. */
  batch(): SenderBatch | undefined {
    const to = this.#reader.position;
    if (to === this.#spooled) return undefined;
    const { lines } = this.#reader.counts;
    const batch: NewBatch = {
      from: this.#spooled,
      to,
      lines: lines - this.#linesSpooled,
      records: this.#lines.length,
      ended: this.#ended,
      body: gzipSync(this.#lines.join(''), { level }),
    };
    this.#spooled = to;
    this.#linesSpooled = lines;
    this.#lines = [];
    this.#bytes = 0;
    this.#since = to === this.#pushed ? undefined : this.lastSeen;
    return { file: this.#file, batch };
  }

  /** State to go on from, once {@link rest} was called and the last batch taken. */
  save(): SavedSender {
    return { name: this.name, stream: this.#stream, position: this.#reader.position, state: this.#reader.save() };
  }

  record(rec: Rec): void {
    rec.stream = undefined;
    rec.generation = undefined;
    rec.host ??= this.name.hostname === '' ? this.name.address : this.name.hostname;
    if (rec.session !== undefined) rec.session = `${this.#tag}-${rec.session}`;
    this.#add(rec);
  }

  dead({ position, log, source, raw }: DeadLetter): void {
    this.#add({ position, log, source, raw });
  }

  #add(record: object): void {
    const line = `${JSON.stringify(record)}\n`;
    this.#lines.push(line);
    this.#bytes += line.length;
  }

  #startAt(time: number): void {
    this.#reader.startFile({ stream: this.#stream, generation: 0, position: this.#pushed, time: Math.trunc(time) });
  }
}
