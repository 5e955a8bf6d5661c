/** See {@link messageLimits}. */
export interface MessageLimits {
  /** Bytes of any message but a batch. */
  readonly messageBytes: number;
  /** UTF-16 units of a name: host, profile, tag, kind of log. */
  readonly nameLength: number;
  /** UTF-16 units of a path, or of a path pattern. */
  readonly pathLength: number;
  /** UTF-16 units of a sentence. */
  readonly sentenceLength: number;
  readonly addresses: number;
  readonly tags: number;
  /** Log sources of one profile. */
  readonly sources: number;
  /** Path patterns of one log source. */
  readonly patterns: number;
  readonly collectors: number;
  readonly blackouts: number;
  /** Files an agent tells of. */
  readonly files: number;
  /** Different errors an agent tells of. */
  readonly errors: number;
  /** Things that happened, told in one heartbeat; the rest comes with the next. */
  readonly happenings: number;
  /** Marks of one file's content. */
  readonly marks: number;
}

/** Limits of what agents and servers tell each other, each with its unit: one place for both ends. */
export const messageLimits: MessageLimits = {
  messageBytes: 1024 * 1024,
  nameLength: 256,
  pathLength: 4_096,
  sentenceLength: 1_024,
  addresses: 64,
  tags: 64,
  sources: 64,
  patterns: 64,
  collectors: 16,
  blackouts: 64,
  files: 4_096,
  errors: 256,
  happenings: 256,
  marks: 64,
};

/** Seconds between two heartbeats of an agent. */
export const heartbeatSeconds = 15;
/** Seconds without a heartbeat after which an agent is silent. */
export const silentSeconds = 90;
/** Longest wait for a new profile, in seconds. */
export const profileWaitSecondsMax = 55;
