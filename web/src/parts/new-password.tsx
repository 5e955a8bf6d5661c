import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';

/** Characters a password has at least; the server says the same. */
export const passwordLengthMin = 12;

/** A password that is chosen, and written once more. */
export interface ChosenPassword {
  readonly password: string;
  readonly again: string;
}

export const noPassword: ChosenPassword = { password: '', again: '' };

/** Whether both are there and the same. */
export function isChosen({ password, again }: ChosenPassword): boolean {
  return password !== '' && password === again;
}

/** Two fields for a password that is being chosen. */
export function NewPassword({
  label,
  description,
  autoFocus = false,
  chosen,
  onChoose,
}: {
  readonly label: string;
  readonly description: string;
  readonly autoFocus?: boolean;
  readonly chosen: ChosenPassword;
  readonly onChoose: (chosen: ChosenPassword) => void;
}): ReactNode {
  const { password, again } = chosen;
  return (
    <>
      <TextInput
        label={label}
        description={description}
        type="password"
        autoComplete="new-password"
        autoFocus={autoFocus}
        value={password}
        onChange={(event) => onChoose({ password: event.currentTarget.value, again })}
      />
      <TextInput
        label={`${label}, once more`}
        type="password"
        autoComplete="new-password"
        value={again}
        onChange={(event) => onChoose({ password, again: event.currentTarget.value })}
        error={again !== '' && again !== password ? 'The two differ.' : undefined}
      />
    </>
  );
}

/** The password one has, asked for before something that matters. */
export function OwnPassword({
  label = 'Your password',
  value,
  onValue,
}: {
  readonly label?: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}): ReactNode {
  return (
    <TextInput
      label={label}
      type="password"
      autoComplete="current-password"
      value={value}
      onChange={(event) => onValue(event.currentTarget.value)}
    />
  );
}
