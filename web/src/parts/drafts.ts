import { useMemo } from 'react';
import { useOwnSession } from './own-session.tsx';

/** What was written and not saved, and the version of what it changes from which it was begun. */
export interface Draft {
  readonly text: string;
  readonly version?: number | undefined;
}

/** Drafts of one person, by the page they are written on. */
export interface Drafts {
  /** undefined when there is none, or storage is forbidden. */
  read(page: string): Draft | undefined;
  /** undefined forgets it. */
  keep(page: string, draft: Draft | undefined): void;
}

/** What whoever is signed in wrote: it is there again after a look elsewhere and when the page is loaded anew, in this tab. */
export function useDrafts(): Drafts {
  const { id } = useOwnSession();
  return useMemo(() => draftsOf(id), [id]);
}

function draftsOf(owner: string): Drafts {
  const keyOf = (page: string): string => `meridian-draft ${owner} ${page}`;
  return {
    read(page) {
      try {
        const [, version, text] = /^(\d*)\n(.*)$/s.exec(sessionStorage.getItem(keyOf(page)) ?? '') ?? [];
        if (text === undefined) return undefined;
        return version === '' ? { text } : { text, version: Number(version) };
      } catch {
        return undefined;
      }
    },
    keep(page, draft) {
      try {
        if (draft === undefined) sessionStorage.removeItem(keyOf(page));
        else sessionStorage.setItem(keyOf(page), `${draft.version ?? ''}\n${draft.text}`);
      } catch {
        // Storage is full or forbidden: the text holds until the page is left.
      }
    },
  };
}
