import * as v from 'valibot';
import { blackout, collector, limits, source } from '../../api/fleet-profile-content.ts';
import { newPath, nextRow, type ProfileDraft } from './profile-draft.ts';

/** Stands in a text for a number that could not be read, for JSON has no NaN; nobody can write it into a field. */
const unread = -1;
const words = v.array(v.string());
const { encoding: _, start: __, paths: ___, ...sourceEntries } = source.entries;
const draftSchema = v.object({
  name: v.string(),
  description: v.string(),
  enabled: v.boolean(),
  isDefault: v.boolean(),
  priority: v.number(),
  tags: words,
  excludeTags: words,
  hosts: words,
  excludeHosts: words,
  sources: v.array(
    v.object({
      ...sourceEntries,
      paths: v.array(v.object({ pattern: v.string() })),
      start: v.picklist(['beginning', 'end', 'date']),
      startDate: v.string(),
    }),
  ),
  collectors: v.array(collector),
  limits,
  blackouts: v.array(blackout),
});

/** Writes down a draft as it is, finished or not. */
export function writeDraftText(draft: ProfileDraft): string {
  return JSON.stringify(draft, (_name, value: unknown) => (Number.isNaN(value) ? unread : value));
}

/** Reads what was written down; undefined for what is no draft, such as one of an older console. */
export function readDraftText(text: string): ProfileDraft | undefined {
  try {
    const { success, output } = v.safeParse(draftSchema, JSON.parse(text));
    return success ? opened(output) : undefined;
  } catch {
    return undefined;
  }
}

/** Gives its rows numbers anew: those it had count only while its page is there. */
function opened({
  sources,
  collectors,
  blackouts,
  limits: kept,
  ...draft
}: v.InferOutput<typeof draftSchema>): ProfileDraft {
  const { linesPerSecond } = kept;
  return {
    ...draft,
    priority: numberOf(draft.priority),
    sources: sources.map((one) => ({
      ...one,
      row: nextRow(),
      paths: one.paths.map(({ pattern }) => newPath(pattern)),
    })),
    collectors: collectors.map((one) => ({ ...one, row: nextRow() })),
    limits: {
      batchRecords: numberOf(kept.batchRecords),
      batchBytes: numberOf(kept.batchBytes),
      intervalMs: numberOf(kept.intervalMs),
      linesPerSecond: linesPerSecond === null ? null : numberOf(linesPerSecond),
      spoolBytes: numberOf(kept.spoolBytes),
      spoolAgeHours: numberOf(kept.spoolAgeHours),
    },
    blackouts: blackouts.map((one) => ({ ...one, row: nextRow() })),
  };
}

const numberOf = (kept: number): number => (kept === unread ? Number.NaN : kept);
