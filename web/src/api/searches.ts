import * as v from 'valibot';
import { request } from './request.ts';

const search = v.object({
  id: v.string(),
  name: v.string(),
  description: v.string(),
  words: v.record(v.string(), v.string()),
  shared: v.boolean(),
  owner: v.string(),
  own: v.boolean(),
});
const searchesSchema = v.object({ searches: v.array(search) });

/** A search somebody kept: words of the address of Hunt. */
export type SavedSearch = v.InferOutput<typeof search>;

/** One's own searches, and those others share. */
export async function getSavedSearches(signal?: AbortSignal): Promise<readonly SavedSearch[]> {
  return (await request('/searches', searchesSchema, { signal })).searches;
}

/** Keeps a search. */
export function saveSearch(wanted: {
  readonly name: string;
  readonly words: Readonly<Record<string, string>>;
  readonly shared: boolean;
}): Promise<SavedSearch> {
  return request('/searches', search, { method: 'POST', body: wanted });
}

/** Removes one. */
export function removeSearch(id: string): Promise<SavedSearch> {
  return request(`/searches/${encodeURIComponent(id)}`, search, { method: 'DELETE' });
}
