import { Type } from 'typebox';
import type { Store } from '#store';
import type { App } from '../app.ts';
import type { Metrics } from '../metrics.ts';

/** An answer of the store is taken for true this long: the route is open to all, and must not cost a query each time. */
const answerMs = 1_000;
/** Longest the store may take to answer before the server is not ready, in milliseconds. */
const readyMs = 2_000;

const State = Type.Object({ status: Type.String() });

/** `/health`, `/ready` and `/metrics`: for those who watch over the server. They stand outside `/api/v1`. */
export function addHealthRoutes(
  app: App,
  { store, metrics }: { readonly store: Store; readonly metrics: Metrics },
): void {
  let asked = Number.NEGATIVE_INFINITY;
  let answer: Promise<unknown> = Promise.resolve();
  function ready(): Promise<unknown> {
    if (performance.now() - asked > answerMs) {
      asked = performance.now();
      answer = store.bounds({ signal: AbortSignal.timeout(readyMs) });
    }
    return answer;
  }

  app.get(
    '/health',
    {
      schema: { tags: ['system'], summary: 'The process lives.', security: [], response: { 200: State } },
    },
    async () => ({ status: 'alive' }),
  );

  app.get(
    '/ready',
    {
      schema: {
        tags: ['system'],
        summary: 'The store answers: send work.',
        security: [],
        response: { 200: State, 503: State },
      },
    },
    async (request, reply) => {
      try {
        await ready();
        return { status: 'ready' };
      } catch (thrown) {
        request.log.warn({ err: thrown }, 'the store does not answer');
        return reply.code(503).send({ status: 'store-unavailable' });
      }
    },
  );

  app.get(
    '/metrics',
    {
      schema: { tags: ['system'], summary: 'Counters for Prometheus. Programs on the same host need no token.' },
    },
    async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}
