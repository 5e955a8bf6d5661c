import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { makeProfile, type Profile } from '../../api/fleet-profiles.ts';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { showText } from '../../parts/show-characters.ts';
import { removedProfile } from './removed.ts';

/** Says which profile was deleted a moment ago, and makes it again when that is wanted. */
export function DeletedNotice(): ReactNode {
  const client = useQueryClient();
  const deleted = removedProfile.useLast();
  const undo = useMutation({
    mutationFn: ({ content }: Profile) => makeProfile(content),
    onSuccess: async () => {
      removedProfile.keep(client, null);
      await client.invalidateQueries({ queryKey: ['profiles'] });
    },
  });
  const back = undo.data;
  if (deleted === null && back === undefined) return null;

  function close(): void {
    removedProfile.keep(client, null);
    undo.reset();
  }

  return (
    <div className="notice" role="status">
      {deleted !== null ? (
        <>
          “<bdi>{showText(deleted.content.name)}</bdi>” is deleted.{' '}
          <button type="button" className="plain link" disabled={undo.isPending} onClick={() => undo.mutate(deleted)}>
            Undo
          </button>{' '}
          <span className="muted">(its older versions do not come back)</span>
        </>
      ) : (
        back !== undefined && (
          <>
            It is back, as{' '}
            <Link to="/profiles/$profileId" params={{ profileId: back.id }} search={{}}>
              <bdi>{showText(back.content.name)}</bdi>
            </Link>
            , version 1.
          </>
        )
      )}{' '}
      <button type="button" className="plain link" onClick={close}>
        Close
      </button>
      <ProblemLine error={undo.error} />
    </div>
  );
}
