import * as v from 'valibot';
import { Problem } from './problem.ts';
import { request } from './request.ts';

const sessionSchema = v.object({
  endsAt: v.optional(v.number()),
  id: v.string(),
  name: v.string(),
  displayName: v.string(),
  role: v.optional(v.string()),
  permissions: v.array(v.string()),
  via: v.string(),
});
const beganSchema = v.object({ endsAt: v.optional(v.number()) });
const waysSchema = v.object({ firstRun: v.boolean(), provider: v.optional(v.string()) });
const providerSchema = v.object({ url: v.string(), binding: v.string() });
const invitationSchema = v.object({
  purpose: v.string(),
  name: v.optional(v.string()),
  displayName: v.optional(v.string()),
  expiresAt: v.number(),
});

/** Who is signed in, and what that allows. */
export type OwnSession = v.InferOutput<typeof sessionSchema>;
export type SignInWays = v.InferOutput<typeof waysSchema>;
export type Invitation = v.InferOutput<typeof invitationSchema>;

/** Who is signed in; null when nobody is. Throws when the server does not answer. */
export async function getOwnSession(signal?: AbortSignal): Promise<OwnSession | null> {
  try {
    return await request('/session', sessionSchema, { signal });
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.status === 401) return null;
    throw thrown;
  }
}

/** What somebody proves to be who they are with. */
export type Proof =
  | { readonly token: string }
  | { readonly name: string; readonly password: string; readonly code?: string };

/** Signs in. */
export async function signIn(proof: Proof): Promise<void> {
  await request('/session', beganSchema, { method: 'POST', body: proof });
}

/** Signs out. */
export async function signOut(): Promise<void> {
  await request('/session', beganSchema, { method: 'DELETE' });
}

/** What one can sign in with. */
export function getSignInWays(signal?: AbortSignal): Promise<SignInWays> {
  return request('/session/ways', waysSchema, { signal });
}

/** Begins to sign in at the provider of identities. */
export function beginProvider(): Promise<v.InferOutput<typeof providerSchema>> {
  return request('/session/provider', providerSchema, { method: 'POST' });
}

/** Ends it, with what the provider put behind the address. */
export async function finishProvider(search: string, binding: string): Promise<void> {
  await request('/session/provider/return', beganSchema, { method: 'POST', body: { search, binding } });
}

/** What a link is for. */
export function lookAtInvitation(secret: string): Promise<Invitation> {
  return request('/invitation/look', invitationSchema, { method: 'POST', body: { secret } });
}

/** Uses a link up. */
export function acceptInvitation(choice: {
  readonly secret: string;
  readonly name?: string;
  readonly displayName?: string;
  readonly password: string;
}): Promise<v.InferOutput<typeof beganSchema>> {
  return request('/invitation/accept', beganSchema, { method: 'POST', body: choice });
}
