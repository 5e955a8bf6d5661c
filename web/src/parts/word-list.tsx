import { TextInput } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';
import { InertText } from './inert-text.tsx';
import { cutWords } from './words.ts';
import './word-list.css';

const wordsMax = 64;

/** Words one writes one after the other: Enter, a blank or a comma adds one, Backspace takes back the last, each has its button. */
export function WordList({
  label,
  description,
  words,
  form,
  wrong,
  suggestions = [],
  max = wordsMax,
  autoFocus = false,
  error,
  onWords,
}: {
  readonly label: string;
  readonly description?: string;
  readonly words: readonly string[];
  /** What a word must look like, and how that is said. */
  readonly form: RegExp;
  readonly wrong: string;
  readonly suggestions?: readonly string[];
  readonly max?: number;
  readonly autoFocus?: boolean;
  readonly error?: string | undefined;
  readonly onWords: (words: readonly string[]) => void;
}): ReactNode {
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string>();
  const listId = useId();

  /** Takes what was typed; what is no word stays, and is told. */
  function take(text: string): void {
    const fresh = cutWords(text);
    const odd = fresh.filter((word) => !form.test(word));
    const next = [...new Set([...words, ...fresh.filter((word) => form.test(word))])];
    if (next.length > max) {
      setTyped(text);
      setProblem(`At most ${max}.`);
      return;
    }
    if (next.length > words.length) onWords(next);
    setTyped(odd.join(' '));
    setProblem(odd.length === 0 ? undefined : wrong);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if ((event.key === 'Enter' && typed.trim() !== '') || event.key === ',') {
      event.preventDefault();
      take(typed);
    } else if (event.key === 'Backspace' && typed === '' && words.length > 0) {
      onWords(words.slice(0, -1));
    }
  }

  return (
    <div className="word-list">
      <TextInput
        label={label}
        description={description}
        autoComplete="off"
        spellCheck={false}
        autoFocus={autoFocus}
        list={listId}
        value={typed}
        error={problem ?? error}
        onChange={(event) => {
          const text = event.currentTarget.value;
          setProblem(undefined);
          // What has a blank or comma behind it, or was chosen from the list, is whole.
          if (/[,;\s]/.test(text.trimStart()) || isChosen(event.nativeEvent)) take(text);
          else setTyped(text);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => {
          if (typed.trim() !== '') take(typed);
        }}
      />
      <datalist id={listId}>
        {suggestions
          .filter((one) => !words.includes(one))
          .map((one) => (
            <option key={one} value={one} />
          ))}
      </datalist>
      {words.length > 0 && (
        <ul aria-label="Chosen">
          {words.map((word) => (
            <li key={word}>
              <InertText text={word} />
              <button
                type="button"
                className="plain"
                aria-label={`Remove ${word}`}
                onClick={() => onWords(words.filter((one) => one !== word))}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Whether a change came from the list of suggestions. */
function isChosen(event: Event): boolean {
  return 'inputType' in event && event.inputType === 'insertReplacementText';
}
