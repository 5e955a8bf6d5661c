import type { FastifyRequest } from 'fastify';
import { verifyContent } from '#delivery';
import { AppError } from '#error';
import type { App } from '../app.ts';

const none = Buffer.alloc(0);

/**
 * Reads the bodies of signed requests in a scope: JSON, taken as bytes, compared with the digest that is signed, and only
 * then parsed. What it must hold is for the handler to check, exactly: nothing is made to fit.
 */
export function readSignedBodies(scope: App, bytesMax: number): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: bytesMax },
    (request: FastifyRequest, body, done) => {
      try {
        const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
        verifyContent(request.headers, bytes);
        done(null, parseJson(bytes));
      } catch (thrown) {
        done(thrown instanceof Error ? thrown : new Error(String(thrown)), undefined);
      }
    },
  );
  scope.addHook('preHandler', async (request) => {
    // Without a body no parser was asked; then the digest is that of nothing.
    if (request.body === undefined || request.body === null) verifyContent(request.headers, none);
  });
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new AppError('body-malformed', 'The body is not valid JSON.', { cause });
  }
}
