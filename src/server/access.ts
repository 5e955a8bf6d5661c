import { isIP } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isSigned } from '#delivery';
import { AppError } from '#error';
import type { Attempts } from './attempts.ts';
import type { AgentDoor } from './fleet/agent-door.ts';
import type { Caller } from './people/caller.ts';
import { bearerOf, type Identify, localCaller } from './people/identify.ts';
import { isPermission } from './people/permissions.ts';
import { type RouteRule, ruleOf } from './people/route-table.ts';

/** What letting in needs. */
interface AccessParts {
  readonly identify: Identify;
  /** Wrong tokens. */
  readonly attempts: Attempts;
  readonly door: AgentDoor;
}

/**
 * Makes the hook that lets a request in, by the table of routes. The right token always passes, even from an address that
 * has spent its attempts: a token of 256 random bits cannot be guessed, while one misconfigured client must not lock out
 * the others behind the same address. Attempts bound the noise.
 */
export function createAccess({
  identify,
  attempts,
  door,
}: AccessParts): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  async function callerOf(request: FastifyRequest, reply: FastifyReply, rule: RouteRule): Promise<Caller> {
    const offered = bearerOf(request);
    const caller = offered === undefined ? await identify.bySession(request) : await identify.byBearer(offered);
    if (caller !== undefined) return caller;
    if (offered === undefined && rule.or === 'local' && isLocal(request)) return localCaller;
    throw refusal(offered, attempts, request, reply);
  }

  return async (request, reply) => {
    if (request.is404) return;
    const rule = ruleOf(request.method, request.routeOptions.url ?? '');
    if (rule.needs === 'open') return;
    if (rule.needs === 'enrolling') return door.admitEnrolling(request, reply);
    if (rule.needs === 'agent' || (rule.or === 'agent' && isSigned(request.headers))) {
      return door.admit(request, reply);
    }
    const caller = await callerOf(request, reply, rule);
    request.caller = caller;
    if (isPermission(rule.needs) && caller.permissions.has(rule.needs)) return;
    throw notAllowed(caller, rule.needs);
  };
}

function notAllowed({ via, role }: Caller, permission: string): AppError {
  const who = via === 'api-token' ? 'The API token' : `The role ${role ?? 'of this caller'}`;
  return new AppError('permission-missing', `${who} does not allow "${permission}".`, {
    place: { expected: permission },
  });
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
  if (waitSeconds === 0) return new AppError('token-wrong', 'The token is not one of this server.');
  reply.header('retry-after', waitSeconds);
  return new AppError(
    'attempts-exceeded',
    `Too many wrong tokens came from this address; wait ${waitSeconds} seconds.`,
  );
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
