import { Type } from 'typebox';
import { AppError } from '#error';
import { readLabels } from '#query';
import type { Store, StoredEvent } from '#store';
import type { App } from '../app.ts';
import { clientGone } from '../client-gone.ts';
import type { ServerLimits } from '../limits.ts';
import { CursorText, EventBody, failures, LabelList } from '../schemas.ts';

const storyRows = 1_000;

/** `GET /events/:eventId` and `GET /sessions/:sessionKey`: one event, and the story of a connection. */
export function addEventRoutes(
  app: App,
  { store, limits }: { readonly store: Store; readonly limits: ServerLimits },
): void {
  app.get(
    '/events/:eventId',
    {
      schema: {
        tags: ['events'],
        summary: 'One event with all its labels.',
        params: Type.Object({ eventId: Type.String({ minLength: 1, maxLength: 512 }) }),
        response: { 200: EventBody, ...failures },
      },
    },
    async (request, reply) => {
      const event = await store.get(request.params.eventId, { signal: clientGone(reply) });
      if (event === undefined)
        throw new AppError('event-unknown', 'No event has this id.', { place: { field: 'eventId' } });
      return { ...event };
    },
  );

  app.get(
    '/sessions/:sessionKey',
    {
      schema: {
        tags: ['events'],
        summary: 'The story of a connection: its events, oldest first, and what they amount to.',
        params: Type.Object({ sessionKey: Type.String({ minLength: 1, maxLength: 512 }) }),
        querystring: Type.Object(
          {
            fields: Type.Optional(LabelList),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.pageRows, default: storyRows })),
            cursor: Type.Optional(CursorText),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({ summary: SummaryBody, events: Type.Array(EventBody), next: Type.Optional(Type.String()) }),
          ...failures,
        },
      },
    },
    async (request, reply) => {
      const { fields, limit, cursor } = request.query;
      const wanted = fields === undefined ? undefined : new Set(readLabels(fields, 'fields'));
      const page = await store.session(request.params.sessionKey, {
        limit: limit ?? storyRows,
        cursor,
        signal: clientGone(reply),
      });
      if (page.rows.length === 0 && cursor === undefined) {
        throw new AppError('session-unknown', 'No event belongs to this session.', { place: { field: 'sessionKey' } });
      }
      return {
        summary: summarize(request.params.sessionKey, page.rows, page.next === undefined),
        events: page.rows.map((row) => (wanted === undefined ? { ...row } : only(row, wanted))),
        ...(page.next === undefined ? {} : { next: page.next }),
      };
    },
  );
}

const SummaryBody = Type.Object(
  {
    sessionKey: Type.String(),
    complete: Type.Boolean({
      description: "True when these are all events from the page's first to the last of the session.",
    }),
    first: Type.Optional(Type.Number()),
    last: Type.Optional(Type.Number()),
    sourceIp: Type.Optional(Type.String()),
    destinationIp: Type.Optional(Type.String()),
    transports: Type.Array(Type.String()),
    tlsVersions: Type.Array(Type.String()),
    identities: Type.Array(Type.String(), { description: 'DNs the connection was bound as, in their order.' }),
    operations: Type.Integer({ description: 'Requests answered.' }),
    failures: Type.Integer({ description: 'Of these, with an outcome of failure or denied.' }),
    entries: Type.Integer({ description: 'Entries returned.' }),
    closeReason: Type.Optional(Type.String()),
  },
  { description: 'What the events of this page amount to.' },
);

function summarize(sessionKey: string, rows: readonly StoredEvent[], complete: boolean) {
  const results = rows.filter((row) => row.eventSubType === 'RESULT');
  const first = rows[0]?.eventTime;
  const last = rows.at(-1)?.eventTime;
  const sourceIp = rows.find((row) => row.sourceIp !== undefined)?.sourceIp;
  const destinationIp = rows.find((row) => row.destinationIp !== undefined)?.destinationIp;
  const closeReason = rows.findLast((row) => row.closeReason !== undefined)?.closeReason;
  return {
    sessionKey,
    complete,
    ...(first === undefined ? {} : { first }),
    ...(last === undefined ? {} : { last }),
    ...(sourceIp === undefined ? {} : { sourceIp }),
    ...(destinationIp === undefined ? {} : { destinationIp }),
    transports: distinct(rows.map((row) => row.transport)),
    tlsVersions: distinct(rows.map((row) => row.tlsVersion)),
    identities: distinct(rows.map((row) => row.boundDn)),
    operations: results.length,
    failures: results.filter((row) => row.outcome === 'failure' || row.outcome === 'denied').length,
    entries: results.reduce((sum, row) => sum + Number(row.count ?? 0), 0),
    ...(closeReason === undefined ? {} : { closeReason }),
  };
}

function distinct(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined))];
}

function only(row: StoredEvent, wanted: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([label]) => wanted.has(label)));
}
