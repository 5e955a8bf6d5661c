import { Type } from 'typebox';
import type { Store } from '#store';
import type { App } from '../app.ts';
import { clientGone } from '../client-gone.ts';
import { failures } from '../schemas.ts';

const daysMax = 36_500;
const sourcesMax = 256;

// One schema, not a union: there, a 0 that is no valid number of days would be coerced to null, which is "for ever".
const Days = Type.Unsafe<number | null>({
  type: ['integer', 'null'],
  minimum: 1,
  maximum: daysMax,
  description: 'Whole days; null is for ever.',
});
const RetentionBody = Type.Object(
  {
    days: Days,
    sources: Type.Record(Type.String({ minLength: 1, maxLength: 256 }), Days, {
      maxProperties: sourcesMax,
      description: 'Sources that differ.',
    }),
  },
  { additionalProperties: false },
);

/** `/retention`: how long events are kept. */
export function addRetentionRoutes(app: App, { store }: { readonly store: Store }): void {
  app.get(
    '/retention',
    {
      schema: {
        tags: ['system'],
        summary: 'How long events are kept.',
        querystring: Type.Object({}, { additionalProperties: false }),
        response: { 200: RetentionBody, ...failures },
      },
    },
    async (_request, reply) => {
      const { days, sources } = await store.retention({ signal: clientGone(reply) });
      return { days, sources: { ...sources } };
    },
  );

  app.put(
    '/retention',
    {
      schema: {
        tags: ['system'],
        summary: 'Sets how long events are kept; older ones are removed for good, soon after.',
        body: RetentionBody,
        response: { 200: RetentionBody, ...failures },
      },
    },
    async (request) => {
      request.audited = { detail: JSON.stringify(request.body) };
      await store.setRetention(request.body);
      const { days, sources } = await store.retention();
      return { days, sources: { ...sources } };
    },
  );
}
