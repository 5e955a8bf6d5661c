import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { endOtherSessions, endOwnSession, getOwnSessions, type Session } from '../../api/people.ts';
import { InertText } from '../../parts/inert-text.tsx';
import { usePreferences } from '../../parts/preferences.tsx';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { Bones, Failure } from '../../parts/states.tsx';
import { RowTime } from '../../parts/time.tsx';

/** Where one is signed in. */
export function OwnSessions(): ReactNode {
  const client = useQueryClient();
  const sessions = useQuery({ queryKey: ['own-sessions'], queryFn: ({ signal }) => getOwnSessions(signal) });
  const after = { onSuccess: () => client.invalidateQueries({ queryKey: ['own-sessions'] }) };
  const end = useMutation({ mutationFn: endOwnSession, ...after });
  const endOthers = useMutation({ mutationFn: endOtherSessions, ...after });
  const others = sessions.data?.filter(({ current }) => !current).length ?? 0;
  return (
    <section className="panel" aria-label="Sessions">
      <header>
        <h2>Sessions</h2>
        {others > 0 && (
          <Button size="compact-sm" variant="default" loading={endOthers.isPending} onClick={() => endOthers.mutate()}>
            End all others
          </Button>
        )}
      </header>
      <ProblemLine error={end.error ?? endOthers.error} />
      {sessions.error !== null ? (
        <Failure error={sessions.error} what="Your sessions cannot be shown" retry={() => void sessions.refetch()} />
      ) : sessions.data === undefined ? (
        <Bones rows={2} />
      ) : (
        <div className="scroll-x">
          <table className="plain-table">
            <thead>
              <tr>
                <th>Last used</th>
                <th>From</th>
                <th>With</th>
                <th>Signed in by</th>
                <th>Ends</th>
                <th>
                  <span className="unseen">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {sessions.data.map((session) => (
                <Row key={session.id} session={session} onEnd={() => end.mutate(session.id)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Row({ session, onEnd }: { readonly session: Session; readonly onEnd: () => void }): ReactNode {
  const { zone } = usePreferences();
  return (
    <tr>
      <td>
        <RowTime time={session.lastSeen} zone={zone} />
      </td>
      <td className="mono">{session.address}</td>
      <td className="wrap">
        <InertText text={session.program} />
      </td>
      <td>{session.method}</td>
      <td>
        <RowTime time={session.endsAt} zone={zone} />
      </td>
      <td>
        {session.current ? (
          <span className="muted">this one</span>
        ) : (
          <Button size="compact-sm" variant="default" onClick={onEnd}>
            End
          </Button>
        )}
      </td>
    </tr>
  );
}
