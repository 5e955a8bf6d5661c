import type { ContentMark } from '#delivery';
import type { FileFacts, OpenFile } from '../file-system.ts';
import { Ranges } from './ranges.ts';

/** A file on the disk that holds the content of a {@link LogFile}: the log itself, its copy, its compressed copy. */
export interface Carrier {
  path: string;
  /** What was last seen of it. */
  facts: FileFacts;
  readonly compressed: boolean;
  /** Open while it may have more to give, so that it can be read to its end even when it is deleted. */
  handle: OpenFile | undefined;
  /** No pattern finds it under any name any more. */
  gone: boolean;
  /** Reading found other content in it than before. */
  changed: boolean;
  /** Known from a saved state alone: it may have been written anew before the state was saved. */
  unverified: boolean;
}

/**
 * One content: made when a server begins a file, growing, renamed, copied, compressed, deleted in the end. It is known
 * again by its first record and by marks in it, whatever file holds it.
 */
export interface LogFile {
  readonly id: string;
  readonly stream: string;
  /** Rises with each file of a log: of two files with the same order, the lower one came first. */
  readonly born: number;
  /** Path it was last seen under, and where it stands among the files of its log. */
  place: string;
  order: string;
  carriers: Carrier[];
  marks: readonly ContentMark[];
  /** Byte up to which the reader has given out records. */
  position: number;
  covered: Ranges;
  /** Positions at which the reader must be told that what it has is whole, because it was told so before. */
  endings: number[];
  /** Records before this time are not given out: epoch milliseconds. */
  notBefore: number | undefined;
  /** Read to its end, and it will not grow. */
  done: boolean;
  /** Epoch milliseconds. */
  lastSeen: number;
  /** When it was last seen to grow, epoch milliseconds; undefined when it was not. */
  grown: number | undefined;
  /** The same by the steady clock of this process: when it grew, or was first looked at. */
  grownSteady: number | undefined;
  /** Since when there is something in it that is not in the spool, epoch milliseconds. */
  behindSince: number | undefined;
  /** Code of the error that keeps it from being read. */
  failure: string | undefined;
  /** Why its content is held by no file any more: it was cut, or is not to be found. */
  orphaned: 'shrank' | 'missing' | undefined;
}

/** What a new {@link LogFile} begins with. */
export type NewLogFile = Pick<LogFile, 'id' | 'stream' | 'born' | 'place' | 'order'> & Partial<LogFile>;

/** Makes a log file of which nothing was read. */
export function createLogFile(known: NewLogFile): LogFile {
  return {
    carriers: [],
    marks: [],
    position: 0,
    covered: new Ranges(),
    endings: [],
    notBefore: undefined,
    done: false,
    lastSeen: 0,
    grown: undefined,
    grownSteady: undefined,
    behindSince: undefined,
    failure: undefined,
    orphaned: undefined,
    ...known,
  };
}

/** The carrier to read from: the plain one while there is one, and of two the one that is open. */
export function primaryOf(file: LogFile): Carrier | undefined {
  const rank = (carrier: Carrier): number => (carrier.handle === undefined ? 0 : 2) + (carrier.compressed ? 0 : 4);
  let best: Carrier | undefined;
  for (const carrier of file.carriers) {
    if (best === undefined || rank(carrier) > rank(best)) best = carrier;
  }
  return best;
}

/** Sorts files of a log, oldest first. */
export function byAge(one: LogFile, other: LogFile): number {
  if (one.order !== other.order) return one.order < other.order ? -1 : 1;
  return one.born - other.born;
}

/** Name of a file in the file system, whatever paths lead to it. */
export function inodeOf({ device, inode }: Pick<FileFacts, 'device' | 'inode'>): string {
  return `${device}:${inode}`;
}
