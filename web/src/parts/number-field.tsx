import { TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';

/** A whole number of units. What cannot be read is given as NaN; nothing as null where that means something. */
export function NumberField({
  label,
  description,
  value,
  of = 1,
  nothing,
  error,
  onValue,
}: {
  readonly label: string;
  readonly description?: string;
  readonly value: number | null;
  /** What one of the shown unit is. */
  readonly of?: number;
  /** What an empty field means; absent: it may not be empty. */
  readonly nothing?: string;
  readonly error?: string | undefined;
  readonly onValue: (value: number | null) => void;
}): ReactNode {
  const [text, setText] = useState(() => (value === null || Number.isNaN(value) ? '' : String(value / of)));
  return (
    <TextInput
      label={label}
      description={description}
      inputMode="numeric"
      autoComplete="off"
      placeholder={nothing}
      value={text}
      error={error}
      onChange={(event) => {
        const typed = event.currentTarget.value.trim();
        setText(event.currentTarget.value);
        if (typed === '') onValue(nothing === undefined ? Number.NaN : null);
        else onValue(readNumber(typed, of));
      }}
    />
  );
}

function readNumber(text: string, of: number): number {
  const form = of === 1 ? /^\d{1,15}$/ : /^\d{1,12}(?:\.\d{1,12})?$/;
  return form.test(text) ? Math.round(Number(text) * of) : Number.NaN;
}
