import { Type } from 'typebox';
import { compileCondition, readQuestion } from '#query';
import type { App } from '../app.ts';
import { type EventStream, openEventStream } from '../event-stream.ts';
import type { ServerLimits } from '../limits.ts';
import type { LiveTail } from '../live-tail.ts';
import type { Identify } from '../people/identify.ts';
import { questionParameters } from '../question.ts';
import { failures } from '../schemas.ts';
import { securityHeaders } from '../security-headers.ts';
import type { TailClient } from '../tail-client.ts';

/** Longest `last-event-id` looked at. */
const lastEventIdMax = 64;

/** What the route needs. */
interface TailParts {
  readonly tail: LiveTail;
  readonly limits: ServerLimits;
  readonly clock: () => number;
  readonly identify: Identify;
}

/** `/events/tail`: events as this server stores them, as server-sent events. */
export function addTailRoute(app: App, { tail, limits, clock, identify }: TailParts): void {
  app.get(
    '/events/tail',
    {
      exposeHeadRoute: false,
      schema: {
        tags: ['events'],
        summary: 'Live tail: events that match, as this server stores them (server-sent events).',
        description:
          'Events `event` (data: the event), `dropped` (a slow reader lost so many), `gap` (the place in `last-event-id` is no longer known). ' +
          'A reader that comes back with `last-event-id` within a minute loses nothing.',
        querystring: Type.Object(
          { q: questionParameters.q, zone: questionParameters.zone },
          { additionalProperties: false },
        ),
        response: { 200: Type.String({ description: 'text/event-stream' }), ...failures },
      },
    },
    async (request, reply) => {
      const { q = '', zone } = request.query;
      const { condition } = readQuestion({ q, zone }, clock());
      const lastEventId = request.headers['last-event-id'];
      const after =
        typeof lastEventId === 'string' && lastEventId !== '' ? lastEventId.slice(0, lastEventIdMax) : undefined;
      const seat = tail.open(`${zone ?? ''}\n${q}`, compileCondition(condition), after);
      reply.hijack();
      reply.raw.once('close', () => seat.leave());
      // Signs of life keep a healthy connection busy; one that takes nothing more is given up.
      reply.raw.setTimeout(limits.stalledMs, () => reply.raw.destroy());
      const stream = openEventStream(reply.raw, securityHeaders);
      const watch = setInterval(() => {
        identify.stillMay(request, 'events:tail').then(
          (may) => (may ? undefined : reply.raw.destroy()),
          (thrown: unknown) => request.log.warn({ err: thrown }, 'it could not be seen whether a tail may go on'),
        );
      }, limits.tailLookMs).unref();
      try {
        if (!seat.complete) await stream.send('gap', JSON.stringify({ after }));
        await show(seat.client, stream);
      } finally {
        clearInterval(watch);
        seat.leave();
        stream.end();
      }
    },
  );
}

/** Sends what a tail gives, until one of the two ends. */
async function show(client: TailClient, stream: EventStream): Promise<void> {
  while (stream.open) {
    const message = await client.next();
    if (!stream.open) return;
    switch (message.kind) {
      case 'event':
        await stream.send('event', message.data, `${client.id}.${message.number}`);
        break;
      case 'dropped':
        await stream.send('dropped', JSON.stringify({ count: message.count, total: message.total }));
        break;
      case 'quiet':
        await stream.heartbeat();
        break;
      case 'end':
        return;
    }
  }
}
