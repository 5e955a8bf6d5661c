import * as v from 'valibot';
import { address, request } from './request.ts';

const sourcesSchema = v.object({
  sources: v.array(
    v.object({
      id: v.string(),
      vendor: v.string(),
      product: v.string(),
      deviceType: v.string(),
      mappingVersion: v.string(),
      supportedVersions: v.array(v.object({ versions: v.string(), status: v.string(), about: v.string() })),
      supportedFormats: v.array(v.object({ name: v.string(), about: v.string() })),
      queries: v.optional(v.array(v.object({ about: v.string(), query: v.string() })), []),
    }),
  ),
});
const parsedSchema = v.object({
  source: v.string(),
  log: v.string(),
  format: v.optional(v.string()),
  records: v.array(
    v.object({
      record: v.record(v.string(), v.unknown()),
      event: v.optional(v.record(v.string(), v.unknown())),
      refused: v.optional(v.object({ code: v.string(), reason: v.string() })),
      trace: v.array(
        v.object({
          from: v.string(),
          sourceField: v.nullable(v.string()),
          to: v.string(),
          group: v.string(),
          value: v.unknown(),
          gave: v.unknown(),
          rule: v.optional(v.string()),
          about: v.string(),
        }),
      ),
    }),
  ),
  unread: v.array(v.object({ position: v.number(), code: v.string(), reason: v.string(), shown: v.string() })),
  counts: v.record(v.string(), v.number()),
  left: v.number(),
});

export type SourceInfo = v.InferOutput<typeof sourcesSchema>['sources'][number];
export type Parsed = v.InferOutput<typeof parsedSchema>;
export type ParsedRecord = Parsed['records'][number];

/** The data sources the server reads. */
export async function getSources(signal?: AbortSignal): Promise<readonly SourceInfo[]> {
  return (await request('/sources', sourcesSchema, { signal })).sources;
}

/** What would become of log lines; stores nothing. */
export function parseLines(
  asked: { readonly text: string; readonly source?: string; readonly zone: string },
  signal?: AbortSignal,
): Promise<Parsed> {
  return request('/parse', parsedSchema, { method: 'POST', body: asked, signal });
}

/** Where the mapping guide of a source is. */
export function guideAddress(source: string, format: 'html' | 'md' | 'json'): string {
  return address(`/guides/${encodeURIComponent(source)}`, { format });
}

/** Gives the mapping guide as data. */
export function getGuide<T>(source: string, schema: v.GenericSchema<unknown, T>, signal?: AbortSignal): Promise<T> {
  return request(`/guides/${encodeURIComponent(source)}`, schema, { words: { format: 'json' }, signal });
}
