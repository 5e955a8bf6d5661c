import { useState } from 'react';
import { useDrafts } from '../../parts/drafts.ts';
import { readDraftText, writeDraftText } from './draft-text.ts';
import type { ProfileDraft } from './profile-draft.ts';

/** A draft that is there again when somebody looks at another page and comes back. */
export interface KeptDraft {
  readonly draft: ProfileDraft;
  /** Version from which it was begun; undefined for a new profile. */
  readonly based: number | undefined;
  /** Whether it is what was begun before. */
  readonly isOld: boolean;
  readonly change: (next: ProfileDraft) => void;
  /** Begins anew. */
  readonly discard: () => void;
  /** It is saved, or not wanted: nothing of it is kept. */
  readonly forget: () => void;
}

/** Keeps what is written on a page; `begin` gives what stands in it at first, `version` the one that is of. */
export function useKeptDraft(page: string, begin: () => ProfileDraft, version?: number): KeptDraft {
  const drafts = useDrafts();
  const [{ draft, based, isOld }, set] = useState(() => {
    const kept = drafts.read(page);
    const found = kept === undefined ? undefined : readDraftText(kept.text);
    return found === undefined
      ? { draft: begin(), based: version, isOld: false }
      : { draft: found, based: kept?.version ?? version, isOld: true };
  });
  const forget = (): void => drafts.keep(page, undefined);
  return {
    draft,
    based,
    isOld,
    change: (next) => {
      drafts.keep(page, { text: writeDraftText(next), version: based });
      set({ draft: next, based, isOld });
    },
    discard: () => {
      forget();
      set({ draft: begin(), based: version, isOld: false });
    },
    forget,
  };
}
