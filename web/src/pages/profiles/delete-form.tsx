import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { type Profile, removeProfile } from '../../api/fleet-profiles.ts';
import { asProblem } from '../../api/problem.ts';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { showText } from '../../parts/show-characters.ts';

/** Deletes a profile at once when nobody follows it, for that can be undone; else says who does, and asks. */
export function DeleteForm({
  profile,
  onClose,
  onDeleted,
}: {
  readonly profile: Profile;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}): ReactNode {
  const { id, version, content } = profile;
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: (reassign: boolean) => removeProfile(id, version, reassign),
    onSuccess: async () => {
      onDeleted();
      await client.invalidateQueries({ queryKey: ['profiles'] });
    },
  });
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    remove.mutate(false);
  }, [remove]);
  if (remove.error === null) return <p className="muted">Deleting…</p>;
  const { code, message } = asProblem(remove.error);
  const isUsed = code === 'profile-in-use';
  return (
    <div
      className="in-row"
      role="alertdialog"
      aria-label={`Delete ${showText(content.name)}`}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
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
        <Button size="compact-sm" variant="default" autoFocus onClick={onClose}>
          Keep it
        </Button>
        {isUsed && (
          <Button size="compact-sm" color="red" loading={remove.isPending} onClick={() => remove.mutate(true)}>
            Delete it all the same
          </Button>
        )}
      </div>
    </div>
  );
}
