/** Texts that are not saved yet, kept in this tab: leaving the page loses nothing. */

const prefix = 'meridian-dashboard-draft ';

/** A text, and the version of the dashboard it was begun from. */
interface Draft {
  readonly text: string;
  readonly version?: number | undefined;
}

/** Gives the draft of a page; undefined when there is none, or storage is forbidden. */
export function readDraft(name: string): Draft | undefined {
  try {
    const [, version, text] = /^(\d*)\n(.*)$/s.exec(sessionStorage.getItem(prefix + name) ?? '') ?? [];
    if (text === undefined) return undefined;
    return version === '' ? { text } : { text, version: Number(version) };
  } catch {
    return undefined;
  }
}

/** Keeps a draft; undefined forgets it. */
export function keepDraft(name: string, draft: Draft | undefined): void {
  try {
    if (draft === undefined) sessionStorage.removeItem(prefix + name);
    else sessionStorage.setItem(prefix + name, `${draft.version ?? ''}\n${draft.text}`);
  } catch {
    // Storage is full or forbidden: the text holds until the page is left.
  }
}
