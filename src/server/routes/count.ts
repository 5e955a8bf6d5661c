import { type Static, Type } from 'typebox';
import { readQuestion } from '#query';
import type { Store } from '#store';
import type { App } from '../app.ts';
import { clientGone } from '../client-gone.ts';
import { questionParameters } from '../question.ts';
import { failures } from '../schemas.ts';

/** `/events/count`: how many events match. */
export function addCountRoute(
  app: App,
  { store, clock }: { readonly store: Store; readonly clock: () => number },
): void {
  const parameters = Type.Object(questionParameters, { additionalProperties: false });
  const schema = {
    tags: ['events'],
    summary: 'How many events match a QQL query.',
    response: { 200: Type.Object({ count: Type.Number() }), ...failures },
  };

  async function count(asked: Static<typeof parameters>, signal: AbortSignal): Promise<{ count: number }> {
    const { condition, from, to } = readQuestion(asked, clock());
    return { count: await store.count(condition, { from, to, signal }) };
  }

  app.get('/events/count', { schema: { ...schema, querystring: parameters } }, (request, reply) =>
    count(request.query, clientGone(reply)),
  );
  app.post('/events/count', { schema: { ...schema, body: parameters } }, (request, reply) =>
    count(request.body, clientGone(reply)),
  );
}
