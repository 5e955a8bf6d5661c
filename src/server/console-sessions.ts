import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Sessions of people at the console: what stands in their cookie. */
export interface ConsoleSessions {
  /** Makes the content of a cookie, good until `endsAt` (epoch milliseconds). */
  begin(): { readonly cookie: string; readonly endsAt: number };
  /** Gives the end of a session that is good now; undefined for anything else. */
  endOf(cookie: string): number | undefined;
  /** Ends a session before its time. */
  end(cookie: string): void;
}

/** A day's work; then one signs in again. */
export const sessionMs: number = 12 * 3_600_000;
/** Sessions ended early that are remembered; they are forgotten once they would have ended anyway. */
const endedMax = 10_000;
const cookieForm = /^(\d{13})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

/**
 * Makes the sessions of a server. A cookie is signed with a key made from the access token: it outlives a restart, it
 * is good at every server that has the token, and a new token ends all sessions. The token cannot be had from it.
 */
export function createConsoleSessions(token: string, clock: () => number): ConsoleSessions {
  const key = createHash('sha256').update('meridian console session\0').update(token).digest();
  const ended = new Map<string, number>();

  function sign(text: string): Buffer {
    return createHmac('sha256', key).update(text).digest();
  }

  function read(cookie: string): { readonly id: string; readonly endsAt: number } | undefined {
    const [, end = '', id = '', mac = ''] = cookieForm.exec(cookie) ?? [];
    if (id === '' || !timingSafeEqual(sign(`${end}.${id}`), Buffer.from(mac, 'base64url'))) return undefined;
    return { id, endsAt: Number(end) };
  }

  return {
    begin() {
      const endsAt = clock() + sessionMs;
      const text = `${endsAt}.${randomBytes(16).toString('base64url')}`;
      return { cookie: `${text}.${sign(text).toString('base64url')}`, endsAt };
    },
    endOf(cookie) {
      const session = read(cookie);
      return session === undefined || session.endsAt <= clock() || ended.has(session.id) ? undefined : session.endsAt;
    },
    end(cookie) {
      const session = read(cookie);
      if (session === undefined) return;
      const now = clock();
      for (const [id, endsAt] of ended) if (endsAt <= now) ended.delete(id);
      const oldest = ended.size >= endedMax ? ended.keys().next().value : undefined;
      if (oldest !== undefined) ended.delete(oldest);
      ended.set(session.id, session.endsAt);
    },
  };
}
