import { Button } from '@mantine/core';
import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type Profile, removeProfile } from '../../api/fleet-profiles.ts';
import { asProblem } from '../../api/problem.ts';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { showText } from '../../parts/show-characters.ts';
import { removedProfile } from './removed.ts';

/** Deleting of a profile; true: its agents may go to the next one that fits. */
export type DeleteProfile = UseMutationResult<unknown, Error, boolean>;

/** Deletes a profile at once when nobody follows it, for that can be undone; one that is followed is refused at first. */
export function useDeleteProfile(profile: Profile, onDeleted: () => void): DeleteProfile {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (reassign: boolean) => removeProfile(profile.id, profile.version, reassign),
    onSuccess: async () => {
      removedProfile.keep(client, profile);
      onDeleted();
      await client.invalidateQueries({ queryKey: ['profiles'] });
    },
  });
}

/** Says who follows a profile that was to be deleted, and asks. */
export function DeleteForm({
  profile: { content },
  remove,
}: {
  readonly profile: Profile;
  readonly remove: DeleteProfile;
}): ReactNode {
  if (remove.error === null) return remove.isPending ? <p className="muted">Deleting…</p> : null;
  const { code, message } = asProblem(remove.error);
  const isUsed = code === 'profile-in-use';
  return (
    <div
      className="in-row"
      role="alertdialog"
      aria-label={`Delete ${showText(content.name)}`}
      onKeyDown={(event) => {
        if (event.key === 'Escape') remove.reset();
      }}
    >
      {isUsed ? (
        <p>
          <bdi>{showText(message)}</bdi> Without it they follow the next profile that fits; where none does, they stop
          reading.
        </p>
      ) : (
        <ProblemLine error={remove.error} />
      )}
      <div className="line">
        <Button autoFocus size="compact-sm" variant="default" onClick={() => remove.reset()}>
          Keep it
        </Button>
        {isUsed && (
          <Button size="compact-sm" color="red" onClick={() => remove.mutate(true)}>
            Delete it all the same
          </Button>
        )}
      </div>
    </div>
  );
}
