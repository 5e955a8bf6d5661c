import * as v from 'valibot';
import { request } from './request.ts';

const token = v.object({
  id: v.string(),
  description: v.string(),
  tags: v.array(v.string()),
  profileId: v.optional(v.string()),
  profileName: v.optional(v.string()),
  usesMax: v.number(),
  uses: v.number(),
  createdAt: v.number(),
  expiresAt: v.number(),
  revokedAt: v.optional(v.number()),
  state: v.picklist(['usable', 'spent', 'expired', 'revoked']),
});
const tokensSchema = v.object({ tokens: v.array(token), total: v.number() });
const madeSchema = v.object({ token, text: v.string(), command: v.string(), handsOutAgent: v.boolean() });

/** A token that lets agents in, without its secret. */
export type EnrollmentToken = v.InferOutput<typeof token>;
/** A token as it was made: its text, and the command to paste on the host, are given this once. */
export type MadeToken = v.InferOutput<typeof madeSchema>;

/** What a new token is to be. */
export interface NewEnrollmentToken {
  readonly description: string;
  readonly tags: readonly string[];
  readonly profileId?: string;
  readonly uses: number;
  readonly hours: number;
}

/** Tokens, newest first. */
export const getEnrollmentTokens = (
  offset: number,
  limit: number,
  signal?: AbortSignal,
): Promise<v.InferOutput<typeof tokensSchema>> =>
  request('/enrollment/tokens', tokensSchema, { words: { offset, limit }, signal });

export const makeEnrollmentToken = (wanted: NewEnrollmentToken): Promise<MadeToken> =>
  request('/enrollment/tokens', madeSchema, { method: 'POST', body: wanted });

/** Revokes a token; agents that came in with it stay. */
export const revokeEnrollmentToken = (id: string): Promise<EnrollmentToken> =>
  request(`/enrollment/tokens/${encodeURIComponent(id)}`, token, { method: 'DELETE' });
