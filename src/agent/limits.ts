/** Limits of reading and spooling: one place, each with its unit. Reaching one is counted and shown in the status. */
export const readingLimits = {
  /** Bytes read of a log at a time. */
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
  /**
   * The same while records wait for one that explains them: longer than a server keeps what it has logged in its buffer,
   * which is up to thirty seconds.
   */
  awaitMs: 35_000,
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
  /** Milliseconds a log waits for an older file of its own that cannot be looked at. */
  heldUpMs: 60_000,
  /** Milliseconds before a disk that failed is tried again. */
  retryMs: 2000,
  /** Different errors remembered. */
  errorsMax: 100,
  /** Events remembered until they are confirmed. */
  eventsMax: 200,
  /** Bytes of a log that are read, but not given out, to know its sessions when reading begins at its end. */
  warmUpBytes: 268_435_456,
} as const;

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

/** Limits of receiving from other hosts. */
export const collectLimits = {
  /** Bytes of a message by TCP; the rest of a longer one is passed over, and counted. */
  messageBytes: 262_144,
  /** Digits of a message's length (RFC 6587). */
  lengthDigits: 7,
  /** Bytes the kernel is asked to hold for a UDP port. */
  udpBufferBytes: 8_388_608,
  /** Connections of all ports together. */
  connections: 256,
  /** Connections from one address. */
  connectionsOfAddress: 64,
  /** Milliseconds without a byte after which the kernel asks whether the other end is still there. */
  keepAliveMs: 60_000,
  /** Milliseconds in which a TLS connection must be agreed on. */
  handshakeMs: 10_000,
  /** Senders remembered; the one quiet longest is ended for a new one. */
  senders: 1000,
  /** Senders told apart of one address; what goes beyond is one sender. */
  sendersOfAddress: 100,
  /** UTF-16 units of a sender's host name and of its program's name. */
  nameLength: 255,
  /** Milliseconds without a message after which a sender's last record is whole. */
  quietMs: 1000,
  /** Milliseconds between two looks at what is to be spooled. */
  tickMs: 250,
  /** Bytes of batches that wait for the spool; beyond, TCP waits and UDP is lost. */
  waitingBytes: 33_554_432,
  /** Milliseconds before a spool that failed is tried again. */
  retryMs: 2000,
  /** Milliseconds between two looks at what the kernel dropped. */
  kernelMs: 10_000,
  /** Sessions remembered of one sender. */
  sessionsOfSender: 65_536,
} as const;

/** Limits of speaking with servers. */
export const shipLimits = {
  /** Streams shipped at one time. */
  concurrency: 4,
  /** Batches of a stream that have piled up go together, up to so many records and bytes, compressed. */
  together: { records: 20_000, bytes: 2_097_152 },
  /** Connections to one server. */
  connections: 8,
  connectMs: 10_000,
  /** Milliseconds until the answer to a batch begins: the server answers after it has committed. */
  answerMs: 120_000,
  /** Milliseconds between two pieces of an answer. */
  pieceMs: 30_000,
  /** Bytes of an answer. */
  answerBytes: 2_097_152,
  /** Longest wait before the first further try, in milliseconds; it doubles. */
  retryMs: 500,
  retryMsMax: 30_000,
  /** Longest wait a server may ask for, in milliseconds. */
  retryAfterMsMax: 300_000,
  /** Milliseconds after which the preferred server is tried again. */
  preferMs: 300_000,
  /** Times a server may fail inside over one batch before the batch is taken for the cause. */
  insideFailures: 5,
  /** Milliseconds between two looks whether a refused identity is taken again. */
  refusedMs: 300_000,
  /** Records set aside because a server takes them in no form. */
  refusedRecords: 1000,
  /** Days after which the agent makes itself a new key. */
  keyDays: 30,
  /** Milliseconds between two writings of the status file. */
  statusMs: 5000,
  /** Milliseconds a clock may go wrong between two looks before it is told. */
  clockJumpMs: 30_000,
  /** Milliseconds between two looks at the identity while there is none. */
  enrollmentMs: 5000,
  /** Bytes of a token, and of what is read for one. */
  tokenBytes: 4096,
} as const;
