import { foldAttributeType } from '#event';

/** One change of one attribute. */
export interface Change {
  /** Attribute in folded form, without options. */
  readonly attribute: string;
  /** Whether the attribute gets a value; else it loses one, or all. */
  readonly gains: boolean;
  /** Value in lower case; absent where all values go. */
  readonly value: string | undefined;
}

/** Reads what the `changes` label says: `replace nsAccountLock: true`, `delete mail`. What is no change is left out. */
export function readChanges(changes: readonly string[]): readonly Change[] {
  const read: Change[] = [];
  for (const change of changes) {
    const blank = change.indexOf(' ');
    const operation = change.slice(0, blank).toLowerCase();
    if (operation !== 'add' && operation !== 'replace' && operation !== 'delete') continue;
    const colon = change.indexOf(':', blank);
    const attribute = baseName(change.slice(blank + 1, colon < 0 ? undefined : colon));
    if (attribute === '') continue;
    const value =
      colon < 0
        ? undefined
        : change
            .slice(colon + 1)
            .trim()
            .toLowerCase();
    read.push({ attribute, gains: operation !== 'delete' && value !== undefined, value });
  }
  return read;
}

/** Folds an attribute and takes its options off: `userCertificate;binary` is `usercertificate`. */
export function baseName(attribute: string): string {
  const semicolon = attribute.indexOf(';');
  return foldAttributeType((semicolon < 0 ? attribute : attribute.slice(0, semicolon)).trim());
}

/** Tells whether a word is one of some; a `*` at either end of one of them stands for anything. */
export function wordTest(words: readonly string[]): (word: string) => boolean {
  const whole = new Set(words.filter((word) => !word.includes('*')));
  const parts = words
    .filter((word) => word.includes('*'))
    .map((word) => ({ text: word.replaceAll('*', ''), before: word.startsWith('*'), behind: word.endsWith('*') }));
  if (parts.length === 0) return (word) => whole.has(word);
  return (word) =>
    whole.has(word) ||
    parts.some(({ text, before, behind }) => {
      if (before) return behind ? word.includes(text) : word.endsWith(text);
      return word.startsWith(text);
    });
}
