import { type Static, Type } from 'typebox';
import { readLabels, readQuestion } from '#query';
import type { Store } from '#store';
import type { App } from '../app.ts';
import { clientGone } from '../client-gone.ts';
import type { ServerLimits } from '../limits.ts';
import { questionParameters } from '../question.ts';
import { failures, LabelList } from '../schemas.ts';

const GroupsBody = Type.Object({
  labels: Type.Array(Type.String()),
  groups: Type.Array(
    Type.Object({
      values: Type.Array(Type.Unknown(), { description: 'Value of each label; null where the events have none.' }),
      count: Type.Number(),
      first: Type.Number({ description: 'Oldest event of the group, epoch milliseconds.' }),
      last: Type.Number(),
    }),
  ),
});

/** `/events/group`: events per combination of values. */
export function addGroupRoute(
  app: App,
  { store, limits, clock }: { readonly store: Store; readonly limits: ServerLimits; readonly clock: () => number },
): void {
  const parameters = Type.Object(
    {
      ...questionParameters,
      by: LabelList,
      limit: Type.Optional(
        Type.Integer({ minimum: 1, maximum: limits.pageRows, default: 100, description: 'Groups.' }),
      ),
    },
    { additionalProperties: false },
  );
  const schema = {
    tags: ['events'],
    summary: 'Events per combination of values, most frequent first.',
    response: { 200: GroupsBody, ...failures },
  };

  async function group(asked: Static<typeof parameters>, signal: AbortSignal): Promise<Static<typeof GroupsBody>> {
    const { condition, from, to } = readQuestion(asked, clock());
    const labels = readLabels(asked.by, 'by');
    const groups = await store.groupBy(condition, labels, { from, to, limit: asked.limit, signal });
    return {
      labels: [...labels],
      groups: groups.map((one) => ({ ...one, values: one.values.map((value) => value ?? null) })),
    };
  }

  app.get('/events/group', { schema: { ...schema, querystring: parameters } }, (request, reply) =>
    group(request.query, clientGone(reply)),
  );
  app.post('/events/group', { schema: { ...schema, body: parameters } }, (request, reply) =>
    group(request.body, clientGone(reply)),
  );
}
