import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import { cloneProfile, type Profile } from '../../api/fleet-profiles.ts';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { nameLengthMax } from './check-draft.ts';

const ending = ', clone';

/** Asks for the name of a clone, and goes on to change it. */
export function CloneForm({
  profile,
  onClose,
}: {
  readonly profile: Profile;
  readonly onClose: () => void;
}): ReactNode {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState(`${profile.content.name.slice(0, nameLengthMax - ending.length)}${ending}`);
  const clone = useMutation({
    mutationFn: () => cloneProfile(profile.id, name.trim()),
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: ['profiles'] });
      await navigate({ to: '/profiles/$profileId/edit', params: { profileId: id }, search: {} });
    },
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    clone.mutate();
  }

  return (
    <form
      className="in-row"
      aria-label="Clone"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <TextInput
        label="Name of the clone"
        description="It is switched off until you enable it."
        autoFocus
        autoComplete="off"
        value={name}
        error={name.trim().length > nameLengthMax ? `At most ${nameLengthMax} characters.` : undefined}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <ProblemLine error={clone.error} />
      <div className="line">
        <Button
          type="submit"
          size="compact-sm"
          loading={clone.isPending}
          disabled={name.trim() === '' || name.trim().length > nameLengthMax}
        >
          Clone profile
        </Button>
        <Button size="compact-sm" variant="default" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
