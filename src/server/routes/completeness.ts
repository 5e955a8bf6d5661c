import { Type } from 'typebox';
import type { Catalog } from '#catalog';
import { AppError } from '#error';
import type { Source } from '#source';
import type { Store } from '#store';
import type { App } from '../app.ts';
import { clientGone } from '../client-gone.ts';
import { failures } from '../schemas.ts';

/** What the routes need. */
export interface CompletenessParts {
  readonly store: Store;
  readonly sources: readonly Source[];
  /** Absent where there are no agents. */
  readonly catalog: Catalog | undefined;
  readonly clock: () => number;
}

const tags = ['completeness'];
const dayMs = 86_400_000;
const Choices = {
  stream: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  generation: Type.Optional(Type.Integer({ minimum: 0 })),
  agent: Type.Optional(Type.String({ maxLength: 64 })),
  source: Type.Optional(Type.String({ maxLength: 64 })),
  offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 100 })),
};
const Open = Type.Object({}, { additionalProperties: true });

/** `/completeness`: what was received of every stream, and what is missing. */
export function addCompletenessRoutes(app: App, parts: CompletenessParts): void {
  addStreamsRoute(app, parts);
  addDetailRoutes(app, parts);
  addSessionsRoute(app, parts);
}

function addStreamsRoute(app: App, { store, catalog }: CompletenessParts): void {
  app.get(
    '/completeness',
    {
      schema: {
        tags,
        summary:
          'Per stream: from when to when, bytes, lines, records, dead letters, gaps, and how far its agent is behind.',
        querystring: Type.Object(Choices, { additionalProperties: false }),
        response: { 200: Type.Object({ streams: Type.Array(Open) }), ...failures },
      },
    },
    async ({ query }, reply) => {
      const streams = await store.coverage.list({ ...query, signal: clientGone(reply) });
      const lags = new Map<string, ReturnType<typeof lagOf>>();
      for (const id of new Set(streams.map(({ agent }) => agent).filter((agent) => agent !== ''))) {
        for (const [key, lag] of await lagsOf(catalog, id)) lags.set(key, lag);
      }
      return {
        streams: streams.map((stream) => ({
          ...stream,
          events: stream.records - stream.deadLetters,
          complete: stream.gaps === 0 && stream.from === 0,
          lag: lags.get(`${stream.generation} ${stream.stream}`),
        })),
      };
    },
  );
}

function lagOf(
  file: { readonly lagBytes: number; readonly lagSeconds: number; readonly state: string },
  seen: number | undefined,
) {
  const { lagBytes, lagSeconds, state } = file;
  return { bytes: lagBytes, seconds: lagSeconds, state, asOf: seen };
}

/** How far an agent is behind with each of its streams, by its last heartbeat. */
async function lagsOf(catalog: Catalog | undefined, id: string): Promise<[string, ReturnType<typeof lagOf>][]> {
  if (catalog === undefined) return [];
  try {
    const status = await catalog.agents.status(id);
    const { lastSeen } = await catalog.agents.get(id);
    return (status?.files ?? []).map((file) => [
      `${file.generation ?? -1} ${file.stream ?? ''}`,
      lagOf(file, lastSeen),
    ]);
  } catch (thrown) {
    // An agent of another catalog: what it sent is here, who it is is not.
    if (thrown instanceof AppError && thrown.code === 'agent-unknown') return [];
    throw thrown;
  }
}

function addDetailRoutes(app: App, { store }: CompletenessParts): void {
  app.get(
    '/completeness/gaps',
    {
      schema: {
        tags,
        summary: 'Bytes that are missing between those received.',
        querystring: Type.Object(Choices, { additionalProperties: false }),
        response: { 200: Type.Object({ gaps: Type.Array(Open) }), ...failures },
      },
    },
    async ({ query }, reply) => ({
      gaps: (await store.coverage.gaps({ ...query, signal: clientGone(reply) })).map((gap) => ({ ...gap })),
    }),
  );

  app.get(
    '/completeness/kinds',
    {
      schema: {
        tags,
        summary: 'Records of one stream per kind.',
        querystring: Type.Object(
          { stream: Type.String({ minLength: 1, maxLength: 200 }), generation: Type.Integer({ minimum: 0 }) },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ kinds: Type.Record(Type.String(), Type.Integer()) }), ...failures },
      },
    },
    async ({ query }, reply) => ({
      kinds: { ...(await store.coverage.kinds(query.stream, query.generation, { signal: clientGone(reply) })) },
    }),
  );
}

function addSessionsRoute(app: App, { store, sources, clock }: CompletenessParts): void {
  const numbered = sources.filter((source) => source.numbersSessions === true).map(({ id }) => id);
  app.get(
    '/completeness/sessions',
    {
      schema: {
        tags,
        summary:
          'Connection numbers missing between the lowest and the highest of each run of a server, and operation numbers missing within sessions.',
        description: `For sources that number their sessions: ${numbered.join(', ')}. The window is a day unless named; at its edges, sessions are cut. Numbers the server itself never wrote are among the missing; what was lost on the way shows in /completeness/gaps.`,
        querystring: Type.Object(
          {
            source: Type.Optional(Type.String({ maxLength: 64 })),
            from: Type.Optional(Type.Integer({ minimum: 0, description: 'Epoch milliseconds.' })),
            to: Type.Optional(Type.Integer({ minimum: 0, description: 'Epoch milliseconds.' })),
          },
          { additionalProperties: false },
        ),
        response: { 200: Open, ...failures },
      },
    },
    async ({ query }, reply) => {
      const source = query.source ?? numbered[0] ?? '';
      if (!numbered.includes(source)) {
        throw new AppError('source-unknown', 'The source is none that numbers its sessions.', {
          place: { field: 'source', expected: numbered.join(', ') },
        });
      }
      const to = query.to ?? clock();
      const from = query.from ?? to - dayMs;
      if (from >= to) {
        throw new AppError('request-invalid', 'The window ends before it begins.', { place: { field: 'from' } });
      }
      const found = await store.coverage.sessions(source, { from, to, signal: clientGone(reply) });
      return { source, from, to, ...found };
    },
  );
}
