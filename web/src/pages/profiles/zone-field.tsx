import { TextInput } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { zonesWith } from '../../parts/time-picker.tsx';

/** A time zone: its name in full, or an offset. */
export function ZoneField({
  description,
  value,
  error,
  onZone,
}: {
  readonly description?: string;
  readonly value: string;
  readonly error?: string | undefined;
  readonly onZone: (zone: string) => void;
}): ReactNode {
  const listId = useId();
  return (
    <>
      <TextInput
        label="Time zone"
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

const zones = zonesWith('UTC');
