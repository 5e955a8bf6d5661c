import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Catalog, Session, Sessions, User } from '#catalog';
import { AppError } from '#error';
import { isFromOwnPage, sessionCookies } from '../session-cookie.ts';
import { tokenMatcher } from '../token.ts';
import { accessTokenId, type Caller } from './caller.ts';
import { isPermission, type Permission, permissionsOf } from './permissions.ts';

/** Finds out who makes a request. */
export interface Identify {
  /** By what stands behind `Bearer`; undefined when that is no token of this server. */
  byBearer(text: string): Promise<Caller | undefined>;
  /** By its cookie; undefined when there is none. Throws `session-ended`, `origin-foreign`. */
  bySession(request: FastifyRequest): Promise<Caller | undefined>;
  /** Whether a caller may still come in, with this permission: for answers that go on for long. */
  stillMay(request: FastifyRequest, permission: Permission): Promise<boolean>;
  /** Marks sessions of the access token: with another token they end. */
  readonly tokenMark: string;
}

/** What identifying needs. */
interface IdentifyParts {
  /** Access token. */
  readonly token: string;
  readonly catalog: Catalog;
  readonly sessions: Sessions;
}

/** Header of requests that no person made: a page that refreshes itself does not keep a session alive. */
export const backgroundHeader = 'meridian-background';

/** See {@link Identify}. Nothing is remembered between requests: what was revoked is refused at once, by every server. */
export function createIdentify({ token, catalog, sessions }: IdentifyParts): Identify {
  const matches = tokenMatcher(token);
  const tokenMark = createHash('sha256').update('meridian session\0').update(token).digest('hex').slice(0, 32);

  async function find(request: FastifyRequest, use: boolean): Promise<Caller | undefined> {
    for (const cookie of sessionCookies(request)) {
      const found = await sessions.find(cookie, use);
      const caller = found === undefined ? undefined : sessionCaller(found.session, found.user, tokenMark);
      if (caller !== undefined) return caller;
    }
    return undefined;
  }

  async function byBearer(text: string): Promise<Caller | undefined> {
    if (matches(text)) return tokenCaller();
    const found = await catalog.apiTokens.find(text);
    if (found === undefined) return undefined;
    const { token: own, user } = found;
    const owner = own.userId === accessTokenId ? tokenCaller() : user === undefined ? undefined : userCaller(user);
    if (owner === undefined || user?.enabled === false) return undefined;
    const allowed = own.scopes.filter(isPermission).filter((scope) => owner.permissions.has(scope));
    return { ...owner, via: 'api-token', permissions: new Set(allowed), tokenId: own.id };
  }

  return {
    tokenMark,
    byBearer,
    async bySession(request) {
      if (sessionCookies(request).length === 0) return undefined;
      const caller = await find(request, request.headers[backgroundHeader] === undefined);
      if (caller === undefined) throw new AppError('session-ended', 'The session has ended.');
      if (!isFromOwnPage(request)) {
        throw new AppError('origin-foreign', 'The request comes from a page of another origin.');
      }
      return caller;
    },
    async stillMay(request, permission) {
      const { caller } = request;
      if (caller?.via !== 'session' && caller?.via !== 'api-token') return true;
      const now = caller.via === 'session' ? await find(request, false) : await byBearer(bearerOf(request) ?? '');
      return now?.id === caller.id && now.permissions.has(permission);
    },
  };
}

/** Longest header looked at; a token is far shorter. */
const headerLengthMax = 4_096;

/** The token of an `Authorization: Bearer …` header; undefined when there is none. */
export function bearerOf(request: FastifyRequest): string | undefined {
  const header = request.headers.authorization;
  if (header === undefined || header.length > headerLengthMax) return undefined;
  const [scheme = '', credentials = '', ...rest] = header.trim().split(/ +/);
  return scheme.toLowerCase() === 'bearer' && credentials !== '' && rest.length === 0 ? credentials : undefined;
}

function sessionCaller(session: Session, user: User | undefined, tokenMark: string): Caller | undefined {
  const { id: sessionId, endsAt } = session;
  if (session.userId === accessTokenId) {
    return session.tokenMark === tokenMark ? { ...tokenCaller(), via: 'session', sessionId, endsAt } : undefined;
  }
  return user?.enabled === true ? { ...userCaller(user), via: 'session', sessionId, endsAt } : undefined;
}

function userCaller({ id, name, displayName, role }: User): Caller {
  return { id, name, displayName, role, permissions: permissionsOf(role), via: 'session' };
}

/** Who comes with the access token that the first start made: a program, or whoever may read the data directory. */
function tokenCaller(): Caller {
  return {
    id: accessTokenId,
    name: accessTokenId,
    displayName: 'Access token',
    role: 'administrator',
    permissions: permissionsOf('administrator'),
    via: 'access-token',
  };
}

/** Who comes from this host without a token: may read counters. */
export const localCaller: Caller = {
  id: 'this-host',
  name: 'this-host',
  displayName: 'A program on this host',
  role: undefined,
  permissions: new Set<Permission>(['metrics:read']),
  via: 'host',
};
