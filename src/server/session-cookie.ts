import type { FastifyRequest } from 'fastify';
import { AppError } from '#error';

/** Name of the cookie; with its prefix where the page came over TLS, so that no other host can set it. */
const plainName = 'meridian-session';
const secureName = '__Host-meridian-session';
/** Longest cookie header looked at. */
const headerLengthMax = 16_384;

/** Gives the content of the session cookies of a request; browsers may send several of one name. */
export function sessionCookies(request: FastifyRequest): string[] {
  const header = request.headers.cookie;
  if (header === undefined || header.length > headerLengthMax) return [];
  const found: string[] = [];
  for (const part of header.split(';')) {
    const at = part.indexOf('=');
    const name = part.slice(0, at).trim();
    if (at > 0 && (name === plainName || name === secureName)) found.push(part.slice(at + 1).trim());
  }
  return found;
}

/** Writes the cookie of a session; without content, the one that removes it. */
export function writeSessionCookie(request: FastifyRequest, content: string, maxAgeSeconds: number): string {
  // Behind a proxy that ends TLS only the browser knows how it came here.
  const secure = request.protocol === 'https' || request.headers.origin?.startsWith('https://') === true;
  const name = secure ? secureName : plainName;
  return `${name}=${content}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
}

/**
 * True when a browser says that its own page of this server made the request, or, for reading, that a person did.
 * SameSite alone lets another port of the same host through.
 */
export function isFromOwnPage(request: FastifyRequest): boolean {
  const reading = request.method === 'GET' || request.method === 'HEAD';
  const site = request.headers['sec-fetch-site'];
  if (typeof site === 'string') return site === 'same-origin' || (site === 'none' && reading);
  const { origin, host } = request.headers;
  if (origin === undefined) return reading;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** Throws `origin-foreign` unless a page of this server made the request. */
export function refuseForeign(request: FastifyRequest): void {
  if (isFromOwnPage(request)) return;
  throw new AppError('origin-foreign', 'The request comes from a page of another origin.');
}
