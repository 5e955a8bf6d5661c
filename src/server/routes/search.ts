import { type Static, Type } from 'typebox';
import { readLabels, readQuestion, readSort } from '#query';
import type { Store } from '#store';
import type { App } from '../app.ts';
import { clientGone } from '../client-gone.ts';
import type { ServerLimits } from '../limits.ts';
import { questionParameters } from '../question.ts';
import { CursorText, EventBody, failures, LabelList, SortText } from '../schemas.ts';

const pageRows = 100;

/** `/events/search`: a page of events that match, and the cursor of the next page. */
export function addSearchRoute(
  app: App,
  { store, limits, clock }: { readonly store: Store; readonly limits: ServerLimits; readonly clock: () => number },
): void {
  const parameters = Type.Object(
    {
      ...questionParameters,
      fields: Type.Optional(LabelList),
      sort: Type.Optional(SortText),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.pageRows, default: pageRows })),
      cursor: Type.Optional(CursorText),
    },
    { additionalProperties: false },
  );
  const schema = {
    tags: ['events'],
    summary: 'A page of events that match a QQL query.',
    response: { 200: Type.Object({ events: Type.Array(EventBody), next: Type.Optional(CursorText) }), ...failures },
  };

  async function search(
    asked: Static<typeof parameters>,
    signal: AbortSignal,
  ): Promise<{ events: Record<string, unknown>[]; next?: string }> {
    const { condition, from, to } = readQuestion(asked, clock());
    const page = await store.search(condition, {
      from,
      to,
      sort: asked.sort === undefined ? undefined : readSort(asked.sort),
      fields: asked.fields === undefined ? undefined : readLabels(asked.fields, 'fields'),
      limit: asked.limit ?? pageRows,
      cursor: asked.cursor,
      signal,
    });
    return { events: page.rows.map((row) => ({ ...row })), ...(page.next === undefined ? {} : { next: page.next }) };
  }

  app.get('/events/search', { schema: { ...schema, querystring: parameters } }, (request, reply) =>
    search(request.query, clientGone(reply)),
  );
  app.post('/events/search', { schema: { ...schema, body: parameters } }, (request, reply) =>
    search(request.body, clientGone(reply)),
  );
}
