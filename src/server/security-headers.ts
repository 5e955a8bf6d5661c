import type { FastifyReply } from 'fastify';

/**
 * Headers of every answer. The API serves data and one static page: nothing may be framed, sniffed, cached by
 * others, or run as script. Another origin gets no `access-control-*` header, so browsers refuse it.
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
};

/**
 * Policy of the console's pages: scripts, styles and data from this server alone, nothing inline, no markup made from
 * text (trusted types without any policy).
 */
export const consolePolicy: string = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** Sets the headers of every answer. */
export async function setSecurityHeaders(_request: unknown, reply: FastifyReply): Promise<void> {
  reply.headers(securityHeaders);
}
