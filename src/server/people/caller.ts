import type { FastifyRequest } from 'fastify';
import type { Role } from '#catalog';
import { AppError } from '#error';
import type { Permission } from './permissions.ts';

/** Whoever makes a request, once it is known. */
export interface Caller {
  /** Id of the user, or one of the fixed ones below. */
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly role: Role | undefined;
  readonly permissions: ReadonlySet<Permission>;
  readonly via: 'session' | 'api-token' | 'access-token' | 'host' | 'nothing';
  /** The session the request belongs to, and its end in epoch milliseconds. */
  readonly sessionId?: string | undefined;
  readonly endsAt?: number | undefined;
  readonly tokenId?: string | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined on open routes, and for agents. */
    caller: Caller | undefined;
  }
}

/** Id of the access token, where others have the id of a user. */
export const accessTokenId = 'access-token';

/** Somebody the route does not ask to be known. */
const nobody: Caller = {
  id: '',
  name: '',
  displayName: '',
  role: undefined,
  permissions: new Set(),
  via: 'nothing',
};

/** Gives who makes a request. */
export function callerOf(request: FastifyRequest): Caller {
  return request.caller ?? nobody;
}

/** Gives the id of the person who makes a request. Throws `person-required` for the access token. */
export function personOf(request: FastifyRequest): string {
  const { id } = callerOf(request);
  if (id === accessTokenId || id === '') throw new AppError('person-required', 'The access token is no person.');
  return id;
}
