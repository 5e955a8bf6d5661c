import type { Reports } from '../reports.ts';
import type { DiskSpool } from '../spool/disk-spool.ts';
import type { Tail } from '../tail/tail.ts';
import type { Pace } from './pace.ts';
import type { Clock } from './reading.ts';

/** What all logs share. */
export interface ReadingParts {
  readonly tail: Tail;
  readonly spool: DiskSpool;
  readonly clock: Clock;
  readonly reports: Reports;
  readonly pace: Pace;
  readonly counts: { bytes: number; lines: number; records: number; deadLetters: number; skipped: number };
  /** Where pieces of files are read into; one log reads at a time. */
  readonly buffer: Buffer;
  /** Told of server starts that an error log names. */
  readonly started: (folder: string, time: number) => void;
}

/** What came of a turn: whether there may be more at once, and whether files should be looked for. */
export interface Turn {
  readonly more: boolean;
  readonly progress: boolean;
  readonly scan: boolean;
}
