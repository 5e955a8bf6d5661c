import { isIP } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isSigned } from '#delivery';
import { AppError } from '#error';
import type { Attempts } from './attempts.ts';
import type { ConsoleSessions } from './console-sessions.ts';
import type { AgentDoor } from './fleet/agent-door.ts';
import { isFromOwnPage, sessionCookies } from './session-cookie.ts';
import { tokenMatcher } from './token.ts';

/**
 * Who may use a route: everybody; whoever has the token or a session; also programs on this host; agents by their signature,
 * alone or beside the token; or an agent that is enrolling.
 */
export type Access = 'open' | 'token' | 'token-or-local' | 'agent' | 'token-or-agent' | 'enrolling';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Default `token`: a route that says nothing is closed. */
    access?: Access;
  }
}

/** Longest header looked at; a token is far shorter. */
const headerLengthMax = 4_096;

/**
 * Makes the hook that lets a request in. The right token always passes, even from an address that has spent its
 * attempts: a token of 256 random bits cannot be guessed, while one misconfigured client must not lock out the others
 * behind the same address. Attempts bound the noise.
 */
export function createAccess(
  token: string,
  attempts: Attempts,
  sessions: ConsoleSessions,
  door: AgentDoor | undefined,
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const matches = tokenMatcher(token);
  return async (request, reply) => {
    const access = request.routeOptions.config.access ?? 'token';
    if (access === 'open' || request.is404) return;
    if (door !== undefined && isForAgents(access, request)) return admitAgent(door, access, request, reply);
    const offered = bearer(request.headers.authorization);
    if (offered !== undefined && matches(offered)) return;
    if (offered === undefined && needsNoToken(request, access, sessions)) return;
    throw refusal(offered, attempts, request, reply);
  };
}

function needsNoToken(request: FastifyRequest, access: Access, sessions: ConsoleSessions): boolean {
  return hasSession(request, sessions) || (access === 'token-or-local' && isLocal(request));
}

async function admitAgent(
  door: AgentDoor,
  access: Access,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  if (access === 'enrolling') door.admitEnrolling(request, reply);
  else await door.admit(request, reply);
}

function refusal(
  offered: string | undefined,
  attempts: Attempts,
  request: FastifyRequest,
  reply: FastifyReply,
): AppError {
  reply.header('www-authenticate', 'Bearer realm="meridian"');
  if (offered === undefined) return new AppError('token-missing', 'This route needs a token.');
  const waitSeconds = attempts.fail(request.ip);
  if (waitSeconds === 0) return new AppError('token-wrong', 'The token is not the one of this server.');
  reply.header('retry-after', waitSeconds);
  return new AppError(
    'attempts-exceeded',
    `Too many wrong tokens came from this address; wait ${waitSeconds} seconds.`,
  );
}

/** Whether it is an agent's signature that decides; where the token would do, too, only when there is one. */
function isForAgents(access: Access, request: FastifyRequest): boolean {
  return access === 'agent' || access === 'enrolling' || (access === 'token-or-agent' && isSigned(request.headers));
}

/** Whether the request has the cookie of a session; throws when it has one that is over, or when another page sent it. */
function hasSession(request: FastifyRequest, sessions: ConsoleSessions): boolean {
  const cookies = sessionCookies(request);
  if (cookies.length === 0) return false;
  if (!cookies.some((cookie) => sessions.endOf(cookie) !== undefined)) {
    throw new AppError('session-ended', 'The session has ended.');
  }
  if (!isFromOwnPage(request)) throw new AppError('origin-foreign', 'The request comes from a page of another origin.');
  return true;
}

/** The token of an `Authorization: Bearer …` header; undefined when there is none. */
function bearer(header: string | undefined): string | undefined {
  if (header === undefined || header.length > headerLengthMax) return undefined;
  const [scheme = '', credentials = '', ...rest] = header.trim().split(/ +/);
  return scheme.toLowerCase() === 'bearer' && credentials !== '' && rest.length === 0 ? credentials : undefined;
}

/**
 * True for a program on this host that speaks to the server directly. A proxy on the host also comes from the loopback
 * address, and a web page can point a name of its own at it; both show in the headers.
 */
function isLocal(request: FastifyRequest): boolean {
  const forwarded = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'].some(
    (name) => request.headers[name] !== undefined,
  );
  return !forwarded && isLoopback(request.ip) && isLoopbackName(request.headers.host ?? '');
}

function isLoopbackName(host: string): boolean {
  const name = host
    .replace(/:\d{1,5}$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  return name === 'localhost' || isLoopback(name);
}

/** True for an address of 127.0.0.0/8 (also mapped into IPv6) or `::1`. */
export function isLoopback(address: string): boolean {
  const plain = address.toLowerCase().replace(/^::ffff:/, '');
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}
