import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { getProfiles } from '../api/fleet-profiles.ts';
import { asProblem } from '../api/problem.ts';
import { useMay } from './own-session.tsx';
import { showText } from './show-characters.ts';

const profilesMax = 1_000;

/** Chooses a profile by hand, or none. */
export function ProfileSelect({
  description,
  value,
  given,
  onProfile,
}: {
  readonly description: string;
  /** Empty: none. */
  readonly value: string;
  /** The one that is given already: it stands there before the others are known, and where they cannot be. */
  readonly given?: { readonly id: string; readonly name: string } | undefined;
  readonly onProfile: (id: string) => void;
}): ReactNode {
  const { data, error } = useQuery({
    queryKey: ['profiles', 'all'],
    queryFn: ({ signal }) => getProfiles({ limit: profilesMax }, signal),
    enabled: useMay('profiles:read'),
  });
  const all = (data?.profiles ?? []).map(({ id, content: { name, enabled } }) => ({
    value: id,
    label: `${showText(name)}${enabled ? '' : ' (switched off)'}`,
  }));
  const isMissing = given !== undefined && all.every((one) => one.value !== given.id);
  return (
    <NativeSelect
      label="Profile"
      description={description}
      data={[
        { value: '', label: 'as tags and names decide' },
        ...(isMissing ? [{ value: given.id, label: showText(given.name) }] : []),
        ...all,
      ]}
      value={value}
      error={error === null ? undefined : asProblem(error).message}
      onChange={(event) => onProfile(event.currentTarget.value)}
    />
  );
}
