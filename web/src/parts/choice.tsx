import type { ReactNode } from 'react';

/** One of a few: buttons side by side, the chosen one pressed. */
export function Choice({
  label,
  value,
  choices,
  onChoice,
}: {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly (readonly [value: string, name: string])[];
  readonly onChoice: (value: string) => void;
}): ReactNode {
  return (
    <fieldset className="choice" aria-label={label}>
      {choices.map(([one, name]) => (
        <button key={one} type="button" aria-pressed={one === value} onClick={() => onChoice(one)}>
          {name}
        </button>
      ))}
    </fieldset>
  );
}
