import { TextInput } from '@mantine/core';
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';

/** Time without a letter after which what was typed is searched for, in milliseconds. */
const restMs = 250;

/** A field that searches a list: for what was typed, once the typing rests or Enter is pressed. */
export function SearchField({
  field,
  label,
  name,
  value,
  onSearch,
}: {
  readonly field?: RefObject<HTMLInputElement | null>;
  /** Stands above it; absent: the name stands in it. */
  readonly label?: string;
  readonly name: string;
  /** What is searched for. */
  readonly value: string;
  readonly onSearch: (text: string) => void;
}): ReactNode {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  const [sent, setSent] = useState(value);
  if (value !== known) {
    setKnown(value);
    // What was searched for a moment ago comes back while somebody types on; anything else was set elsewhere.
    if (value !== sent) {
      setText(value);
      setSent(value);
    }
  }
  const search = useRef(onSearch);
  search.current = onSearch;
  useEffect(() => {
    if (text === sent) return;
    const timer = setTimeout(() => take(text), restMs);
    return () => clearTimeout(timer);
  });

  function take(wanted: string): void {
    setSent(wanted);
    search.current(wanted);
  }

  return (
    <TextInput
      {...(field === undefined ? {} : { ref: field })}
      type="search"
      {...(label === undefined ? { 'aria-label': name, placeholder: name } : { label })}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take(text);
      }}
    />
  );
}
