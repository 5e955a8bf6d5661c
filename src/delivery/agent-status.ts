import { type Static, Type } from 'typebox';
import { checkMessage } from './check-message.ts';
import { messageLimits } from './message-limits.ts';

/** What an agent knows of its host. */
export interface AgentHost {
  readonly name: string;
  /** `/etc/machine-id`, or what stands for it; tells a reinstalled agent from another host. */
  readonly machineId: string;
  readonly os: string;
  readonly kernel: string;
  readonly arch: string;
  readonly addresses: readonly string[];
  /** Version of the agent. */
  readonly version: string;
  readonly tags: readonly string[];
}

/** One file an agent reads, or read. */
export interface AgentFile {
  /** Path as the agent sees it. */
  readonly place: string;
  readonly source: string;
  readonly log: string;
  readonly stream?: string;
  /** Absent until the server gave one. */
  readonly generation?: number;
  /** Bytes of the file, as it lies there. */
  readonly size: number;
  /** Byte offset (uncompressed) up to which records are safe in the spool. */
  readonly position: number;
  readonly lagBytes: number;
  /** Age of the oldest line not yet read, in seconds; 0 when there is none. */
  readonly lagSeconds: number;
  readonly state: 'reading' | 'waiting' | 'complete' | 'paused' | 'refused' | 'unreadable';
  /** Why it is refused or unreadable. */
  readonly code?: string;
}

/** What only an agent sees, and the fleet should know. */
export type AgentHappeningKind =
  | 'log-shrank'
  | 'clock-jump'
  | 'file-unreadable'
  | 'profile-applied'
  | 'profile-refused'
  | 'spool-full'
  | 'spool-free'
  | 'spool-damaged'
  | 'state-damaged'
  | 'collector-loss'
  | 'records-lost'
  | 'server-changed';

/** Something that happened on the agent's host. */
export interface AgentHappening {
  /** Grows by one with each happening of this agent process: together with the instance it makes the event's identity. */
  readonly sequence: number;
  readonly kind: AgentHappeningKind;
  /** Epoch milliseconds, by the agent's clock. */
  readonly time: number;
  /** File or listening address it is about. */
  readonly place?: string;
  /** Error code. */
  readonly code?: string;
  /** One sentence. */
  readonly sentence?: string;
}

/** What an agent tells of itself with each heartbeat. */
export interface AgentStatus {
  /** Version of the agent. */
  readonly version: string;
  /** Id of the agent's process. */
  readonly instance: string;
  readonly host: AgentHost;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** The agent's clock as this was written, epoch milliseconds. */
  readonly time: number;
  /** What the agent knows its clock to be off the server's, in milliseconds. */
  readonly clockOffsetMs?: number;
  readonly profile: {
    /** Revision that is applied; 0: none yet. */
    readonly applied: number;
    /** Highest revision that was refused since, and why. */
    readonly refused?: { readonly revision: number; readonly code: string; readonly sentence: string };
  };
  readonly files: readonly AgentFile[];
  /** Files there are beyond those told. */
  readonly filesMore: number;
  readonly sessionsOpen: number;
  readonly spool: {
    readonly bytes: number;
    readonly batches: number;
    readonly oldestSeconds: number;
    readonly full: boolean;
  };
  /** Since the start of the process. */
  readonly shipped: {
    readonly batches: number;
    readonly records: number;
    readonly lines: number;
    readonly bytes: number;
    readonly deadLetters: number;
  };
  /** Time of the newest record shipped, epoch milliseconds. */
  readonly lastEventTime?: number;
  readonly errors: readonly {
    readonly code: string;
    readonly sentence: string;
    readonly count: number;
    /** Epoch milliseconds. */
    readonly last: number;
  }[];
  readonly events: readonly AgentHappening[];
}

/** What a server answers to a heartbeat. */
export interface HeartbeatAnswer {
  /** The server's clock, epoch milliseconds. */
  readonly time: number;
  /** Revision of the profile the agent should have; 0: none is assigned yet. */
  readonly revision: number;
  /** The agent's clock minus the server's, in milliseconds. */
  readonly clockOffsetMs: number;
  /** `sequence` up to which happenings are stored; those need not be told again. */
  readonly eventsUpTo: number;
}

const closed = { additionalProperties: false } as const;
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Time = Type.Integer({ minimum: 0, maximum: 9_223_372_036_000 });
const Name = Type.String({ maxLength: messageLimits.nameLength });
const Code = Type.String({ pattern: '^[a-z0-9-]{1,64}$' });
const Sentence = Type.String({ maxLength: messageLimits.sentenceLength });
const Place = Type.String({ maxLength: messageLimits.pathLength });

const Host = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: messageLimits.nameLength }),
    machineId: Type.String({ pattern: '^[A-Za-z0-9._:-]{1,128}$' }),
    os: Name,
    kernel: Name,
    arch: Name,
    addresses: Type.Array(Type.String({ maxLength: 64 }), { maxItems: messageLimits.addresses }),
    version: Name,
    tags: Type.Array(Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._:/=-]{0,63}$' }), {
      maxItems: messageLimits.tags,
    }),
  },
  closed,
);

const File = Type.Object(
  {
    place: Place,
    source: Name,
    log: Name,
    stream: Type.Optional(Type.String({ maxLength: 200 })),
    generation: Type.Optional(Count),
    size: Count,
    position: Count,
    lagBytes: Count,
    lagSeconds: Type.Number({ minimum: 0 }),
    state: Type.Enum(['reading', 'waiting', 'complete', 'paused', 'refused', 'unreadable']),
    code: Type.Optional(Code),
  },
  closed,
);

const Happening = Type.Object(
  {
    sequence: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    kind: Type.Enum([
      'log-shrank',
      'clock-jump',
      'file-unreadable',
      'profile-applied',
      'profile-refused',
      'spool-full',
      'spool-free',
      'spool-damaged',
      'state-damaged',
      'collector-loss',
      'records-lost',
      'server-changed',
    ]),
    time: Time,
    place: Type.Optional(Place),
    code: Type.Optional(Code),
    sentence: Type.Optional(Sentence),
  },
  closed,
);

const Refused = Type.Object({ revision: Count, code: Code, sentence: Sentence }, closed);
const Spool = Type.Object(
  { bytes: Count, batches: Count, oldestSeconds: Type.Number({ minimum: 0 }), full: Type.Boolean() },
  closed,
);
const Shipped = Type.Object({ batches: Count, records: Count, lines: Count, bytes: Count, deadLetters: Count }, closed);
const Failure = Type.Object({ code: Code, sentence: Sentence, count: Count, last: Time }, closed);

const Status = Type.Object(
  {
    version: Name,
    instance: Type.String({ pattern: '^[A-Za-z0-9_-]{16,64}$' }),
    host: Host,
    startedAt: Time,
    time: Time,
    clockOffsetMs: Type.Optional(Type.Number()),
    profile: Type.Object({ applied: Count, refused: Type.Optional(Refused) }, closed),
    files: Type.Array(File, { maxItems: messageLimits.files }),
    filesMore: Count,
    sessionsOpen: Count,
    spool: Spool,
    shipped: Shipped,
    lastEventTime: Type.Optional(Time),
    errors: Type.Array(Failure, { maxItems: messageLimits.errors }),
    events: Type.Array(Happening, { maxItems: messageLimits.happenings }),
  },
  closed,
);

const Answer = Type.Object({ time: Time, revision: Count, clockOffsetMs: Type.Number(), eventsUpTo: Count });

/** Schema of {@link AgentHost}. */
export const AgentHostSchema: Type.TUnsafe<AgentHost> = Type.Unsafe<Static<typeof Host>>(Host);
/** Schema of {@link AgentStatus}. */
export const AgentStatusSchema: Type.TUnsafe<AgentStatus> = Type.Unsafe<Static<typeof Status>>(Status);
/** Schema of {@link HeartbeatAnswer}. */
export const HeartbeatAnswerSchema: Type.TUnsafe<HeartbeatAnswer> = Type.Unsafe<Static<typeof Answer>>(Answer);

/** Reads what a server answered to a heartbeat. Throws `server-answer`. */
export function parseHeartbeatAnswer(value: unknown): HeartbeatAnswer {
  return checkMessage(HeartbeatAnswerSchema, value, 'server-answer', 'the answer to the heartbeat');
}
