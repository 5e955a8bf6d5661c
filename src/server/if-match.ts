import type { FastifyRequest } from 'fastify';
import { AppError } from '#error';

/** The version a change is based on, from `if-match`; undefined when it does not say. */
export function ifMatch(request: FastifyRequest): number | undefined {
  const header = request.headers['if-match'];
  if (header === undefined || header === '*') return undefined;
  const [, version] = /^(?:W\/)?"?(\d{1,15})"?$/.exec(header.trim()) ?? [];
  if (version === undefined) {
    throw new AppError('request-invalid', 'The header "if-match" is no version.', {
      place: { field: 'if-match', expected: 'a version, such as "3"' },
    });
  }
  return Number(version);
}
