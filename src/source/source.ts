import type { DeadLetter, Rec } from '#event';
import type { CategoryTable } from './category-table.ts';
import type { Guide } from './guide.ts';
import type { Mapping } from './mapping.ts';

export type { DeadLetter };

/** What a reader recognized in the first bytes of a file. */
export interface Recognition {
  /** Kind of log: access, security, audit, auditfail, error. */
  readonly log: string;
  /** How it is written: text, json, json-pretty, ldif. A file may change its format on the way; this is how it begins. */
  readonly format: string;
  /** 0 to 1; the source with the highest wins. */
  readonly confidence: number;
}

/** Where a file's records come from: the identity that makes `eventId`. */
export interface FileIdentity {
  readonly stream: string;
  readonly generation: number;
  /** Byte offset (uncompressed) at which the next pushed byte stands. */
  readonly position: number;
  /** When the file was last written, epoch milliseconds: for records whose time nobody can read, when nothing better is known. */
  readonly time?: number;
}

/** Takes what a reader makes of a log, in the order of the log. */
export interface RecordSink {
  record(rec: Rec): void;
  dead(letter: DeadLetter): void;
}

/**
 * What a reader has seen, so that nothing is lost silently:
 * `lines + glued = records + deadLetters + continuations`.
 */
export interface ReadCounts {
  /** Physical lines. */
  lines: number;
  bytes: number;
  records: number;
  deadLetters: number;
  /** Blank lines, title lines, and further lines of a record of several lines. */
  continuations: number;
  /** Records that began in the middle of a physical line, behind another one. */
  glued: number;
}

/** Choices for a reader. */
export interface ReaderOptions {
  readonly log: string;
  /** IANA zone or offset (`+01:00`) of times that carry none. Default UTC. */
  readonly zone?: string;
  /** Epoch milliseconds of server starts known from elsewhere (the error log). */
  readonly restarts?: readonly number[];
  /** Longest record kept whole, in bytes. Default 1 MiB; more becomes a dead letter with its beginning. */
  readonly recordBytesMax?: number;
  /** Sessions remembered. Default 262,144; the one idle longest goes first, its later records are `partial`. */
  readonly sessionsMax?: number;
}

/** State of a reader between two records, as JSON. */
export type ReaderState = { readonly version: number } & Readonly<Record<string, unknown>>;

/**
 * Reads one log (all files of one kind of one server, oldest first): decodes and correlates.
 *
 * `startFile`, then `push` any number of times with the file's bytes in any cuts, then `endFile`. Correlation goes on
 * from file to file.
 */
export interface LogReader {
  startFile(file: FileIdentity): void;
  push(bytes: Buffer, sink: RecordSink): void;
  /** The file is complete: the last record is, too, even without a newline. */
  endFile(sink: RecordSink): void;
  /** Byte offset of the first byte not yet given out as (part of) a record. Reading goes on there after `restore`. */
  readonly position: number;
  readonly counts: Readonly<ReadCounts>;
  /** Sessions that were opened and not closed; undefined for logs without sessions. */
  readonly sessionsOpen?: number;
  /** True while whole records are held back because of what may still follow, such as the answer of a bind. */
  readonly awaits?: boolean;
  /** State as of {@link position}. */
  save(): ReaderState;
  /** Puts a new reader into a saved state; follow it with `startFile` at the saved position. Throws `state-damaged`. */
  restore(state: ReaderState): void;
}

/** A kind of log that a source writes. */
export interface LogKind {
  /** As profiles and readers name it. */
  readonly name: string;
  readonly about: string;
  /** Path patterns under which the product's packages write it. */
  readonly usualPaths: readonly string[];
}

/** A data source: one folder under `sources/`. */
export interface Source {
  /** Folder name, e.g. `389-directory-server`. */
  readonly id: string;
  readonly vendor: string;
  readonly product: string;
  readonly deviceType: string;
  /** True for what the product says of itself: a record that names no source is never taken for one of these. */
  readonly own?: true;
  /** True when sessions are numbered from 1 on with each start of the server, and operations within each from 0 on. */
  readonly numbersSessions?: true;
  /** Changes whenever the mapping or the categories change what an event says. */
  readonly mappingVersion: string;
  readonly mapping: Mapping;
  readonly categories: CategoryTable;
  readonly guide: Guide;
  /** Kinds of log it writes; absent for what no agent reads. */
  readonly logs?: readonly LogKind[];
  /** Looks at the first bytes (up to 64 KiB, decompressed) of a file; undefined when it is not of this source. */
  recognize(sample: Buffer): Recognition | undefined;
  /** Orders and groups file names: a key equal for all files of one log, and a sort key (oldest first). */
  rotation(fileName: string): { readonly set: string; readonly order: string } | undefined;
  createReader(options: ReaderOptions): LogReader;
}

/** States a source; exists so that a source file is checked where it is written. */
export function defineSource(source: Source): Source {
  return source;
}
