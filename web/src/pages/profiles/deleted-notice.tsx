import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { makeProfile, type Profile } from '../../api/fleet-profiles.ts';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { showText } from '../../parts/show-characters.ts';

/** Says that a profile is deleted, and makes it again when that is wanted. */
export function DeletedNotice({
  profile: { content },
  onDone,
}: {
  readonly profile: Profile;
  readonly onDone: () => void;
}): ReactNode {
  const client = useQueryClient();
  const undo = useMutation({
    mutationFn: () => makeProfile(content),
    onSuccess: () => client.invalidateQueries({ queryKey: ['profiles'] }),
  });
  return (
    <div className="notice" role="status">
      {undo.data === undefined ? (
        <>
          “<bdi>{showText(content.name)}</bdi>” is deleted.{' '}
          <button type="button" className="plain link" disabled={undo.isPending} onClick={() => undo.mutate()}>
            Undo
          </button>{' '}
          <span className="muted">(its older versions do not come back)</span>
        </>
      ) : (
        <>
          It is back, as{' '}
          <Link to="/profiles/$profileId" params={{ profileId: undo.data.id }} search={{}}>
            <bdi>{showText(content.name)}</bdi>
          </Link>
          , version 1.
        </>
      )}{' '}
      <button type="button" className="plain link" onClick={onDone}>
        Close
      </button>
      <ProblemLine error={undo.error} />
    </div>
  );
}
