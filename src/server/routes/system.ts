import { Type } from 'typebox';
import type { Source } from '#source';
import type { Store } from '#store';
import type { App } from '../app.ts';
import { clientGone } from '../client-gone.ts';
import type { LiveTail } from '../live-tail.ts';
import { newestOfOthers, ownSources } from '../own-sources.ts';
import { failures } from '../schemas.ts';

const SystemBody = Type.Object({
  time: Type.Number({ description: 'Clock of the server, epoch milliseconds.' }),
  startedAt: Type.Number(),
  store: Type.Object({
    kind: Type.String({ description: '`embedded` or `remote`.' }),
    events: Type.Number(),
    deadLetters: Type.Number(),
    bytes: Type.Number({ description: 'Bytes on disk, indexes included.' }),
    oldestEvent: Type.Optional(Type.Number()),
    newestEvent: Type.Optional(Type.Number()),
    lagSeconds: Type.Optional(
      Type.Number({ description: 'Age of the newest event of others: what the product records itself is always new.' }),
    ),
    sources: Type.Array(
      Type.Object({ source: Type.String(), events: Type.Number(), oldest: Type.Number(), newest: Type.Number() }),
    ),
    days: Type.Array(Type.Object({ day: Type.String(), events: Type.Number(), bytes: Type.Number() })),
    engineVersion: Type.String(),
    parts: Type.Number({ description: 'Pieces the events lie in on disk; merged as time goes by.' }),
    freeBytes: Type.Optional(Type.Number({ description: 'Free where the data lies, as far as the engine tells.' })),
    problems: Type.Array(Type.Object({ problem: Type.String(), hint: Type.String() }), {
      description: 'What is wrong with the store, one sentence each; empty when all is well.',
    }),
  }),
  tail: Type.Object({
    clients: Type.Integer(),
    matched: Type.Integer(),
    dropped: Type.Integer(),
    refused: Type.Integer(),
  }),
});

/** What the route needs. */
interface SystemParts {
  readonly store: Store;
  readonly sources: readonly Source[];
  readonly tail: LiveTail;
  readonly clock: () => number;
}

/** `GET /system`: what is stored, how new it is, who listens. */
export function addSystemRoute(app: App, { store, sources, tail, clock }: SystemParts): void {
  const startedAt = clock();
  const own = ownSources(sources);
  app.get(
    '/system',
    {
      schema: {
        tags: ['system'],
        summary: 'What is stored, what it takes on disk, and how new it is.',
        querystring: Type.Object({}, { additionalProperties: false }),
        response: { 200: SystemBody, ...failures },
      },
    },
    async (_request, reply) => {
      const signal = clientGone(reply);
      const [stats, bounds, inspection] = await Promise.all([
        store.stats({ signal }),
        store.bounds({ signal }),
        store.inspect({ signal }),
      ]);
      const time = clock();
      const newest = newestOfOthers(stats.sources, own);
      return {
        time,
        startedAt,
        store: {
          kind: store.kind,
          events: stats.events,
          deadLetters: stats.deadLetters,
          bytes: stats.bytes,
          ...(bounds === undefined ? {} : { oldestEvent: bounds.oldest, newestEvent: bounds.newest }),
          ...(newest === undefined ? {} : { lagSeconds: (time - newest) / 1_000 }),
          sources: stats.sources.map((one) => ({ ...one })),
          days: stats.days.map((one) => ({ ...one })),
          engineVersion: inspection.engineVersion,
          parts: inspection.parts,
          ...(inspection.freeBytes === undefined ? {} : { freeBytes: inspection.freeBytes }),
          problems: inspection.problems.map((one) => ({ ...one })),
        },
        tail: { ...tail.counts },
      };
    },
  );
}
