import * as v from 'valibot';
import { request } from './request.ts';

const systemSchema = v.object({
  time: v.number(),
  startedAt: v.number(),
  store: v.object({
    kind: v.string(),
    events: v.number(),
    deadLetters: v.number(),
    bytes: v.number(),
    oldestEvent: v.optional(v.number()),
    newestEvent: v.optional(v.number()),
    lagSeconds: v.optional(v.number()),
    sources: v.array(v.object({ source: v.string(), events: v.number(), oldest: v.number(), newest: v.number() })),
    days: v.array(v.object({ day: v.string(), events: v.number(), bytes: v.number() })),
    engineVersion: v.string(),
    parts: v.number(),
    freeBytes: v.optional(v.number()),
    problems: v.array(v.object({ problem: v.string(), hint: v.string() })),
  }),
  tail: v.object({ clients: v.number(), matched: v.number(), dropped: v.number(), refused: v.number() }),
});
const retentionSchema = v.object({
  days: v.nullable(v.number()),
  sources: v.record(v.string(), v.nullable(v.number())),
});

export type SystemState = v.InferOutput<typeof systemSchema>;
export type Retention = v.InferOutput<typeof retentionSchema>;

/** What is stored, and how new it is. */
export function getSystem(signal?: AbortSignal): Promise<SystemState> {
  return request('/system', systemSchema, { signal });
}

/** How long events are kept. */
export function getRetention(signal?: AbortSignal): Promise<Retention> {
  return request('/retention', retentionSchema, { signal });
}

/** Sets how long events are kept. */
export function setRetention(retention: Retention): Promise<Retention> {
  return request('/retention', retentionSchema, { method: 'PUT', body: retention });
}
