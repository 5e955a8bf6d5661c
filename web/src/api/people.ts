import * as v from 'valibot';
import { request } from './request.ts';

const user = v.object({
  id: v.string(),
  name: v.string(),
  displayName: v.string(),
  role: v.string(),
  enabled: v.boolean(),
  hasPassword: v.boolean(),
  hasSecondFactor: v.boolean(),
  issuer: v.optional(v.string()),
  createdAt: v.number(),
  lastSignIn: v.optional(v.number()),
});
const session = v.object({
  id: v.string(),
  method: v.string(),
  address: v.string(),
  program: v.string(),
  createdAt: v.number(),
  lastSeen: v.number(),
  endsAt: v.number(),
  current: v.boolean(),
});
const token = v.object({
  id: v.string(),
  userId: v.string(),
  name: v.string(),
  scopes: v.array(v.string()),
  createdAt: v.number(),
  expiresAt: v.number(),
  lastUsed: v.optional(v.number()),
  revokedAt: v.optional(v.number()),
  state: v.string(),
});
const entry = v.object({
  number: v.number(),
  time: v.number(),
  actor: v.string(),
  via: v.string(),
  action: v.string(),
  object: v.string(),
  outcome: v.picklist(['success', 'failure', 'denied']),
  code: v.optional(v.string()),
  address: v.string(),
  detail: v.string(),
});
const accountSchema = v.object({ user, recoveryCodesLeft: v.number() });
const usersSchema = v.object({ users: v.array(user), total: v.number() });
const linkSchema = v.object({ user, link: v.string() });
const sessionsSchema = v.object({ sessions: v.array(session) });
const tokensSchema = v.object({ tokens: v.array(token) });
const madeTokenSchema = v.object({ token, text: v.string() });
const secretSchema = v.object({ secret: v.string(), uri: v.string() });
const codesSchema = v.object({ recoveryCodes: v.array(v.string()) });
const auditSchema = v.object({ entries: v.array(entry), next: v.optional(v.number()) });
const rolesSchema = v.object({
  roles: v.array(v.object({ role: v.string(), permissions: v.array(v.string()) })),
  permissions: v.array(v.object({ permission: v.string(), about: v.string(), scope: v.boolean() })),
});
const nothing = v.unknown();

export type User = v.InferOutput<typeof user>;
export type Account = v.InferOutput<typeof accountSchema>;
export type Session = v.InferOutput<typeof session>;
export type Token = v.InferOutput<typeof token>;
export type AuditEntry = v.InferOutput<typeof entry>;
export type Roles = v.InferOutput<typeof rolesSchema>;

const id = (path: string, of: string): string => `${path}/${encodeURIComponent(of)}`;

/** One's own account. */
export const getAccount = (signal?: AbortSignal): Promise<Account> => request('/account', accountSchema, { signal });

export const changePassword = (current: string, next: string): Promise<unknown> =>
  request('/account/password', nothing, { method: 'POST', body: { current, next } });

export const getOwnSessions = async (signal?: AbortSignal): Promise<readonly Session[]> =>
  (await request('/account/sessions', sessionsSchema, { signal })).sessions;

export const endOwnSession = (of: string): Promise<unknown> =>
  request(id('/account/sessions', of), nothing, { method: 'DELETE' });

export const endOtherSessions = (): Promise<unknown> => request('/account/sessions', nothing, { method: 'DELETE' });

/** Asks for a secret for an app; it counts once a code was confirmed. */
export const beginSecondFactor = (password: string): Promise<v.InferOutput<typeof secretSchema>> =>
  request('/account/second-factor', secretSchema, { method: 'POST', body: { password } });

export const confirmSecondFactor = async (code: string): Promise<readonly string[]> =>
  (await request('/account/second-factor/confirm', codesSchema, { method: 'POST', body: { code } })).recoveryCodes;

export const removeSecondFactor = (password: string, code: string): Promise<unknown> =>
  request('/account/second-factor/remove', nothing, { method: 'POST', body: { password, code } });

export const makeRecoveryCodes = async (code: string): Promise<readonly string[]> =>
  (await request('/account/recovery-codes', codesSchema, { method: 'POST', body: { code } })).recoveryCodes;

export const getOwnTokens = async (signal?: AbortSignal): Promise<readonly Token[]> =>
  (await request('/account/tokens', tokensSchema, { signal })).tokens;

export const makeToken = (wanted: {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly days: number;
}): Promise<v.InferOutput<typeof madeTokenSchema>> =>
  request('/account/tokens', madeTokenSchema, { method: 'POST', body: wanted });

export const revokeOwnToken = (of: string): Promise<unknown> =>
  request(id('/account/tokens', of), nothing, { method: 'DELETE' });

/** Roles, and what each may do. */
export const getRoles = (signal?: AbortSignal): Promise<Roles> => request('/roles', rolesSchema, { signal });

export const getUsers = (
  search: string,
  offset: number,
  limit: number,
  signal?: AbortSignal,
): Promise<v.InferOutput<typeof usersSchema>> =>
  request('/users', usersSchema, { words: { search, offset, limit }, signal });

/** Makes a user; the link is shown this once. */
export const makeUser = (wanted: {
  readonly name: string;
  readonly displayName?: string;
  readonly role: string;
}): Promise<v.InferOutput<typeof linkSchema>> => request('/users', linkSchema, { method: 'POST', body: wanted });

export const changeUser = (
  of: string,
  change: { readonly role?: string; readonly enabled?: boolean; readonly displayName?: string },
): Promise<User> => request(id('/users', of), user, { method: 'PUT', body: change });

export const removeUser = (of: string): Promise<User> => request(id('/users', of), user, { method: 'DELETE' });

export const inviteAgain = (of: string): Promise<v.InferOutput<typeof linkSchema>> =>
  request(`${id('/users', of)}/invitation`, linkSchema, { method: 'POST' });

export const removeSecondFactorOf = (of: string): Promise<User> =>
  request(`${id('/users', of)}/second-factor`, user, { method: 'DELETE' });

export const endSessionsOf = (of: string): Promise<unknown> =>
  request(`${id('/users', of)}/sessions`, nothing, { method: 'DELETE' });

export const getAllTokens = async (signal?: AbortSignal): Promise<readonly Token[]> =>
  (await request('/tokens', tokensSchema, { signal })).tokens;

export const revokeToken = (of: string): Promise<unknown> => request(id('/tokens', of), nothing, { method: 'DELETE' });

/** What of the audit trail is asked for. */
export interface AuditFilter {
  readonly action?: string | undefined;
  readonly actor?: string | undefined;
  readonly outcome?: string | undefined;
}

export const getAudit = (
  filter: AuditFilter,
  before: number | undefined,
  limit: number,
  signal?: AbortSignal,
): Promise<v.InferOutput<typeof auditSchema>> =>
  request('/audit', auditSchema, { words: { ...filter, before, limit }, signal });
