import { type Static, Type } from 'typebox';
import { printMeasure, readLabels, readMeasure, readQuestion } from '#query';
import type { Store } from '#store';
import type { App } from '../app.ts';
import { clientGone } from '../client-gone.ts';
import type { ServerLimits } from '../limits.ts';
import { questionParameters } from '../question.ts';
import { failures, LabelList, MeasureText } from '../schemas.ts';

const GroupsBody = Type.Object({
  labels: Type.Array(Type.String()),
  groups: Type.Array(
    Type.Object({
      values: Type.Array(Type.Unknown(), { description: 'Value of each label; null where the events have none.' }),
      count: Type.Number(),
      first: Type.Number({ description: 'Oldest event of the group, epoch milliseconds.' }),
      last: Type.Number(),
      measured: Type.Optional(
        Type.Array(Type.Union([Type.Number(), Type.Null()]), {
          description: 'In the order of `measures`; null where no event of the group has the label.',
        }),
      ),
    }),
  ),
  measures: Type.Optional(Type.Array(Type.String())),
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
      measures: Type.Optional(Type.Array(MeasureText, { maxItems: 8, description: 'What to measure of each group.' })),
      order: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: 7,
          description:
            'Place, from 0, of the measure that orders the groups, largest first; default: most events first.',
        }),
      ),
      newcomers: Type.Optional(
        Type.Boolean({ default: false, description: 'Orders groups by their oldest event instead, the newest first.' }),
      ),
      limit: Type.Optional(
        Type.Integer({ minimum: 1, maximum: limits.pageRows, default: 100, description: 'Groups.' }),
      ),
    },
    { additionalProperties: false },
  );
  const schema = {
    tags: ['events'],
    summary: 'Events per combination of values, most frequent first; and what is measured of them.',
    response: { 200: GroupsBody, ...failures },
  };

  async function group(asked: Static<typeof parameters>, signal: AbortSignal): Promise<Static<typeof GroupsBody>> {
    const { condition, from, to } = readQuestion(asked, clock());
    const labels = readLabels(asked.by, 'by');
    const measures = (asked.measures ?? []).map((text) => readMeasure(text, 'measures'));
    const { limit, order, newcomers } = asked;
    const options = { from, to, limit, measures, order, newcomers, signal };
    const groups = await store.groupBy(condition, labels, options);
    return {
      labels: [...labels],
      groups: groups.map(({ values, measured, ...one }) => ({
        ...one,
        values: values.map((value) => value ?? null),
        ...(measured === undefined ? {} : { measured: measured.map((value) => value ?? null) }),
      })),
      ...(measures.length === 0 ? {} : { measures: measures.map(printMeasure) }),
    };
  }

  app.get('/events/group', { schema: { ...schema, querystring: parameters } }, (request, reply) =>
    group(request.query, clientGone(reply)),
  );
  app.post('/events/group', { schema: { ...schema, body: parameters } }, (request, reply) =>
    group(request.body, clientGone(reply)),
  );
}
