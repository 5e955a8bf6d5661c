import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Catalog, NewSession, Sessions } from '#catalog';
import type { Logger } from '#log';
import type { Attempts } from '../attempts.ts';
import { writeSessionCookie } from '../session-cookie.ts';
import { createIdentify, type Identify } from './identify.ts';
import { createOpenId, type OpenId, type OpenIdOptions } from './open-id.ts';
import { createPasswords, type Passwords } from './password.ts';
import { createSignIn, type SignIn } from './sign-in.ts';

/** Choices about people. */
export interface PeopleOptions {
  /** Milliseconds a session lasts without use; default one hour. */
  readonly sessionIdleMs?: number | undefined;
  /** Milliseconds a session lasts at most; default twelve hours. */
  readonly sessionLifeMs?: number | undefined;
  /** Absent: nobody signs in at a provider of identities. */
  readonly openId?: OpenIdOptions | undefined;
}

/** All that a server has to do with people. */
export interface People {
  readonly catalog: Catalog;
  readonly sessions: Sessions;
  readonly identify: Identify;
  readonly passwords: Passwords;
  readonly signIn: SignIn;
  readonly attempts: Attempts;
  readonly openId: OpenId | undefined;
  /** Access token. */
  readonly token: string;
  readonly clock: () => number;
  /** Begins a session and puts it into the answer's cookie. */
  begin(request: FastifyRequest, reply: FastifyReply, session: BeginSession): Promise<{ readonly endsAt: number }>;
}

export type BeginSession = Pick<NewSession, 'userId' | 'method' | 'tokenMark'>;

/** What people need. */
interface PeopleParts {
  readonly catalog: Catalog;
  readonly token: string;
  readonly attempts: Attempts;
  readonly options: PeopleOptions;
  readonly log: Logger;
  readonly clock: () => number;
}

const hourMs = 3_600_000;
/** Longest name of a browser that is kept. */
const programLengthMax = 256;

/** Joins what belongs to people. */
export function createPeople({ catalog, token, attempts, options, log, clock }: PeopleParts): People {
  const { sessionIdleMs = hourMs, sessionLifeMs = 12 * hourMs, openId } = options;
  const sessions = catalog.sessions({ idleMs: sessionIdleMs, lifeMs: sessionLifeMs });
  const passwords = createPasswords();
  return {
    catalog,
    sessions,
    identify: createIdentify({ token, catalog, sessions }),
    passwords,
    signIn: createSignIn({ catalog, passwords, attempts, clock }),
    attempts,
    openId: openId === undefined ? undefined : createOpenId(openId, catalog, log, clock),
    token,
    clock,
    async begin(request, reply, session) {
      const { secret, session: begun } = await sessions.begin({
        ...session,
        address: request.ip,
        program: (request.headers['user-agent'] ?? '').replace(/\p{C}/gu, '').slice(0, programLengthMax),
      });
      if (session.tokenMark === undefined) await catalog.users.noteSignIn(session.userId);
      reply.header('set-cookie', writeSessionCookie(request, secret, Math.floor(sessionLifeMs / 1_000)));
      return { endsAt: begun.endsAt };
    },
  };
}
