import { useCallback, useEffect, useRef, useState } from 'react';
import type { EventLabels } from '../../api/event-value.ts';
import { readEvent } from '../../api/events.ts';
import { address } from '../../api/request.ts';

/** Events kept on the page; older ones leave it. */
const shownMax = 2_000;
/** Events that wait while the tail is paused; more are dropped, and counted. */
const waitingMax = 2_000;
/** The page is drawn this often, however fast events come. */
const drawMs = 250;

/** The live tail as the page shows it. */
export interface LiveTail {
  readonly rows: readonly EventLabels[];
  readonly state: 'connecting' | 'open' | 'lost';
  readonly paused: boolean;
  readonly setPaused: (paused: boolean) => void;
  /** Events that arrived but are not shown: lost on the way, or pushed out while paused. */
  readonly dropped: number;
  /** Events that wait for the pause to end. */
  readonly waiting: number;
  readonly received: number;
}

/** Follows the events that match, as the server stores them. */
export function useLiveTail(q: string, zone: string, enabled: boolean): LiveTail {
  const [rows, setRows] = useState<readonly EventLabels[]>([]);
  const [state, setState] = useState<LiveTail['state']>('connecting');
  const [paused, setPausedState] = useState(false);
  const [counts, setCounts] = useState({ dropped: 0, waiting: 0, received: 0 });
  const pausedNow = useRef(false);

  useEffect(() => {
    if (!enabled) return;
    let queue: EventLabels[] = [];
    let dropped = 0;
    let received = 0;
    setRows([]);
    setCounts({ dropped: 0, waiting: 0, received: 0 });
    setState('connecting');
    const source = new EventSource(address('/events/tail', { q, zone }));
    source.onopen = () => setState('open');
    source.onerror = () => setState('lost');
    source.addEventListener('event', (message: MessageEvent<unknown>) => {
      const event = typeof message.data === 'string' ? readEvent(message.data) : undefined;
      if (event === undefined) return;
      received += 1;
      queue.push(event);
      if (queue.length > waitingMax) {
        queue = queue.slice(-waitingMax);
        dropped += 1;
      }
    });
    source.addEventListener('dropped', (message: MessageEvent<unknown>) => {
      dropped += countIn(message.data);
    });
    const timer = setInterval(() => {
      if (!pausedNow.current && queue.length > 0) {
        const fresh = queue.reverse();
        queue = [];
        setRows((before) => [...fresh, ...before].slice(0, shownMax));
      }
      const waiting = queue.length;
      setCounts((before) =>
        before.dropped === dropped && before.waiting === waiting && before.received === received
          ? before
          : { dropped, waiting, received },
      );
    }, drawMs);
    return () => {
      clearInterval(timer);
      source.close();
    };
  }, [q, zone, enabled]);

  const setPaused = useCallback((next: boolean) => {
    pausedNow.current = next;
    setPausedState(next);
  }, []);
  return { rows, state, paused, setPaused, ...counts };
}

function countIn(data: unknown): number {
  try {
    const parsed: unknown = typeof data === 'string' ? JSON.parse(data) : undefined;
    const isCount =
      typeof parsed === 'object' && parsed !== null && 'count' in parsed && typeof parsed.count === 'number';
    return isCount ? Number(parsed.count) : 0;
  } catch {
    return 0;
  }
}
