import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Label } from '#event';
import { check, parse } from '#query';
import type { Asked } from '../../api/events.ts';
import { isKnownZone, usePreferences } from '../../parts/preferences.tsx';
import { type Bounds, boundsOf, defaultWindow, type TimeWindow } from '../../query/time-window.ts';
import { type HuntSearch, readHuntSearch } from '../../search-state.ts';
import { type Column, readColumns } from './columns.ts';
import { noteRecent } from './recent-queries.ts';

/** A change of the address; what is undefined leaves it. */
export type HuntChange = { readonly [K in keyof HuntSearch]?: HuntSearch[K] | undefined };

/** A hunt as the page knows it. */
export interface Hunt {
  /** What is asked, at the moment it was asked. */
  readonly asked: Asked;
  readonly window: TimeWindow;
  readonly zone: string;
  readonly columns: readonly Column[];
  readonly columnLabels: readonly Label[];
  readonly sort: string;
  readonly density: 'compact' | 'comfortable';
  readonly by: 'outcome' | 'eventCategory';
  readonly live: boolean;
  /** Whether query and window can be asked. */
  readonly valid: boolean;
  readonly windowProblem: string | undefined;
  /** The query being typed. */
  readonly draft: string;
  readonly setDraft: (text: string) => void;
  readonly run: (text: string) => void;
  /** Changes the query and runs it. */
  readonly refine: (how: (query: string) => string) => void;
  readonly change: (parts: HuntChange, options?: ChangeOptions) => void;
}

interface ChangeOptions {
  /** No step back to the state before. */
  readonly replace?: boolean;
}

/** The state of a hunt: what the address says, the query being typed, and the moment of asking. */
export function useHunt(address: HuntSearch): Hunt {
  const navigate = useNavigate({ from: '/hunt' });
  const preferences = usePreferences();
  const q = address.q ?? '';
  const zone = address.zone !== undefined && isKnownZone(address.zone) ? address.zone : preferences.zone;
  const from = address.from ?? defaultWindow.from;
  const to = address.to ?? defaultWindow.to;
  const [draft, setDraft] = useState(q);
  const [now, setNow] = useState(Date.now);
  const columns = useMemo(() => readColumns(address.columns), [address.columns]);
  const columnLabels = useMemo(() => columns.map(({ label }) => label), [columns]);

  // Whoever comes back by the browser's arrows sees the query that was run.
  useEffect(() => setDraft(q), [q]);

  const change = useCallback(
    (parts: HuntChange, options: ChangeOptions = {}) => {
      void navigate({
        search: (before) => {
          const merged = { ...before, ...parts };
          return readHuntSearch(merged);
        },
        replace: options.replace === true,
      });
    },
    [navigate],
  );
  const run = useCallback(
    (text: string) => {
      setDraft(text);
      setNow(Date.now());
      noteRecent(text);
      change({ q: text.trim() === '' ? undefined : text.trim(), event: undefined });
    },
    [change],
  );
  const latest = useRef(q);
  latest.current = q;
  const refine = useCallback((how: (query: string) => string) => run(how(latest.current)), [run]);

  const [bounds, windowProblem] = useMemo((): readonly [Bounds, string | undefined] => {
    try {
      return [boundsOf({ from, to }, zone, now), undefined];
    } catch (thrown) {
      return [{ from: undefined, to: undefined }, thrown instanceof Error ? thrown.message : 'The window is no time.'];
    }
  }, [from, to, zone, now]);
  const valid = useMemo(
    () => windowProblem === undefined && check(parse(q), { now, zone }).kind === 'condition',
    [q, now, zone, windowProblem],
  );
  const asked: Asked = useMemo(() => ({ q, zone, from: bounds.from, to: bounds.to }), [q, zone, bounds]);
  const window: TimeWindow = useMemo(() => ({ from, to }), [from, to]);
  const density: 'compact' | 'comfortable' = address.density ?? 'compact';
  const by: 'outcome' | 'eventCategory' = address.by ?? 'outcome';
  return {
    asked,
    window,
    zone,
    columns,
    columnLabels,
    sort: address.sort ?? '-eventTime',
    density,
    by,
    live: address.live === '1',
    valid,
    windowProblem,
    draft,
    setDraft,
    run,
    refine,
    change,
  };
}
