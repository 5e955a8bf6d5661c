import type { Event, EventValue, Label } from '#event';
import type { Condition, Measure } from '#query';
import type { DeadLetter } from '#source';
import type { CoverageBook, CoveredRange } from './coverage.ts';

/**
 * The store: where events are kept and asked for. One interface over the embedded engine and over a server by URL.
 *
 * Every call that reads takes an `AbortSignal`; aborting it stops the work in the engine, too. Every failure is an
 * `AppError` whose code begins with `store-`, or `disk-full`, `query-…`, `cursor-invalid`.
 */
export interface Store {
  readonly kind: 'embedded' | 'remote';

  /** Opens a writer. Several may be open; each belongs to one caller. */
  writer(options?: WriterOptions): EventWriter;

  /** Gives one page of the events that meet the condition, and the cursor of the next page. */
  search(condition: Condition, options?: SearchOptions): Promise<SearchPage>;
  /**
   * Gives all events that meet the condition, a page at a time, in flat memory however many there are. Leaving the loop
   * early, or aborting, ends the work.
   */
  scan(condition: Condition, options?: ScanOptions): AsyncIterable<readonly StoredEvent[]>;
  /** Counts the events that meet the condition. */
  count(condition: Condition, options?: ReadOptions): Promise<number>;
  /** Counts events per stretch of time; empty stretches are there, with 0. */
  histogram(condition: Condition, options: HistogramOptions): Promise<Histogram>;
  /** Gives the most frequent values of each label. */
  facets(condition: Condition, labels: readonly Label[], options?: FacetOptions): Promise<readonly Facet[]>;
  /** Counts per combination of values, most frequent first. Labels that hold several values count once per value. */
  groupBy(condition: Condition, labels: readonly Label[], options?: GroupOptions): Promise<readonly Group[]>;
  /** Gives one event; undefined when there is none, or when the text is no event id. */
  get(eventId: string, options?: CancelOptions): Promise<StoredEvent | undefined>;
  /** Gives the events of one session, oldest first. */
  session(sessionKey: string, options?: SessionOptions): Promise<SearchPage>;

  /** Gives the times of the oldest and the newest event; undefined when there is none. */
  bounds(options?: CancelOptions): Promise<Bounds | undefined>;
  /** Tells what is stored, and what it takes on disk. */
  stats(options?: CancelOptions): Promise<StoreStats>;
  /**
   * Highest position stored, as event or dead letter, of a stream's generation; undefined when there is none.
   * Not a place to go on reading from: a crash may have left gaps below. That place is in {@link Streams}.
   */
  highWater(stream: string, generation: number, options?: CancelOptions): Promise<number | undefined>;

  readonly deadLetters: DeadLetters;
  readonly streams: Streams;
  readonly coverage: CoverageBook;

  /** How long events are kept. */
  retention(options?: CancelOptions): Promise<Retention>;
  /** Sets how long events are kept; older ones go with the engine's next merge. */
  setRetention(retention: Retention): Promise<void>;

  /** Writes a backup of everything under a name; embedded, into `backups/` of the data directory. */
  backup(name: string): Promise<BackupResult>;
  /** Puts a backup in the place of everything that is there now. */
  restore(name: string): Promise<void>;

  /**
   * Merges what lies in several parts now, rather than a minute after a day's last event, as happens by itself. Takes
   * about five seconds for a million events, and saves a fifth of the disk.
   */
  compact(): Promise<void>;

  /** Looks at itself: what `doctor` shows. */
  inspect(options?: CancelOptions): Promise<StoreInspection>;

  /** Ends running queries and open writers' waiting, and frees the data directory. Unflushed events are not written. */
  close(): Promise<void>;
}

/** Where the store is, and its limits. */
export type StoreOptions = EmbeddedOptions | RemoteOptions;

/** Limits and manners of both kinds. */
export interface CommonOptions {
  /** Limits of one query. */
  readonly limits?: Partial<QueryLimits>;
  /** Reading connections; more queries wait. Default 3. */
  readonly readers?: number;
  /**
   * For a process that reads a log in and ends: merging waits until many parts lie there. Default: it does not wait; a server by URL merges as
   * it likes.
   */
  readonly mergeLater?: boolean;
  /** Told of what a person should know but what stops nothing: a stale lock taken over, columns added. */
  readonly notice?: (sentence: string) => void;
}

/** The engine in this process, over a directory. */
export interface EmbeddedOptions extends CommonOptions {
  readonly kind: 'embedded';
  /** Data directory; made when absent. One process at a time owns it. */
  readonly directory: string;
  /** Memory the engine may take for queries, inserts and merges together, in bytes. Default 384 MiB. */
  readonly engineMemoryBytesMax?: number;
}

/** A server by URL. */
export interface RemoteOptions extends CommonOptions {
  readonly kind: 'remote';
  /** `http://host:8123` or `https://…`; user and password may stand in it. */
  readonly url: string;
  readonly user?: string;
  readonly password?: string;
  /** Default `meridian`. */
  readonly database?: string;
  /** Name of the cluster: tables are made replicated and distributed on it. */
  readonly cluster?: string;
}

/** Limits of one query; reaching one is an `AppError` that names it. */
export interface QueryLimits {
  readonly seconds: number;
  readonly memoryBytes: number;
  /** Rows of one answer. */
  readonly rows: number;
}

/** An event as stored: only the labels it has, in dictionary order. */
export type StoredEvent = Readonly<Partial<Event>>;

export interface CancelOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Which events a call looks at, besides the condition: `from` ≤ eventTime < `to`, epoch milliseconds. */
export interface ReadOptions extends CancelOptions {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Order of rows. Events equal in the label follow in the order of time, stream and position. */
export interface Sort {
  readonly label: Label;
  readonly order: 'ascending' | 'descending';
}

export interface ScanOptions extends ReadOptions {
  /** Default: newest first. */
  readonly sort?: Sort | undefined;
  /** Labels wanted; default all. */
  readonly fields?: readonly Label[] | undefined;
  /** Most rows altogether; default without end. */
  readonly limit?: number | undefined;
}

export interface SearchOptions extends ScanOptions {
  /** Rows of the page; default 100, at most 10,000. */
  readonly limit?: number | undefined;
  /** `next` of the page before; the same condition, window and sort belong to it. */
  readonly cursor?: string | undefined;
}

export interface SessionOptions extends CancelOptions {
  readonly fields?: readonly Label[] | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface SearchPage {
  readonly rows: readonly StoredEvent[];
  /** Cursor of the next page; undefined when this is the last. */
  readonly next: string | undefined;
}

export interface HistogramOptions extends CancelOptions {
  readonly from: number;
  readonly to: number;
  /** Buckets wanted, about; the interval is rounded up to a length people know. Default 60, at most 2,000. */
  readonly buckets?: number | undefined;
  /** Exact length of a bucket instead, in milliseconds. */
  readonly intervalMs?: number | undefined;
  /** Splits each bucket by the values of a label (the eight most frequent; the rest is `other`). */
  readonly by?: Label | undefined;
  /** Also measures each bucket, and each part of it. */
  readonly measure?: Measure | undefined;
}

export interface HistogramBucket {
  /** Epoch milliseconds at which the bucket begins; it ends where the next begins. */
  readonly from: number;
  readonly count: number;
  /** Counts in the order of {@link Histogram.values}; the last is everything else. Only when `by` was given. */
  readonly parts?: readonly number[];
  /** What was measured, where a measure was asked for; undefined where no event of the bucket has the label. */
  readonly measured?: number | undefined;
  /** The same per part. */
  readonly partsMeasured?: readonly (number | undefined)[];
}

export interface Histogram {
  readonly intervalMs: number;
  readonly buckets: readonly HistogramBucket[];
  /** Values of the `by` label, most frequent first. */
  readonly values?: readonly EventValue[];
}

export interface FacetOptions extends ReadOptions {
  /** Values per label; default 10, at most 1,000. */
  readonly limit?: number | undefined;
}

export interface Facet {
  readonly label: Label;
  readonly values: readonly { readonly value: EventValue; readonly count: number }[];
  /** Events without the label. */
  readonly absent: number;
  /** Different values, approximately. */
  readonly distinct: number;
}

export interface GroupOptions extends ReadOptions {
  /** Groups; default 100, at most 10,000. */
  readonly limit?: number | undefined;
  /** What is measured of each group besides its count; at most 8. */
  readonly measures?: readonly Measure[] | undefined;
  /** Place in {@link measures} of the one that orders the groups, largest first; default: most events first. Where none is there, `option-invalid`. */
  readonly order?: number | undefined;
  /** Orders groups by their oldest event instead, the newest first: those that came up last. */
  readonly newcomers?: boolean | undefined;
}

export interface Group {
  /** Value of each label, in the order asked; undefined where the events have none. */
  readonly values: readonly (EventValue | undefined)[];
  readonly count: number;
  /** Oldest and newest event of the group, epoch milliseconds. */
  readonly first: number;
  readonly last: number;
  /** In the order of the measures asked for; undefined where no event of the group has the label. */
  readonly measured?: readonly (number | undefined)[];
}

export interface Bounds {
  readonly oldest: number;
  readonly newest: number;
}

export interface StoreStats {
  readonly events: number;
  readonly deadLetters: number;
  /** Bytes on disk of the events, indexes included. */
  readonly bytes: number;
  readonly sources: readonly {
    readonly source: string;
    readonly events: number;
    readonly oldest: number;
    readonly newest: number;
  }[];
  /** Per day (UTC, `2026-11-24`), newest first. */
  readonly days: readonly { readonly day: string; readonly events: number; readonly bytes: number }[];
}

/** Choices of a writer. */
export interface WriterOptions {
  /** Rows after which a block is written. Default and most 32,768. */
  readonly rowsPerBlock?: number;
  /** Bytes of raw records after which a block is written. Default 16 MiB. */
  readonly bytesPerBlock?: number;
  /** Longest time an event waits for its block to fill, in milliseconds. Default 1,000; 0 waits for `flush`. */
  readonly flushMs?: number;
  /** Blocks on their way to the engine before {@link EventWriter.full}. Default 2. */
  readonly blocksInFlight?: number;
}

/**
 * Takes events one by one and writes them in blocks. An event is in the store exactly once, however often, in whatever
 * batches and by whatever process it is added: its identity is stream, generation and position (design §5).
 *
 * `add` copies what it needs at once, so the same object may be filled again. When a block cannot be written, the
 * writer keeps the error: `drain`, `flush` and `close` reject with it, and nothing after that block is acknowledged.
 *
 * ```ts
 * for (…) { writer.add(event); if (writer.full) await writer.drain(); }
 * await writer.flush(); // everything added is durable
 * ```
 */
export interface EventWriter {
  /** Takes one event. It must have `eventTime`, `stream`, `generation` and `position`; else throws `event-incomplete`. */
  add(event: Event): void;
  addDead(letter: DeadLetter): void;
  /**
   * Notes how far a stream has been read. It is written once everything added before is durable, and replaces the
   * stream's earlier one; a later one of the same stream may overtake one that was not yet written.
   */
  checkpoint(state: StreamCheckpoint): void;
  /** Notes a stretch of a stream as received; it is written once everything added before is durable. */
  covered(range: CoveredRange): void;
  /** True when the engine is behind: await {@link drain} before adding more. */
  readonly full: boolean;
  /** Resolves when there is room again. */
  drain(): Promise<void>;
  /** Resolves when everything added so far, checkpoints included, is durable and can be asked for. */
  flush(): Promise<void>;
  /** Flushes and ends. */
  close(): Promise<void>;
  readonly counts: Readonly<WriterCounts>;
}

export interface WriterCounts {
  /** Events added, and of these known to be durable (or to have been there already). */
  added: number;
  durable: number;
  /** Of the durable ones, those that were in the store before. */
  known: number;
  deadLetters: number;
  blocks: number;
  /** Bytes handed to the engine. */
  bytes: number;
  /** Values left out because their column cannot hold them: a number out of range, a text that is no address. */
  unfit: number;
}

/** A dead letter as stored. */
export interface StoredDeadLetter extends DeadLetter {
  /** As an event's id: stream, generation and position in one. */
  readonly id: string;
  /** When it was stored, epoch milliseconds. */
  readonly time: number;
}

export interface DeadLetterOptions extends CancelOptions {
  readonly code?: string | undefined;
  readonly source?: string | undefined;
  readonly log?: string | undefined;
  /** Default 100, at most 10,000. */
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface DeadLetterPage {
  /** In the order of stream, generation and position. */
  readonly letters: readonly StoredDeadLetter[];
  readonly next: string | undefined;
}

/** Records that could not be decoded or mapped: kept raw, listed, counted, replayed. */
export interface DeadLetters {
  list(options?: DeadLetterOptions): Promise<DeadLetterPage>;
  /** Counts by code and source, most frequent first. */
  counts(
    options?: CancelOptions,
  ): Promise<readonly { readonly code: string; readonly source: string; readonly count: number }[]>;
  get(id: string, options?: CancelOptions): Promise<StoredDeadLetter | undefined>;
  /** Removes letters, once their records were replayed and are durable. They do not come back when the log is read again. */
  remove(ids: readonly string[]): Promise<void>;
}

/** How far a stream has been read, and what is needed to go on. */
export interface StreamCheckpoint {
  readonly stream: string;
  readonly generation: number;
  readonly source: string;
  readonly log: string;
  /** Name the file had when it was last seen. */
  readonly file: string;
  /** Byte offset (uncompressed) to go on from. */
  readonly position: number;
  readonly lines: number;
  readonly events: number;
  readonly deadLetters: number;
  readonly continuations: number;
  /** The reader's state as of `position`, as text; empty when there is none. */
  readonly state: string;
}

export interface StoredCheckpoint extends StreamCheckpoint {
  /** Epoch milliseconds. */
  readonly updated: number;
}

/** The streams read so far. */
export interface Streams {
  get(stream: string, generation: number, options?: CancelOptions): Promise<StoredCheckpoint | undefined>;
  /** All streams, or all generations of one, without their states (empty text). */
  list(options?: CancelOptions & { readonly stream?: string | undefined }): Promise<readonly StoredCheckpoint[]>;
  /** Writes a checkpoint by itself. Beside a writer, use {@link EventWriter.checkpoint}: it keeps the order. */
  save(state: StreamCheckpoint): Promise<void>;
}

/** Days events are kept; null is forever. */
export interface Retention {
  /** For sources not named below. */
  readonly days: number | null;
  readonly sources: Readonly<Record<string, number | null>>;
}

export interface BackupResult {
  readonly name: string;
  readonly bytes: number;
}

export interface StoreInspection {
  readonly kind: 'embedded' | 'remote';
  /** Directory or URL, without password. */
  readonly place: string;
  readonly engineVersion: string;
  readonly schemaVersion: number;
  readonly events: number;
  readonly bytes: number;
  readonly parts: number;
  /** Free bytes where the data lies; undefined when the engine does not tell. */
  readonly freeBytes: number | undefined;
  readonly deadLetters: number;
  /** What is wrong, one sentence each, with what to do; empty when all is well. */
  readonly problems: readonly { readonly problem: string; readonly hint: string }[];
}
