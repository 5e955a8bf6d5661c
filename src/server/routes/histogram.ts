import { type Static, Type } from 'typebox';
import { readLabel, readMeasure, readQuestion } from '#query';
import type { HistogramBucket, Store } from '#store';
import type { App } from '../app.ts';
import { clientGone } from '../client-gone.ts';
import { questionParameters } from '../question.ts';
import { failures, LabelName, MeasureText } from '../schemas.ts';

const bucketsMax = 2_000;

const Measured = Type.Union([Type.Number(), Type.Null()]);

const HistogramBody = Type.Object({
  intervalMs: Type.Number({ description: 'Length of a bucket.' }),
  values: Type.Optional(Type.Array(Type.Unknown(), { description: 'Values of the `by` label, most frequent first.' })),
  buckets: Type.Array(
    Type.Object({
      from: Type.Number({ description: 'Epoch milliseconds.' }),
      count: Type.Number(),
      parts: Type.Optional(
        Type.Array(Type.Number(), { description: 'Counts in the order of `values`; the last is everything else.' }),
      ),
      measured: Type.Optional(Measured),
      partsMeasured: Type.Optional(Type.Array(Measured, { description: 'The measure, in the order of `parts`.' })),
    }),
  ),
});

/** `/events/histogram`: events per stretch of time; empty stretches are there, too. */
export function addHistogramRoute(
  app: App,
  { store, clock }: { readonly store: Store; readonly clock: () => number },
): void {
  const parameters = Type.Object(
    {
      ...questionParameters,
      buckets: Type.Optional(
        Type.Integer({ minimum: 1, maximum: bucketsMax, default: 60, description: 'Buckets wanted, about.' }),
      ),
      intervalMs: Type.Optional(Type.Integer({ minimum: 1, description: 'Exact length of a bucket instead.' })),
      by: Type.Optional(LabelName),
      measure: Type.Optional(MeasureText),
    },
    { additionalProperties: false },
  );
  const schema = {
    tags: ['events'],
    summary: 'Events per stretch of time. Without `from` or `to`: from the oldest to the newest event there is.',
    response: { 200: HistogramBody, ...failures },
  };

  async function histogram(
    asked: Static<typeof parameters>,
    signal: AbortSignal,
  ): Promise<Static<typeof HistogramBody>> {
    const { condition, from, to } = readQuestion(asked, clock());
    const by = asked.by === undefined ? undefined : readLabel(asked.by, 'by');
    const measure = asked.measure === undefined ? undefined : readMeasure(asked.measure, 'measure');
    const bounds = from === undefined || to === undefined ? await store.bounds({ signal }) : undefined;
    const low = from ?? bounds?.oldest;
    const high = to ?? (bounds === undefined ? undefined : bounds.newest + 1);
    // No event at all, or the window lies outside of all there are.
    if (low === undefined || high === undefined || low >= high)
      return { intervalMs: asked.intervalMs ?? 0, buckets: [] };
    const found = await store.histogram(condition, {
      from: low,
      to: high,
      buckets: asked.buckets,
      intervalMs: asked.intervalMs,
      by,
      measure,
      signal,
    });
    return {
      intervalMs: found.intervalMs,
      ...(found.values === undefined ? {} : { values: [...found.values] }),
      buckets: found.buckets.map((bucket) => showBucket(bucket, measure !== undefined)),
    };
  }

  app.get('/events/histogram', { schema: { ...schema, querystring: parameters } }, (request, reply) =>
    histogram(request.query, clientGone(reply)),
  );
  app.post('/events/histogram', { schema: { ...schema, body: parameters } }, (request, reply) =>
    histogram(request.body, clientGone(reply)),
  );
}

type Bucket = Static<typeof HistogramBody>['buckets'][number];

function showBucket({ from, count, parts, measured, partsMeasured }: HistogramBucket, isMeasured: boolean): Bucket {
  return {
    from,
    count,
    ...(parts === undefined ? {} : { parts: [...parts] }),
    ...(isMeasured ? { measured: measured ?? null } : {}),
    ...(partsMeasured === undefined ? {} : { partsMeasured: partsMeasured.map((value) => value ?? null) }),
  };
}
