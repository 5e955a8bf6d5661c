/** Limits of reading and spooling: one place, each with its unit. Reaching one is counted and shown in the status. */
export const readingLimits = {
  /** Bytes read of a log at a time; also what a batch may go beyond its limit by. */
  chunkBytes: 131_072,
  /** Bytes read of one log before the next has its turn. */
  turnBytes: 4_194_304,
  /** Bytes before the place reached that are read again with what follows, to see that it is still the same log. */
  overlapBytes: 256,
  /** Milliseconds between two looks at quiet files. */
  pollMs: 1000,
  /** Milliseconds between two looks that a watch asks for. */
  wakeMs: 200,
  /** Milliseconds between two looks at all folders, whether or not a watch tells of changes. */
  scanMs: 5000,
  /** Milliseconds without growth after which the last record of a log, its line break written, is whole. */
  quietMs: 2000,
  /** Milliseconds without growth after which a last line without line break is taken for whole: as `meridian ingest` does. */
  restMs: 60_000,
  /** The same for a file that was rotated away, which nobody writes to any more. */
  rotatedRestMs: 5000,
  /** Milliseconds between two checkpoints of a log, at least. */
  checkpointMs: 5000,
  /** A checkpoint may take one part in so many of the time. */
  checkpointShare: 100,
  /** Bytes of a log between two checkpoints, at most: they are what a start reads again. */
  checkpointBytes: 67_108_864,
  /** Files known to one log; those not seen longest are forgotten, if they were read. */
  filesOfLogMax: 2048,
  /** Milliseconds after which a file that is no more is forgotten. */
  forgetMs: 604_800_000,
  /** Files found by all patterns together. */
  filesMax: 10_000,
  /** Folders looked at for one pattern. */
  foldersMax: 1000,
  /** Logs read at one time. */
  logsMax: 500,
  /** Files held open for what they still have to give. */
  openFilesMax: 256,
  /** Milliseconds before a disk that failed is tried again. */
  retryMs: 2000,
  /** Different errors remembered. */
  errorsMax: 100,
  /** Events remembered until they are confirmed. */
  eventsMax: 200,
  /** Bytes of a log that are read, but not given out, to know its sessions when reading begins at its end. */
  warmUpBytes: 268_435_456,
} as const;

/** The limits, or others for a test. */
export type ReadingLimits = { readonly [K in keyof typeof readingLimits]: number };

/** Limits of the spool. */
export const spoolLimits = {
  /** Bytes of a segment; the entry that goes beyond ends it. */
  segmentBytes: 16_777_216,
  /** Bytes of an entry's head. */
  headBytes: 65_536,
  /** Bytes of an entry's body. */
  bodyBytes: 67_108_864,
  /** Milliseconds between two writings of what was acknowledged. */
  ledgerMs: 1000,
  /** Damaged files kept for people to look at; older ones are removed. */
  damagedKept: 16,
} as const;

/** The limits, or others for a test. */
export type SpoolLimits = { readonly [K in keyof typeof spoolLimits]: number };
