import { type Static, Type } from 'typebox';
import { type AgentHost, AgentHostSchema } from './agent-status.ts';
import { checkMessage } from './check-message.ts';
import { messageLimits } from './message-limits.ts';

/** What an agent sends to become known: `POST /api/v1/agents/enroll`, signed with the key it offers. */
export interface EnrollmentRequest {
  /** `mde_ID_SECRET`. */
  readonly token: string;
  /** The agent's public key: 32 bytes, base64url. */
  readonly publicKey: string;
  readonly host: AgentHost;
}

/** What it gets. */
export interface EnrollmentAnswer {
  readonly agentId: string;
  readonly serverId: string;
  /** Public key of the server's signature under profiles: 32 bytes, base64url. */
  readonly serverKey: string;
  /** Tags the agent has: those of the token, and its own. */
  readonly tags: readonly string[];
}

/** A new key for an agent: `POST /api/v1/agents/self/key`, signed with the old one. */
export interface KeyRotationRequest {
  readonly publicKey: string;
  /** Signature of the new key over {@link keyProofText}, base64url: the new private key is there. */
  readonly proof: string;
}

/** What it gets. */
export interface KeyRotationAnswer {
  readonly keyId: string;
  /** When the old key ends, epoch milliseconds; or at the first use of the new one. */
  readonly oldKeyUntil: number;
}

/** A mark of a file's content, as an agent sends it; see `ContentMark`. */
export interface ClaimedMark {
  readonly position: number;
  readonly hash: string;
}

/** Asks which generation of its stream a file is: `POST /api/v1/agents/self/streams`. */
export interface StreamClaim {
  readonly stream: string;
  readonly place: string;
  readonly source: string;
  readonly log: string;
  readonly marks: readonly ClaimedMark[];
}

/** What a claim gets. */
export interface StreamClaimAnswer {
  readonly generation: number;
  /** Everything before this byte offset is in the store: records before it need not be sent. */
  readonly position: number;
}

/** Form of an enrollment token: `mde_`, its id, and 32 random bytes. */
export const enrollmentTokenForm: RegExp = /^mde_([a-z0-9]{12})_([A-Za-z0-9_-]{43})$/;

/** What the new key signs to prove itself. */
export function keyProofText(agentId: string, publicKey: string): string {
  return `meridian-key-rotation\n${agentId}\n${publicKey}`;
}

const closed = { additionalProperties: false } as const;
const PublicKey = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' });
const Identifier = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' });
const Position = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

const Enrollment = Type.Object(
  { token: Type.String({ maxLength: 128 }), publicKey: PublicKey, host: AgentHostSchema },
  closed,
);
const Enrolled = Type.Object({
  agentId: Identifier,
  serverId: Identifier,
  serverKey: PublicKey,
  tags: Type.Array(Type.String()),
});
const Rotation = Type.Object({ publicKey: PublicKey, proof: Type.String({ pattern: '^[A-Za-z0-9_-]{86}$' }) }, closed);
const Rotated = Type.Object({ keyId: Identifier, oldKeyUntil: Position });
const Mark = Type.Object(
  {
    position: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    hash: Type.String({ pattern: '^[A-Za-z0-9_-]{16}$' }),
  },
  closed,
);
const Claim = Type.Object(
  {
    stream: Type.String({ pattern: '^[\\x21-\\x7e]{1,200}$' }),
    place: Type.String({ minLength: 1, maxLength: messageLimits.pathLength }),
    source: Type.String({ pattern: '^[a-z0-9-]{1,64}$' }),
    log: Type.String({ pattern: '^[a-z0-9-]{1,64}$' }),
    marks: Type.Array(Mark, { maxItems: messageLimits.marks }),
  },
  closed,
);
const Claimed = Type.Object({ generation: Position, position: Position });

/** Schema of {@link EnrollmentRequest}. */
export const EnrollmentRequestSchema: Type.TUnsafe<EnrollmentRequest> =
  Type.Unsafe<Static<typeof Enrollment>>(Enrollment);
/** Schema of {@link EnrollmentAnswer}. */
export const EnrollmentAnswerSchema: Type.TUnsafe<EnrollmentAnswer> = Type.Unsafe<Static<typeof Enrolled>>(Enrolled);
/** Schema of {@link KeyRotationRequest}. */
export const KeyRotationRequestSchema: Type.TUnsafe<KeyRotationRequest> =
  Type.Unsafe<Static<typeof Rotation>>(Rotation);
/** Schema of {@link KeyRotationAnswer}. */
export const KeyRotationAnswerSchema: Type.TUnsafe<KeyRotationAnswer> = Type.Unsafe<Static<typeof Rotated>>(Rotated);
/** Schema of {@link StreamClaim}. */
export const StreamClaimSchema: Type.TUnsafe<StreamClaim> = Type.Unsafe<Static<typeof Claim>>(Claim);
/** Schema of {@link StreamClaimAnswer}. */
export const StreamClaimAnswerSchema: Type.TUnsafe<StreamClaimAnswer> = Type.Unsafe<Static<typeof Claimed>>(Claimed);

/** Reads the answer to an enrollment. Throws `server-answer`. */
export function parseEnrollmentAnswer(value: unknown): EnrollmentAnswer {
  return checkMessage(EnrollmentAnswerSchema, value, 'server-answer', 'the answer to the enrollment');
}

/** Reads the answer to a new key. Throws `server-answer`. */
export function parseKeyRotationAnswer(value: unknown): KeyRotationAnswer {
  return checkMessage(KeyRotationAnswerSchema, value, 'server-answer', 'the answer to the new key');
}

/** Reads the answer to a claim. Throws `server-answer`. */
export function parseStreamClaimAnswer(value: unknown): StreamClaimAnswer {
  return checkMessage(StreamClaimAnswerSchema, value, 'server-answer', 'the answer to the claim of a stream');
}
