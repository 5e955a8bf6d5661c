import type { ContentMark } from '#delivery';

/**
 * A content that batches belong to: one file from its making to its end, however it is renamed, copied or compressed
 * meanwhile; or one sender of a collector.
 */
export interface SpoolFile {
  /** The agent's own name of it. */
  readonly id: string;
  /** Path of the file as the agent saw it last. */
  readonly place: string;
  readonly source: string;
  readonly log: string;
  readonly stream: string;
  readonly marks: readonly ContentMark[];
  /** Given by the server; undefined until it was asked for. */
  readonly generation: number | undefined;
}

/** A batch in the spool. The ranges of a file's batches follow one another without gap. */
export interface SpoolEntry {
  /** Rises by one from entry to entry of the spool. */
  readonly sequence: number;
  readonly fileId: string;
  /** Bytes of the file it covers: `from` ≤ byte < `to`. */
  readonly from: number;
  readonly to: number;
  /** Physical lines in the range. */
  readonly lines: number;
  /** Records and dead letters in the body. */
  readonly records: number;
  /** When it was spooled, epoch milliseconds. */
  readonly made: number;
  /** Bytes of the body. */
  readonly bytes: number;
  /** The reader was told at `to` that what it has is whole. */
  readonly ended: boolean;
}

/** How much is taken out of the spool at one time; a single batch may be more. */
export interface TogetherBounds {
  readonly records: number;
  /** Bytes of bodies, as they are. */
  readonly bytes: number;
}

/** Batches of one file that follow one another. */
export interface SpoolRun {
  readonly entries: readonly [SpoolEntry, ...SpoolEntry[]];
  readonly body: Buffer;
}

/** What {@link Spool.append} takes. */
export interface NewBatch {
  readonly from: number;
  readonly to: number;
  readonly lines: number;
  readonly records: number;
  readonly ended: boolean;
  /** NDJSON, gzip. */
  readonly body: Buffer;
}

/** Batches on disk that wait to be shipped: what was synced survives any end of the process, and of the machine. */
export interface Spool {
  /** Files with batches that can be shipped, the one with the oldest first. */
  files(): readonly SpoolFile[];
  file(id: string): SpoolFile | undefined;
  /** The oldest batch of a file, or of all, that is synced and not acknowledged. */
  next(fileId?: string): Promise<{ readonly entry: SpoolEntry; readonly body: Buffer } | undefined>;
  /**
   * The oldest batch of a file and those that follow it without gap, as long as they stay within the bounds together:
   * their bodies, one behind the other, are the body of the whole.
   */
  nextTogether(fileId: string, bounds: TogetherBounds): Promise<SpoolRun | undefined>;
  /** The server has it: the entry counts as done, and is deleted with its segment. */
  acknowledge(entry: SpoolEntry): void;
  /**
   * Notes the generation the server gave, and how far it has the file already: batches before `position` are
   * acknowledged at once.
   */
  setGeneration(fileId: string, claim: { readonly generation: number; readonly position: number }): void;
  /** Calls back whenever batches may have become shippable; gives the function that ends it. */
  onWaiting(listener: () => void): () => void;
  /** True while there is room for another batch. */
  readonly hasRoom: boolean;
  /** Adds a batch; it is safe after {@link sync}. Throws `spool-full`, or what the disk says. */
  append(file: Omit<SpoolFile, 'generation'>, batch: NewBatch): Promise<SpoolEntry>;
  /** Resolves when all that was appended lies on the disk. */
  sync(): Promise<void>;
}
