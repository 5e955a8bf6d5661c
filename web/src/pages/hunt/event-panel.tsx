import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { getEvent } from '../../api/events.ts';
import { EventDetails, EventHeadline, type ValueActions } from '../../parts/event-details.tsx';
import { Bones, Failure } from '../../parts/states.tsx';

/** The event that is open, at the right of the table. */
export function EventPanel({
  eventId,
  zone,
  actions,
  onClose,
}: {
  readonly eventId: string;
  readonly zone: string;
  readonly actions: ValueActions;
  readonly onClose: () => void;
}): ReactNode {
  const { data, error, refetch } = useQuery({
    queryKey: ['event', eventId],
    queryFn: ({ signal }) => getEvent(eventId, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const panel = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another event begins at its top
  useEffect(() => {
    // A block: browsers give a promise here, which is nothing to clean up with.
    panel.current?.scrollTo({ top: 0 });
  }, [eventId]);
  return (
    <aside
      ref={panel}
      className="event-panel"
      aria-label="Event"
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <header>
        <h2>{data === undefined ? 'Event' : <EventHeadline event={data} />}</h2>
        <Link to="/events/$eventId" params={{ eventId }}>
          Own page
        </Link>
        <button type="button" className="plain link" onClick={onClose} aria-label="Close the event">
          Close
        </button>
      </header>
      <div className="body">
        {error !== null ? (
          <Failure error={error} what="The event cannot be shown" retry={() => void refetch()} />
        ) : data === undefined ? (
          <Bones rows={8} />
        ) : (
          <EventDetails event={data} zone={zone} actions={actions} />
        )}
      </div>
    </aside>
  );
}
