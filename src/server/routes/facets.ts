import { type Static, Type } from 'typebox';
import type { Label } from '#event';
import { readLabels, readQuestion } from '#query';
import type { Store } from '#store';
import type { App } from '../app.ts';
import { clientGone } from '../client-gone.ts';
import { questionParameters } from '../question.ts';
import { failures, LabelList } from '../schemas.ts';

/** Labels shown unless others are asked for. */
const usualLabels: readonly Label[] = [
  'eventSubType',
  'eventCategory',
  'outcome',
  'sourceIp',
  'boundDn',
  'resultCode',
  'transport',
  'logName',
];
const valuesMax = 1_000;

const FacetsBody = Type.Object({
  facets: Type.Array(
    Type.Object({
      label: Type.String(),
      values: Type.Array(Type.Object({ value: Type.Unknown(), count: Type.Number() })),
      absent: Type.Number({ description: 'Events without the label.' }),
      distinct: Type.Number({ description: 'Different values, approximately.' }),
    }),
  ),
});

/** `/events/facets`: the most frequent values of labels. */
export function addFacetsRoute(
  app: App,
  { store, clock }: { readonly store: Store; readonly clock: () => number },
): void {
  const parameters = Type.Object(
    {
      ...questionParameters,
      fields: Type.Optional(LabelList),
      limit: Type.Optional(
        Type.Integer({ minimum: 1, maximum: valuesMax, default: 10, description: 'Values per label.' }),
      ),
    },
    { additionalProperties: false },
  );
  const schema = {
    tags: ['events'],
    summary: 'The most frequent values of labels among the events that match.',
    response: { 200: FacetsBody, ...failures },
  };

  async function facets(asked: Static<typeof parameters>, signal: AbortSignal): Promise<Static<typeof FacetsBody>> {
    const { condition, from, to } = readQuestion(asked, clock());
    const labels = asked.fields === undefined ? usualLabels : readLabels(asked.fields, 'fields');
    const found = await store.facets(condition, labels, { from, to, limit: asked.limit, signal });
    return { facets: found.map((facet) => ({ ...facet, values: facet.values.map((one) => ({ ...one })) })) };
  }

  app.get('/events/facets', { schema: { ...schema, querystring: parameters } }, (request, reply) =>
    facets(request.query, clientGone(reply)),
  );
  app.post('/events/facets', { schema: { ...schema, body: parameters } }, (request, reply) =>
    facets(request.body, clientGone(reply)),
  );
}
