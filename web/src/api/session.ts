import * as v from 'valibot';
import { Problem } from './problem.ts';
import { request } from './request.ts';

const sessionSchema = v.object({ endsAt: v.optional(v.number()) });

/** Whether somebody is signed in; undefined when nobody is. Throws when the server does not answer. */
export async function getOwnSession(signal?: AbortSignal): Promise<{ endsAt?: number | undefined } | null> {
  try {
    return await request('/session', sessionSchema, { signal });
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.status === 401) return null;
    throw thrown;
  }
}

/** Signs in with the access token. */
export async function signIn(token: string): Promise<void> {
  await request('/session', sessionSchema, { method: 'POST', body: { token } });
}

/** Signs out. */
export async function signOut(): Promise<void> {
  await request('/session', sessionSchema, { method: 'DELETE' });
}
