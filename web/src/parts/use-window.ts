import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { Asked } from '../api/events.ts';
import { boundsOf, defaultWindow, type TimeWindow } from '../query/time-window.ts';
import type { WindowSearch } from '../search-state.ts';
import { usePreferences } from './preferences.tsx';

/** The window of a page, as its address says, at the moment the page was opened. */
export interface PageWindow {
  readonly window: TimeWindow;
  readonly zone: string;
  /** All events of the window; a page adds its query. */
  readonly asked: Asked;
  readonly setWindow: (window: TimeWindow) => void;
  /** Sets the window's end to this moment. */
  readonly renew: () => void;
}

/** Reads the window of a page from its address. A window that is no time counts as the default. */
export function usePageWindow(search: WindowSearch): PageWindow {
  const navigate = useNavigate();
  return useWindow(search, ({ from, to }) => {
    void navigate({ to: '.', search: (before: object) => ({ ...before, from, to }) });
  });
}

/** The same for a window that is kept elsewhere: `onWindow` is told what was chosen. */
export function useWindow({ from, to }: WindowSearch, onWindow: (window: TimeWindow) => void): PageWindow {
  const { zone } = usePreferences();
  const [now, setNow] = useState(Date.now);
  const window: TimeWindow = useMemo(
    () => ({ from: from ?? defaultWindow.from, to: to ?? defaultWindow.to }),
    [from, to],
  );
  const asked = useMemo((): Asked => {
    try {
      return { q: '', zone, ...boundsOf(window, zone, now) };
    } catch {
      return { q: '', zone, ...boundsOf(defaultWindow, zone, now) };
    }
  }, [window, zone, now]);
  return {
    window,
    zone,
    asked,
    setWindow: (next) => {
      setNow(Date.now());
      onWindow(next);
    },
    renew: () => setNow(Date.now()),
  };
}
