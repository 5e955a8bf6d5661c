import * as v from 'valibot';
import type { EventLabels } from './event-value.ts';
import { address, request } from './request.ts';

const eventSchema = v.record(v.string(), v.unknown());
const pageSchema = v.object({ events: v.array(eventSchema), next: v.optional(v.string()) });
const histogramSchema = v.object({
  intervalMs: v.number(),
  values: v.optional(v.array(v.unknown())),
  buckets: v.array(v.object({ from: v.number(), count: v.number(), parts: v.optional(v.array(v.number())) })),
});
const facetsSchema = v.object({
  facets: v.array(
    v.object({
      label: v.string(),
      values: v.array(v.object({ value: v.unknown(), count: v.number() })),
      absent: v.number(),
      distinct: v.number(),
    }),
  ),
});
const groupsSchema = v.object({
  labels: v.array(v.string()),
  groups: v.array(v.object({ values: v.array(v.unknown()), count: v.number(), first: v.number(), last: v.number() })),
});
const sessionSchema = v.object({
  summary: v.object({
    sessionKey: v.string(),
    complete: v.boolean(),
    first: v.optional(v.number()),
    last: v.optional(v.number()),
    sourceIp: v.optional(v.string()),
    destinationIp: v.optional(v.string()),
    identities: v.array(v.string()),
    operations: v.number(),
    failures: v.number(),
    entries: v.number(),
    closeReason: v.optional(v.string()),
  }),
  events: v.array(eventSchema),
  next: v.optional(v.string()),
});

/** Which events: a query and a window, in epoch milliseconds. */
export interface Asked {
  readonly q: string;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly zone: string;
}

export type EventPage = v.InferOutput<typeof pageSchema>;
export type HistogramAnswer = v.InferOutput<typeof histogramSchema>;
export type Facet = v.InferOutput<typeof facetsSchema>['facets'][number];
export type Group = v.InferOutput<typeof groupsSchema>['groups'][number];
export type SessionAnswer = v.InferOutput<typeof sessionSchema>;

function body({ q, from, to, zone }: Asked): Record<string, unknown> {
  return {
    q,
    zone,
    ...(from === undefined ? {} : { from: String(from) }),
    ...(to === undefined ? {} : { to: String(to) }),
  };
}

/** Gives a page of events. */
export function searchEvents(
  asked: Asked & {
    readonly sort: string;
    readonly limit: number;
    readonly cursor?: string | undefined;
    readonly fields?: readonly string[];
  },
  signal?: AbortSignal,
): Promise<EventPage> {
  const { sort, limit, cursor, fields } = asked;
  return request('/events/search', pageSchema, {
    method: 'POST',
    body: {
      ...body(asked),
      sort,
      limit,
      ...(cursor === undefined ? {} : { cursor }),
      ...(fields === undefined ? {} : { fields }),
    },
    signal,
  });
}

/** Counts events over time, split by a label. */
export function countOverTime(
  asked: Asked & { readonly buckets?: number; readonly intervalMs?: number; readonly by?: string },
  signal?: AbortSignal,
): Promise<HistogramAnswer> {
  const { buckets, intervalMs, by } = asked;
  return request('/events/histogram', histogramSchema, {
    method: 'POST',
    body: {
      ...body(asked),
      ...(buckets === undefined ? {} : { buckets }),
      ...(intervalMs === undefined ? {} : { intervalMs }),
      ...(by === undefined ? {} : { by }),
    },
    signal,
  });
}

/** Gives the most frequent values of labels. */
export async function countValues(
  asked: Asked & { readonly fields: readonly string[]; readonly limit: number },
  signal?: AbortSignal,
): Promise<readonly Facet[]> {
  const { fields, limit } = asked;
  const answer = await request('/events/facets', facetsSchema, {
    method: 'POST',
    body: { ...body(asked), fields, limit },
    signal,
  });
  return answer.facets;
}

/**
 * Counts events per combination of values, most frequent first, or those that came up last; without labels, all together.
 */
export async function groupEvents(
  asked: Asked & { readonly by: readonly string[]; readonly limit: number; readonly newcomers?: true },
  signal?: AbortSignal,
): Promise<readonly Group[]> {
  const { by, limit, newcomers } = asked;
  const answer = await request('/events/group', groupsSchema, {
    method: 'POST',
    body: { ...body(asked), by, limit, ...(newcomers === undefined ? {} : { newcomers }) },
    signal,
  });
  return answer.groups;
}

/** Gives one event with all its labels. */
export function getEvent(eventId: string, signal?: AbortSignal): Promise<EventLabels> {
  return request(`/events/${encodeURIComponent(eventId)}`, eventSchema, { signal });
}

/** Gives the events of a connection, oldest first. */
export function getSession(sessionKey: string, cursor?: string, signal?: AbortSignal): Promise<SessionAnswer> {
  return request(`/sessions/${encodeURIComponent(sessionKey)}`, sessionSchema, { words: { cursor }, signal });
}

/** Where the browser gets all events that match as a file. */
export function exportAddress(
  asked: Asked & { readonly format: 'csv' | 'ndjson'; readonly fields?: readonly string[]; readonly sort: string },
): string {
  const { q, from, to, zone, format, fields, sort } = asked;
  return address('/events/export', {
    q,
    from,
    to,
    zone,
    format,
    sort,
    ...(fields === undefined ? {} : { fields: fields.join(',') }),
  });
}

/** Reads an event that came as text. */
export function readEvent(text: string): EventLabels | undefined {
  try {
    const parsed = v.safeParse(eventSchema, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
