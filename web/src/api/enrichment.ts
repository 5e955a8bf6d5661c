import * as v from 'valibot';
import { request } from './request.ts';
import { upload } from './upload.ts';

const skippedRowSchema = v.object({ at: v.number(), reason: v.string() });
const enrichmentSchema = v.object({
  folder: v.optional(v.string()),
  writable: v.boolean(),
  files: v.array(
    v.object({
      kind: v.string(),
      path: v.string(),
      source: v.optional(v.string()),
      entries: v.number(),
      readAt: v.optional(v.number()),
      staleAfter: v.optional(v.number()),
      skipped: v.number(),
      skippedRows: v.array(skippedRowSchema),
      upload: v.optional(
        v.object({
          kind: v.string(),
          name: v.string(),
          file: v.string(),
          form: v.string(),
          bytes: v.number(),
          changed: v.number(),
          state: v.string(),
        }),
      ),
    }),
  ),
  former: v.array(
    v.object({
      kind: v.string(),
      name: v.string(),
      id: v.string(),
      form: v.string(),
      bytes: v.number(),
      changed: v.number(),
      keptAt: v.number(),
    }),
  ),
  databases: v.array(v.object({ label: v.string(), builtAt: v.number() })),
  lists: v.array(v.object({ name: v.string(), addresses: v.number(), unmatchable: v.number() })),
  events: v.number(),
  partial: v.number(),
  notices: v.array(v.object({ code: v.string(), file: v.string(), sentence: v.string(), hint: v.string() })),
});
const kindsSchema = v.object({
  kinds: v.array(
    v.object({
      kind: v.string(),
      title: v.string(),
      about: v.string(),
      names: v.string(),
      forms: v.array(v.object({ form: v.string(), bytesMax: v.number() })),
      columns: v.array(v.object({ name: v.string(), about: v.string() })),
      sample: v.optional(v.object({ file: v.string(), text: v.string() })),
    }),
  ),
});
const previewSchema = v.object({
  file: v.string(),
  bytes: v.number(),
  version: v.string(),
  replaces: v.string(),
  usable: v.boolean(),
  reason: v.optional(v.string()),
  accepted: v.number(),
  skipped: v.number(),
  skippedRows: v.array(skippedRowSchema),
  exceeded: v.number(),
  unmatchable: v.number(),
  unread: v.array(v.string()),
  columns: v.array(v.string()),
  rows: v.array(v.object({ at: v.number(), cells: v.array(v.string()) })),
  database: v.optional(v.object({ label: v.string(), builtAt: v.number() })),
});
const doneSchema = v.object({ ...previewSchema.entries, former: v.optional(v.string()) });
const addedSchema = v.record(v.string(), v.unknown());
const lookUpSchema = v.object({
  kind: v.string(),
  value: v.string(),
  added: addedSchema,
  parts: v.array(v.object({ kind: v.string(), source: v.string(), added: addedSchema })),
  remarks: v.array(v.string()),
});
const removedSchema = v.object({ former: v.optional(v.string()) });
const restoredSchema = v.object({ form: v.string(), bytes: v.number() });

export type EnrichmentState = v.InferOutput<typeof enrichmentSchema>;
export type ContextFile = EnrichmentState['files'][number];
export type FormerVersion = EnrichmentState['former'][number];
export type ContextKind = v.InferOutput<typeof kindsSchema>['kinds'][number];
export type UploadPreview = v.InferOutput<typeof previewSchema>;
export type UploadDone = v.InferOutput<typeof doneSchema>;
export type LookUpAnswer = v.InferOutput<typeof lookUpSchema>;

/** Which file is meant: a kind, and a name where there may be several. */
export interface FileName {
  readonly kind: string;
  /** Empty for the one that has none. */
  readonly name: string;
}

/** Choices of an upload. */
interface Sending {
  readonly file: Blob;
  readonly form: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (share: number) => void;
}

/** Which context is in use. */
export function getEnrichment(signal?: AbortSignal): Promise<EnrichmentState> {
  return request('/enrichment', enrichmentSchema, { signal });
}

/** Kinds of context files. */
export async function getContextKinds(signal?: AbortSignal): Promise<readonly ContextKind[]> {
  return (await request('/enrichment/kinds', kindsSchema, { signal })).kinds;
}

/** What would come of a file; changes nothing. */
export function previewFile({ kind, name }: FileName, { form, ...sending }: Sending): Promise<UploadPreview> {
  return upload(`/enrichment/files/${kind}/preview`, previewSchema, {
    method: 'POST',
    words: { name, form },
    ...sending,
  });
}

/** Puts a file in its place, when it is what the preview showed. */
export function putFile(
  { kind, name }: FileName,
  { form, ...sending }: Sending,
  { version, replaces }: Pick<UploadPreview, 'version' | 'replaces'>,
): Promise<UploadDone> {
  // An empty text says that there must be no such file; it may not be left out.
  const words = new URLSearchParams({ name, form, version, replaces });
  return upload(`/enrichment/files/${kind}?${words}`, doneSchema, { method: 'PUT', words: {}, ...sending });
}

/** Takes a file away; gives the id under which it is kept. */
export async function removeFile({ kind, name }: FileName): Promise<string | undefined> {
  const words = name === '' ? {} : { name };
  return (await request(`/enrichment/files/${kind}`, removedSchema, { method: 'DELETE', words })).former;
}

/** Brings a former version back. */
export async function restoreFile({ kind, name }: FileName, former: string): Promise<void> {
  await request(`/enrichment/files/${kind}/restore`, restoredSchema, { method: 'POST', body: { name, former } });
}

/** What an address, a DN or a host name would get. */
export function lookUp(text: string, signal?: AbortSignal): Promise<LookUpAnswer> {
  return request('/enrichment/look-up', lookUpSchema, { method: 'POST', body: { text }, signal });
}
