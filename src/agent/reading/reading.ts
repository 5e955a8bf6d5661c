import { defaultProfileLimits, type ProfileLimits } from '#delivery';
import type { Logger } from '#log';
import type { Source } from '#source';
import type { FileSystem } from '../file-system.ts';
import type { Spool } from '../spool/spool.ts';

export { defaultProfileLimits, type ProfileLimits };

/** What is read of one kind of server: part of a profile. */
export interface ReadingSource {
  /** Id of the source, such as `389-directory-server`. */
  readonly source: string;
  /** Kinds of log; others that the patterns match are passed over. */
  readonly logs: readonly string[];
  /** Absolute paths; each segment may hold `*`, `?` and `[…]`. A file's rotated and compressed ones belong to it. */
  readonly paths: readonly string[];
  /** Only files that begin in this form. Default `auto`. */
  readonly format?: 'auto' | 'text' | 'json';
  /**
   * Where reading begins in files that are there when the patterns are first looked at: `beginning`, `end`, or an ISO
   * 8601 time, before which no record is given out. Default `beginning`.
   */
  readonly start?: string;
  /** IANA zone or offset of times without one. Default UTC. */
  readonly zone?: string;
  readonly encoding?: 'utf-8';
}

/** A time in which nothing is read. */
export interface Blackout {
  /** Names of days, `monday` or `mon`, in any case; none means every day. */
  readonly days: readonly string[];
  /** `HH:MM` in the zone. A `to` at or before `from` is on the next day. */
  readonly from: string;
  readonly to: string;
  /** IANA zone or offset. Default UTC. */
  readonly zone?: string;
}

/** What reading needs of a profile. */
export interface ReadingProfile {
  readonly sources: readonly ReadingSource[];
  readonly limits: ProfileLimits;
  readonly blackouts: readonly Blackout[];
}

/** The time; tests set their own. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds that pass however the clock is set; they begin anywhere. */
  steady(): number;
}

/** What {@link createReading} needs. */
export interface ReadingOptions {
  readonly fileSystem: FileSystem;
  /** The agent's own folder; `spool/` and `state/` are made in it. */
  readonly folder: string;
  /** Folders that files may lie in, symbolic links resolved. */
  readonly allowedFolders: readonly string[];
  /** All data sources of the program. */
  readonly sources: readonly Source[];
  /** Undefined: nothing is read until {@link Reading.apply}. */
  readonly profile: ReadingProfile | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What is going on with one file. */
export type FileState =
  /** Read as it grows. */
  | 'reading'
  /** Older or newer files of the log come first. */
  | 'queued'
  /** It holds no whole record yet. */
  | 'empty'
  /** Read to its end; it will not grow. */
  | 'done'
  /** It cannot be read; `code` says why. */
  | 'failed';

/** One file in the status. */
export interface FileStatus {
  readonly place: string;
  readonly fileId: string | undefined;
  readonly source: string | undefined;
  readonly log: string | undefined;
  readonly stream: string | undefined;
  /** Undefined until the server has given it. */
  readonly generation: number | undefined;
  /** Bytes, uncompressed; of a compressed file as far as they are known. */
  readonly size: number;
  /** Byte up to which all is in the spool. */
  readonly position: number;
  readonly lagBytes: number;
  /** Seconds since the oldest byte not in the spool was seen; 0 when there is none. */
  readonly lagSeconds: number;
  readonly state: FileState;
  readonly code: string | undefined;
}

/** Why nothing is read at the moment, or that it is. */
export type ReadingState =
  | 'reading'
  | 'no-profile'
  | 'blackout'
  | 'spool-full'
  | 'spool-old'
  | 'disk-failed'
  | 'closed';

/** The spool in the status. */
export interface SpoolStatus {
  readonly bytes: number;
  readonly batches: number;
  /** Age of the oldest batch that is not acknowledged; 0 when there is none. */
  readonly oldestSeconds: number;
  readonly full: boolean;
  /** Bytes found damaged since the start. */
  readonly damagedBytes: number;
}

/** An error, and how often it came. */
export interface ErrorCount {
  readonly code: string;
  readonly sentence: string;
  readonly count: number;
  /** Epoch milliseconds. */
  readonly last: number;
}

/** Something only the agent sees, on its way to the fleet's events. */
export interface AgentEvent {
  /** Rises by one. */
  readonly sequence: number;
  readonly kind: 'log-shrank' | 'file-unreadable' | 'state-damaged' | 'spool-damaged' | 'spool-full' | 'spool-free';
  readonly time: number;
  /** One sentence. */
  readonly sentence: string;
  readonly place?: string;
}

/** Counts since the start of the agent. */
export interface ReadingCounts {
  readonly bytes: number;
  readonly lines: number;
  readonly records: number;
  readonly deadLetters: number;
  /** Records not given out, because they lie before the start the profile names. */
  readonly skipped: number;
}

/** What reading says of itself. */
export interface ReadingStatus {
  readonly state: ReadingState;
  readonly files: readonly FileStatus[];
  readonly sessionsOpen: number;
  readonly spool: SpoolStatus;
  readonly counts: ReadingCounts;
  /** Time of the latest record, epoch milliseconds. */
  readonly lastEventTime: number | undefined;
  readonly errors: readonly ErrorCount[];
  /** Events not yet confirmed. */
  readonly events: readonly AgentEvent[];
}

/** Reads the logs of a host into the spool. */
export interface Reading {
  /** Opens the spool and the saved states, and begins to read. */
  start(): Promise<void>;
  /** Reads by another profile from now on; undefined: reads nothing. */
  apply(profile: ReadingProfile | undefined): Promise<void>;
  /** Where batches wait to be shipped; collectors append theirs here, too. */
  readonly spool: Spool;
  status(): ReadingStatus;
  /** Forgets events up to a sequence number, because they have been told. */
  confirmEvents(sequence: number): void;
  /** Ends reading in good order: what was read is in the spool, and the states are saved. */
  close(): Promise<void>;
}
