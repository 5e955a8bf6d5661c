import type { DraftProblem } from './check-draft.ts';
import { emptyDraft, type ProfileDraft } from './profile-draft.ts';

const standInName = 'New profile';

/**
 * Leaves out of a draft what the server could not even look at, so that what is written already is judged while the rest is
 * still missing. Rows keep their numbers.
 */
export function previewable(draft: ProfileDraft, problems: readonly DraftProblem[]): ProfileDraft {
  const wrong = new Set(problems.map(({ field }) => field));
  const usual = emptyDraft([]);
  const isWrong = (row: number, ...fields: readonly string[]): boolean =>
    fields.some((field) => wrong.has(`${field} ${row}`));
  return {
    ...draft,
    name: wrong.has('name') ? standInName : draft.name,
    description: wrong.has('description') ? '' : draft.description,
    priority: wrong.has('priority') ? usual.priority : draft.priority,
    limits: problems.some(({ step, field }) => step === 'limits' && field in usual.limits)
      ? usual.limits
      : draft.limits,
    sources: draft.sources
      .map((source) => ({
        ...source,
        paths: source.paths.filter(({ row }) => !wrong.has(`paths ${row}`)),
        zone: isWrong(source.row, 'zone') ? 'UTC' : source.zone,
        start: isWrong(source.row, 'start') ? ('beginning' as const) : source.start,
      }))
      .filter(
        ({ row, paths, logs }) =>
          logs.length > 0 && !isWrong(row, 'logs') && paths.some(({ pattern }) => pattern.trim() !== ''),
      ),
    collectors: draft.collectors.filter(({ row }) => !isWrong(row, 'listen', 'zone', 'senders')),
    blackouts: draft.blackouts.filter(({ row }) => !isWrong(row, 'days', 'from', 'zone')),
  };
}
