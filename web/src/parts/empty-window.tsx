import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { groupEvents } from '../api/events.ts';
import type { TimeWindow } from '../query/time-window.ts';
import { countOf, formatMinute } from './format.ts';
import { Empty } from './states.tsx';

const dayMs = 86_400_000;

/** Nothing in the window: says when there is something, and offers to go there. */
export function EmptyWindow({
  q,
  zone,
  onWindow,
  onQuery,
}: {
  readonly q: string;
  readonly zone: string;
  readonly onWindow: (window: TimeWindow) => void;
  readonly onQuery: (q: string) => void;
}): ReactNode {
  const { data } = useQuery({
    queryKey: ['hunt', 'anywhen', q],
    queryFn: ({ signal }) => groupEvents({ q, zone, by: [], limit: 1 }, signal),
  });
  const [found] = data ?? [];
  if (data === undefined) return <Empty title="No events in this window. Looking at other times…" />;
  if (found === undefined) {
    return q.trim() === '' ? (
      <Empty title="Nothing is stored yet">
        <p>
          Read a log: <code>meridian ingest /var/log/dirsrv/slapd-NAME</code>, or{' '}
          <Link to="/try">try a line first</Link>.
        </p>
      </Empty>
    ) : (
      <Empty title="No event matches, at any time">
        <p>Leave out a clause, or look at the values in the fields at the left.</p>
        <Button variant="default" size="xs" onClick={() => onQuery('')}>
          Show all events
        </Button>
      </Empty>
    );
  }
  const { count, first, last } = found;
  // Wide enough for all of it, or the last day of it.
  const near = Math.max(first, last - dayMs);
  const iso = (time: number): string => new Date(time).toISOString();
  return (
    <Empty title="No events in this window">
      <p>
        {countOf(count, 'event matches', 'events match')} at other times, from {formatMinute(first, zone)} to{' '}
        {formatMinute(last, zone)}.
      </p>
      <div className="page-head">
        <Button size="xs" onClick={() => onWindow({ from: iso(near), to: iso(last + 1) })}>
          {near === first ? 'Go there' : 'Go to the last day of them'}
        </Button>
        {near !== first && (
          <Button size="xs" variant="default" onClick={() => onWindow({ from: iso(first), to: iso(last + 1) })}>
            Show all of them
          </Button>
        )}
      </div>
    </Empty>
  );
}
