import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { createContext, type RefObject, useContext, useEffect, useRef, useState } from 'react';
import type { Asked } from '../../api/events.ts';
import type { TimeWindow } from '../../query/time-window.ts';
import { inLane } from './lanes.ts';

/** What the widgets of a page share. */
export interface WidgetPlace {
  /** All events of the window. */
  readonly asked: Asked;
  readonly window: TimeWindow;
  readonly onWindow: (window: TimeWindow) => void;
}

/** Whether the widget one is in was ever on the screen. */
export const Seen = createContext(true);

const nearPx = 200;

/** Tells once when an element comes near the screen. */
export function useSeen(): readonly [RefObject<HTMLElement | null>, boolean] {
  const element = useRef<HTMLElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const { current } = element;
    if (current === null || seen) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
      },
      { rootMargin: `${nearPx}px` },
    );
    observer.observe(current);
    return () => observer.disconnect();
  }, [seen]);
  return [element, seen];
}

/**
 * Asks for what a widget shows, once it is seen: a few widgets at a time. What was there stays until the new comes;
 * leaving the page ends the request. What is not asked takes no place of those who ask.
 */
export function useWidget<T>(
  key: readonly unknown[],
  ask: (signal: AbortSignal) => Promise<T>,
  isAsked = true,
): UseQueryResult<T, Error> {
  const seen = useContext(Seen);
  return useQuery({
    queryKey: ['widget', ...key],
    queryFn: ({ signal }) => inLane(signal, () => ask(signal)),
    enabled: seen && isAsked,
    placeholderData: keepPreviousData,
  });
}
