import type { SourceSession } from './session-gaps.ts';
import type { CancelOptions } from './store.ts';

/** A stretch of a stream that was read: what came of the bytes `from` ≤ byte < `to`. */
export interface CoveredRange {
  readonly stream: string;
  readonly generation: number;
  readonly source: string;
  readonly log: string;
  /** Path of the file, as its reader saw it. */
  readonly place: string;
  /** Agent that read it; empty when it was read without one. */
  readonly agent: string;
  /** Byte offsets of the uncompressed stream. */
  readonly from: number;
  readonly to: number;
  /** Physical lines. */
  readonly lines: number;
  readonly records: number;
  readonly deadLetters: number;
  /** Times of its oldest and newest record, epoch milliseconds; undefined when it has none. */
  readonly oldest?: number | undefined;
  readonly newest?: number | undefined;
  /** Records per kind. */
  readonly kinds: Readonly<Record<string, number>>;
}

/** A generation of a stream, as far as it was received. */
export interface StreamCoverage {
  readonly stream: string;
  readonly generation: number;
  readonly source: string;
  readonly log: string;
  readonly place: string;
  readonly agent: string;
  /** First byte received, and the one behind the last. */
  readonly from: number;
  readonly to: number;
  /** Bytes received; `to - from` when there is no gap. */
  readonly bytes: number;
  readonly lines: number;
  readonly records: number;
  readonly deadLetters: number;
  readonly oldest: number | undefined;
  readonly newest: number | undefined;
  /** Stretches that are missing between those received. */
  readonly gaps: number;
  readonly gapBytes: number;
  /** When the last stretch came, epoch milliseconds. */
  readonly received: number;
}

/** Bytes that are missing between those received. */
export interface CoverageGap {
  readonly stream: string;
  readonly generation: number;
  readonly place: string;
  readonly agent: string;
  readonly from: number;
  readonly to: number;
  /** When the stretch behind it came, epoch milliseconds: the gap was there to be seen from then on. */
  readonly since: number;
}

export interface CoverageOptions extends CancelOptions {
  readonly stream?: string | undefined;
  readonly generation?: number | undefined;
  readonly agent?: string | undefined;
  readonly source?: string | undefined;
  /** Only streams of which something came at or after this time, epoch milliseconds. */
  readonly receivedSince?: number | undefined;
  readonly offset?: number | undefined;
  /** Default 100, at most 10,000. */
  readonly limit?: number | undefined;
}

/** What was received of each stream. A stretch that comes again counts once. */
export interface CoverageBook {
  /** Streams by the time of their last stretch, newest first. */
  list(options?: CoverageOptions): Promise<readonly StreamCoverage[]>;
  gaps(options?: CoverageOptions): Promise<readonly CoverageGap[]>;
  /** Sum of records per kind of a stream. */
  kinds(stream: string, generation: number, options?: CancelOptions): Promise<Readonly<Record<string, number>>>;
  /** End of what was received without a gap from byte 0 on; 0 when byte 0 was not. */
  contiguousEnd(stream: string, generation: number, options?: CancelOptions): Promise<number>;
  /** Numbers missing between those of the sessions of a source. */
  sessions(source: string, options: SourceSession): Promise<SessionGaps>;
  /** Joins stretches that follow each other, of streams that have very many; gives how many were joined. */
  compact(): Promise<number>;
}

/** Connections and operations that are missing between those seen. */
export interface SessionGaps {
  /** Runs of servers: from one start to the next. */
  readonly runs: readonly SessionRun[];
  /** Missing connection numbers, in runs of numbers. */
  readonly connections: readonly {
    readonly host: string;
    readonly instance: string;
    readonly run: number;
    readonly from: number;
    readonly to: number;
  }[];
  /** Sessions in which operation numbers are missing. */
  readonly operations: readonly {
    readonly host: string;
    readonly instance: string;
    readonly sessionKey: string;
    readonly sessionId: number;
    readonly lowest: number;
    readonly highest: number;
    readonly missing: number;
  }[];
}

/** One run of a server. */
export interface SessionRun {
  readonly host: string;
  readonly instance: string;
  /** From 0, in the order of time. */
  readonly run: number;
  /** When its first and last sessions began, epoch milliseconds. */
  readonly began: number;
  readonly ended: number;
  readonly lowest: number;
  readonly highest: number;
  readonly seen: number;
  readonly missing: number;
}
