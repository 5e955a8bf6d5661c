import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { type Profile, removeProfile } from '../../api/fleet-profiles.ts';
import { asProblem } from '../../api/problem.ts';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { showText } from '../../parts/show-characters.ts';
import { useFocusSoon } from '../agents/use-focus-soon.ts';

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
  return (
    <Refused
      name={content.name}
      error={remove.error}
      isRemoving={remove.isPending}
      onKeep={onClose}
      onRemove={() => remove.mutate(true)}
    />
  );
}

function Refused({
  name,
  error,
  isRemoving,
  onKeep,
  onRemove,
}: {
  readonly name: string;
  readonly error: unknown;
  readonly isRemoving: boolean;
  readonly onKeep: () => void;
  readonly onRemove: () => void;
}): ReactNode {
  const keep = useRef<HTMLButtonElement>(null);
  useFocusSoon(keep);
  const { code, message } = asProblem(error);
  const isUsed = code === 'profile-in-use';
  return (
    <div
      className="in-row"
      role="alertdialog"
      aria-label={`Delete ${showText(name)}`}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onKeep();
      }}
    >
      {isUsed ? (
        <p>
          <bdi>{showText(message)}</bdi> Without it they follow the next profile that fits; where none does, they stop
          reading.
        </p>
      ) : (
        <ProblemLine error={error} />
      )}
      <div className="line">
        <Button ref={keep} size="compact-sm" variant="default" onClick={onKeep}>
          Keep it
        </Button>
        {isUsed && (
          <Button size="compact-sm" color="red" loading={isRemoving} onClick={onRemove}>
            Delete it all the same
          </Button>
        )}
      </div>
    </div>
  );
}
