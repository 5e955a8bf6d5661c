/** Texts that are not saved yet, kept in this tab: leaving the page loses nothing. */

const prefix = 'meridian-dashboard-draft ';

/** Gives the draft of a page; undefined when there is none, or storage is forbidden. */
export function readDraft(name: string): string | undefined {
  try {
    return sessionStorage.getItem(prefix + name) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a draft; undefined forgets it. */
export function keepDraft(name: string, text: string | undefined): void {
  try {
    if (text === undefined) sessionStorage.removeItem(prefix + name);
    else sessionStorage.setItem(prefix + name, text);
  } catch {
    // Storage is full or forbidden: the text holds until the page is left.
  }
}
