import * as v from 'valibot';
import { request } from './request.ts';

const letter = {
  id: v.string(),
  time: v.number(),
  code: v.string(),
  reason: v.string(),
  source: v.string(),
  log: v.string(),
  stream: v.string(),
  generation: v.number(),
  position: v.number(),
  shown: v.string(),
};
const pageSchema = v.object({ letters: v.array(v.object(letter)), next: v.optional(v.string()) });
const letterSchema = v.object({ ...letter, raw: v.string() });
const countsSchema = v.object({
  total: v.number(),
  counts: v.array(v.object({ code: v.string(), source: v.string(), count: v.number() })),
});
const replaySchema = v.object({
  replayed: v.number(),
  events: v.number(),
  remaining: v.array(v.object({ id: v.string(), code: v.string(), reason: v.string() })),
  next: v.optional(v.string()),
});

export type Letter = v.InferOutput<typeof pageSchema>['letters'][number];
export type WholeLetter = v.InferOutput<typeof letterSchema>;
export type LetterCounts = v.InferOutput<typeof countsSchema>;
export type Replayed = v.InferOutput<typeof replaySchema>;

/** Which letters. */
export interface LetterFilter {
  readonly code?: string | undefined;
  readonly source?: string | undefined;
}

/** A page of records that could not be read. */
export function listLetters(
  filter: LetterFilter & { readonly cursor?: string | undefined; readonly limit: number },
  signal?: AbortSignal,
): Promise<v.InferOutput<typeof pageSchema>> {
  const { code, source, cursor, limit } = filter;
  return request('/dead-letters', pageSchema, { words: { code, source, cursor, limit }, signal });
}

/** How many there are of each reason. */
export function countLetters(signal?: AbortSignal): Promise<LetterCounts> {
  return request('/dead-letters/counts', countsSchema, { signal });
}

/** One of them, whole. */
export function getLetter(id: string, signal?: AbortSignal): Promise<WholeLetter> {
  return request(`/dead-letters/${encodeURIComponent(id)}`, letterSchema, { signal });
}

/** Tries letters again. */
export function replayLetters(
  asked: LetterFilter & {
    readonly ids?: readonly string[];
    readonly cursor?: string | undefined;
    readonly limit?: number;
  },
): Promise<Replayed> {
  return request('/dead-letters/replay', replaySchema, {
    method: 'POST',
    body: Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)),
  });
}
