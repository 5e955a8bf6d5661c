import { TextInput } from '@mantine/core';
import { type ReactNode, useId } from 'react';

/** A time zone: its name in full, or an offset. */
export function ZoneField({
  label = 'Time zone',
  description,
  value,
  error,
  onZone,
}: {
  readonly label?: string;
  readonly description?: string;
  readonly value: string;
  readonly error?: string | undefined;
  readonly onZone: (zone: string) => void;
}): ReactNode {
  const listId = useId();
  return (
    <>
      <TextInput
        label={label}
        description={description}
        autoComplete="off"
        spellCheck={false}
        list={listId}
        value={value}
        error={error}
        onChange={(event) => onZone(event.currentTarget.value.trim())}
      />
      <datalist id={listId}>
        {zones.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  );
}

const zones: readonly string[] = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
