import { Type } from 'typebox';
import { type ApiToken, type Role, roles, type Session, type User } from '#catalog';
import { passwordLengthMax } from '../people/password.ts';

/** Schemas that the routes of people share, and what fills them. */

export const PasswordText: Type.TString = Type.String({ minLength: 1, maxLength: passwordLengthMax });

/** No blank at the ends, nothing that cannot be seen: two people must not look alike. */
export const UserName: Type.TString = Type.String({
  minLength: 1,
  maxLength: 128,
  pattern: '^(?!\\s)[^\\p{C}\\p{Zl}\\p{Zp}]*(?<!\\s)$',
  description: 'What the person signs in with; case does not count.',
});
export const DisplayName: Type.TString = Type.String({ maxLength: 256, pattern: '^[^\\p{C}\\p{Zl}\\p{Zp}]*$' });
export const RoleName: Type.TUnsafe<Role> = Type.Unsafe<Role>({ type: 'string', enum: [...roles] });
export const IdParams: Type.TObject<{ id: Type.TString }> = Type.Object({ id: Type.String({ maxLength: 64 }) });
export const NoQuery: Type.TObject<Record<never, never>> = Type.Object({}, { additionalProperties: false });
export const Nothing: Type.TObject<Record<never, never>> = Type.Object({});

const time = Type.Number({ description: 'Epoch milliseconds.' });

/** A user as the API shows one. */
export interface ShownUser {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly role: Role;
  readonly enabled: boolean;
  readonly hasPassword: boolean;
  readonly hasSecondFactor: boolean;
  readonly issuer?: string;
  readonly createdAt: number;
  readonly lastSignIn?: number;
}

export const UserBody: Type.TUnsafe<ShownUser> = Type.Unsafe<ShownUser>(
  Type.Object({
    id: Type.String(),
    name: Type.String(),
    displayName: Type.String(),
    role: RoleName,
    enabled: Type.Boolean(),
    hasPassword: Type.Boolean(),
    hasSecondFactor: Type.Boolean(),
    issuer: Type.Optional(Type.String({ description: 'Provider of identities the person signs in at.' })),
    createdAt: time,
    lastSignIn: Type.Optional(time),
  }),
);

export function showUser(user: User): ShownUser {
  const { id, name, displayName, role, enabled, hasPassword, hasTotp, issuer, createdAt, lastSignIn } = user;
  const always = { id, name, displayName, role, enabled, hasPassword, hasSecondFactor: hasTotp, createdAt };
  return {
    ...always,
    ...(issuer === undefined ? {} : { issuer }),
    ...(lastSignIn === undefined ? {} : { lastSignIn }),
  };
}

/** Sessions as the API shows them. */
export interface ShownSessions {
  readonly sessions: readonly ShownSession[];
}

interface ShownSession extends Pick<Session, 'id' | 'method' | 'address' | 'program'> {
  readonly createdAt: number;
  readonly lastSeen: number;
  readonly endsAt: number;
  readonly current: boolean;
}

export const SessionListBody: Type.TUnsafe<ShownSessions> = Type.Unsafe<ShownSessions>(
  Type.Object({
    sessions: Type.Array(
      Type.Object({
        id: Type.String(),
        method: Type.String({ description: 'How the person proved who they are.' }),
        address: Type.String(),
        program: Type.String({ description: 'What the browser says of itself.' }),
        createdAt: time,
        lastSeen: time,
        endsAt: time,
        current: Type.Boolean({ description: 'The one that asks.' }),
      }),
    ),
  }),
);

export function showSessions(sessions: readonly Session[], currentId: string | undefined): ShownSessions {
  return {
    sessions: sessions.map(({ id, method, address, program, createdAt, lastSeen, endsAt }) => ({
      ...{ id, method, address, program, createdAt, lastSeen, endsAt },
      current: id === currentId,
    })),
  };
}

/** An API token as the API shows it. */
export interface ShownToken {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly lastUsed?: number;
  readonly revokedAt?: number;
  readonly state: string;
}

export const TokenBody: Type.TUnsafe<ShownToken> = Type.Unsafe<ShownToken>(
  Type.Object({
    id: Type.String(),
    userId: Type.String(),
    name: Type.String(),
    scopes: Type.Array(Type.String()),
    createdAt: time,
    expiresAt: time,
    lastUsed: Type.Optional(time),
    revokedAt: Type.Optional(time),
    state: Type.String({ description: '`usable`, `expired` or `revoked`.' }),
  }),
);
export const TokenListBody: Type.TObject<{ tokens: Type.TArray<typeof TokenBody> }> = Type.Object({
  tokens: Type.Array(TokenBody),
});

export function showToken(token: ApiToken): ShownToken {
  const { id, userId, name, scopes, createdAt, expiresAt, lastUsed, revokedAt, state } = token;
  return {
    ...{ id, userId, name, scopes, createdAt, expiresAt, state },
    ...(lastUsed === undefined ? {} : { lastUsed }),
    ...(revokedAt === undefined ? {} : { revokedAt }),
  };
}
