import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { type ProfileNotice, type ProfilePreview, previewProfile } from '../../api/fleet-profiles.ts';
import type { Asked } from '../../parts/loaded.tsx';
import { checkDraft, type DraftProblem } from './check-draft.ts';
import { previewable } from './previewable.ts';
import { type ProfileDraft, rowOfField, writeDraft } from './profile-draft.ts';

/** Time without a change after which the server is asked, in milliseconds. */
const restMs = 250;

/** What is known of a draft: by the form itself, and by the server. */
export interface DraftJudgement {
  readonly problems: readonly DraftProblem[];
  /** As of the last rest; undefined before the first answer. */
  readonly preview: Asked<ProfilePreview>;
  /** What the server says of a row of the form. */
  readonly noticesOf: (row: number) => readonly ProfileNotice[];
}

/** Judges a draft while it is written; `id` is that of the profile that it changes. */
export function usePreview(draft: ProfileDraft, id: string | undefined): DraftJudgement {
  const problems = useMemo(() => checkDraft(draft), [draft]);
  const rested = useRested(draft);
  const written = useMemo(() => writeDraft(previewable(rested, checkDraft(rested))), [rested]);
  const { data, error, refetch } = useQuery({
    queryKey: ['profile-preview', id ?? '', JSON.stringify(written.content)],
    queryFn: async ({ signal }) => ({
      preview: await previewProfile(written.content, id, signal),
      rows: written.rows,
    }),
    placeholderData: keepPreviousData,
  });
  const byRow = useMemo(() => {
    const found = new Map<number | undefined, ProfileNotice[]>();
    for (const notice of data?.preview.notices ?? []) {
      const row = rowOfField(data?.rows ?? new Map(), notice.field);
      found.set(row, [...(found.get(row) ?? []), notice]);
    }
    return found;
  }, [data]);
  return {
    problems,
    preview: { data: data?.preview, error, refetch },
    noticesOf: (row) => byRow.get(row) ?? none,
  };
}

const none: readonly ProfileNotice[] = [];

function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), restMs);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}
