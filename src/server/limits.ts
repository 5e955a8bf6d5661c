/** Limits of the API: one place, each with its unit. Reaching one is answered with its error code and counted. */
export interface ServerLimits {
  /** Bytes of an ordinary request body. */
  readonly bodyBytes: number;
  /** Bytes of a batch of records as it is sent. */
  readonly batchBytes: number;
  /** Bytes of a batch of records once inflated. */
  readonly inflatedBytes: number;
  /** Times a batch may grow when inflated; looked at from {@link inflationFreeBytes} on. */
  readonly inflationRatio: number;
  /** Inflated bytes below which the ratio does not matter: short batches of equal lines compress very well. */
  readonly inflationFreeBytes: number;
  /** Records of one batch. */
  readonly batchRecords: number;
  /** Bytes of one record; a longer one becomes a dead letter with its beginning. */
  readonly recordBytes: number;
  /** Nesting of one record's JSON; a deeper one becomes a dead letter. */
  readonly recordDepth: number;
  /** Batches taken in at one time. */
  readonly batchesInFlight: number;
  /** Batches waiting for their turn, their bodies not yet read. */
  readonly batchesWaiting: number;
  /** Rows of a page. */
  readonly pageRows: number;
  /** Rows of an export. */
  readonly exportRows: number;
  /** Exports running at one time. */
  readonly exports: number;
  /** Context files being sent, or waiting to be looked at, at one time; each lies on the disk until then. */
  readonly uploads: number;
  /** Of these, read into memory to be looked at and put in place at one time. */
  readonly uploadsRead: number;
  /** UTF-16 units of a QQL text in a request. */
  readonly queryLength: number;
  /** Live tails open at one time. */
  readonly tailClients: number;
  /** Events waiting for one slow tail client; more are dropped and counted. */
  readonly tailQueue: number;
  /** Bytes waiting for one slow tail client. */
  readonly tailQueueBytes: number;
  /** Events kept for a tail that comes back with `last-event-id`. */
  readonly tailHistory: number;
  /** Milliseconds between two signs of life on a quiet tail. */
  readonly tailHeartbeatMs: number;
  /** Milliseconds after which a tail of somebody who may no longer come in has ended. */
  readonly tailLookMs: number;
  /** UTF-16 units of the text given to `/parse`. */
  readonly parseLength: number;
  /** Records `/parse` gives back. */
  readonly parseRecords: number;
  /** Dead letters replayed by one request. */
  readonly replayLetters: number;
  /** Wrong tokens from one address within {@link attemptsWindowMs}. */
  readonly attempts: number;
  readonly attemptsWindowMs: number;
  /** Refused requests of agents from one address within {@link attemptsWindowMs}; many agents may stand behind one. */
  readonly agentRefusals: number;
  /** Requests of one agent within {@link attemptsWindowMs}. */
  readonly agentRequests: number;
  /** Signed requests remembered, so that none can come twice. */
  readonly nonces: number;
  /** Milliseconds between two looks whether a profile changed, while agents wait for that. */
  readonly profileLookMs: number;
  /** Milliseconds in which a request must have arrived whole. */
  readonly requestMs: number;
  /** Milliseconds without a byte getting through after which the reader of a stream is given up. */
  readonly stalledMs: number;
  /** Open connections. */
  readonly connections: number;
}

const mebibyte = 1024 * 1024;

/** The limits unless told otherwise. */
export const defaultLimits: ServerLimits = {
  bodyBytes: mebibyte,
  batchBytes: 16 * mebibyte,
  inflatedBytes: 32 * mebibyte,
  inflationRatio: 200,
  inflationFreeBytes: mebibyte,
  batchRecords: 200_000,
  recordBytes: 2 * mebibyte,
  recordDepth: 32,
  batchesInFlight: 8,
  batchesWaiting: 256,
  pageRows: 10_000,
  exportRows: 1_000_000,
  exports: 2,
  uploads: 8,
  uploadsRead: 1,
  queryLength: 65_536,
  tailClients: 32,
  tailQueue: 1_000,
  tailQueueBytes: 8 * mebibyte,
  tailHistory: 1_000,
  tailHeartbeatMs: 15_000,
  tailLookMs: 15_000,
  parseLength: 262_144,
  parseRecords: 200,
  replayLetters: 1_000,
  attempts: 10,
  attemptsWindowMs: 60_000,
  agentRefusals: 100,
  agentRequests: 6_000,
  nonces: 500_000,
  profileLookMs: 1_000,
  requestMs: 120_000,
  stalledMs: 60_000,
  connections: 8_192,
};
