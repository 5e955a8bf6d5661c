import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react';
import { getEvent } from '../../api/events.ts';
import type { ValueActions } from '../../parts/event-details.tsx';
import { Bones, Failure } from '../../parts/states.tsx';

// Fetched with the first event that is opened: Hunt itself does without.
const getDetails = () => import('../../parts/event-details.tsx');
const EventDetails = lazy(async () => ({ default: (await getDetails()).EventDetails }));
const EventHeadline = lazy(async () => ({ default: (await getDetails()).EventHeadline }));

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
  useEffect(() => void getDetails().catch(() => undefined), []);
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
        <h2>
          <Suspense fallback="Event">{data === undefined ? 'Event' : <EventHeadline event={data} />}</Suspense>
        </h2>
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
          <Suspense fallback={<Bones rows={8} />}>
            <EventDetails event={data} zone={zone} actions={actions} />
          </Suspense>
        )}
      </div>
    </aside>
  );
}
