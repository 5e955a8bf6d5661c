import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { numberOf } from '../../api/event-value.ts';
import { getEvent } from '../../api/events.ts';
import { EventDetails, EventHeadline, type ValueActions } from '../../parts/event-details.tsx';
import { formatFullTime } from '../../parts/format.ts';
import { usePreferences } from '../../parts/preferences.tsx';
import { Bones, Failure } from '../../parts/states.tsx';
import { clauseFor, exclude } from '../../query/refine.ts';

const minuteMs = 60_000;

/** One event on a page of its own. */
export function EventPage(): ReactNode {
  const { eventId } = useParams({ from: '/events/$eventId' });
  const { zone } = usePreferences();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery({
    queryKey: ['event', eventId],
    queryFn: ({ signal }) => getEvent(eventId, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const actions = useMemo((): ValueActions => {
    const hunt = (q: string): void => void navigate({ to: '/hunt', search: { q, from: '', to: '' } });
    return {
      onInclude: (label, value) => hunt(clauseFor(label, value)),
      onExclude: (label, value) => hunt(exclude('', clauseFor(label, value))),
    };
  }, [navigate]);
  const time = data === undefined ? undefined : numberOf(data, 'eventTime');
  return (
    <div className="page">
      <div className="page-head">
        <h1>{data === undefined ? 'Event' : <EventHeadline event={data} />}</h1>
        {time !== undefined && (
          <>
            <span className="muted">{formatFullTime(time, zone)}</span>
            <div className="actions">
              <Button
                variant="default"
                size="compact-sm"
                renderRoot={(props: object) => (
                  <Link
                    {...props}
                    to="/hunt"
                    search={{
                      from: new Date(time - minuteMs).toISOString(),
                      to: new Date(time + minuteMs).toISOString(),
                      event: eventId,
                    }}
                  />
                )}
              >
                What happened around it
              </Button>
            </div>
          </>
        )}
      </div>
      {error !== null ? (
        <Failure error={error} what="The event cannot be shown" retry={() => void refetch()} />
      ) : data === undefined ? (
        <Bones rows={8} />
      ) : (
        <EventDetails event={data} zone={zone} actions={actions} />
      )}
    </div>
  );
}
