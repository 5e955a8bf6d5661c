import type { FastifyReply } from 'fastify';

/**
 * Gives the signal that aborts when the client goes away before its answer is whole: the store then stops the work.
 * Fastify's own `request.signal` follows the request's stream, which also closes when the body has merely been read.
 */
export function clientGone(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const { raw } = reply;
  if (raw.destroyed && !raw.writableFinished) controller.abort();
  else {
    raw.once('close', () => {
      if (!raw.writableFinished) controller.abort();
    });
  }
  return controller.signal;
}
