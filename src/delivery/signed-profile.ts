import { type Static, Type } from 'typebox';
import { AppError } from '#error';
import { type AgentProfile, parseAgentProfile } from './agent-profile.ts';
import { checkMessage, checkMessageText } from './check-message.ts';
import { messageLimits } from './message-limits.ts';
import { isSignatureOf, keyIdOf, type SigningKey, signBytes } from './signing-key.ts';

/** What a server signs: which profile, for whom, and which of all it ever sent. */
export interface ProfilePayload {
  readonly serverId: string;
  /** The agent it is for. */
  readonly audience: string;
  /** Grows with everything the agent is told, whatever profile it is. */
  readonly revision: number;
  /** Epoch milliseconds. */
  readonly issuedAt: number;
  readonly profileId: string;
  readonly profileName: string;
  readonly profileVersion: number;
  /** null: none is assigned any more, stop reading. */
  readonly profile: AgentProfile | null;
}

/** A profile under way. */
export interface SignedProfile {
  /** JSON, base64url. */
  readonly payload: string;
  /** Ed25519 over the bytes of the payload, base64url. */
  readonly signature: string;
  readonly keyId: string;
}

/** What an agent knows, and a profile must agree with. */
export interface ProfileExpectation {
  readonly serverId: string;
  /** Public key of the server. */
  readonly serverKey: string;
  readonly agentId: string;
  /** Least revision taken: one more than the last that was seen, or that one when it is read from disk again. */
  readonly revisionMin: number;
}

const closed = { additionalProperties: false } as const;
const Base64Url = (lengthMax: number): Type.TString =>
  Type.String({ pattern: '^[A-Za-z0-9_-]*$', maxLength: lengthMax });
const Envelope = Type.Object(
  {
    payload: Base64Url(messageLimits.messageBytes),
    signature: Type.String({ pattern: '^[A-Za-z0-9_-]{86}$' }),
    keyId: Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' }),
  },
  closed,
);
// Further keys of a newer server are no reason to refuse: they are signed, and mean nothing here.
const Payload = Type.Object({
  serverId: Type.String({ maxLength: 64 }),
  audience: Type.String({ maxLength: 64 }),
  revision: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  issuedAt: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  profileId: Type.String({ maxLength: 64 }),
  profileName: Type.String({ maxLength: messageLimits.nameLength }),
  profileVersion: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  profile: Type.Unknown(),
});

/** Schema of {@link SignedProfile}. */
export const SignedProfileSchema: Type.TUnsafe<SignedProfile> = Type.Unsafe<Static<typeof Envelope>>(Envelope);

/** Signs a profile for an agent. */
export function signProfile(payload: ProfilePayload, key: SigningKey): SignedProfile {
  const bytes = Buffer.from(JSON.stringify(payload), 'utf8');
  return {
    payload: bytes.toString('base64url'),
    signature: signBytes(bytes, key).toString('base64url'),
    keyId: key.keyId,
  };
}

/**
 * Opens a profile: first the signature, then what it says. Throws `profile-malformed`, `profile-forged` (not signed by
 * the server's key), `profile-of-other-server`, `profile-of-other-agent`, `profile-rolled-back`, `profile-invalid`.
 */
export function openProfile(envelope: unknown, expected: ProfileExpectation): ProfilePayload {
  const { payload, signature, keyId } = checkMessage(
    SignedProfileSchema,
    envelope,
    'profile-malformed',
    'the envelope',
  );
  const bytes = Buffer.from(payload, 'base64url');
  if (
    keyId !== keyIdOf(expected.serverKey) ||
    !isSignatureOf(bytes, Buffer.from(signature, 'base64url'), expected.serverKey)
  ) {
    throw new AppError('profile-forged', "The profile is not signed with the server's key.");
  }
  const said = checkMessageText(Payload, bytes.toString('utf8'), 'profile-malformed', 'the payload');
  if (said.serverId !== expected.serverId) {
    throw new AppError('profile-of-other-server', 'The profile was made by another server.');
  }
  if (said.audience !== expected.agentId) {
    throw new AppError('profile-of-other-agent', 'The profile is meant for another agent.');
  }
  if (said.revision < expected.revisionMin) {
    throw new AppError('profile-rolled-back', 'The profile is older than one that was seen before.', {
      place: { field: 'revision', found: String(said.revision), expected: `at least ${expected.revisionMin}` },
    });
  }
  return { ...said, profile: said.profile === null ? null : parseAgentProfile(said.profile) };
}
