import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { checkDashboard, type Dashboard, type DashboardProblem } from '../../api/dashboards.ts';

/** The text is read by the server once nobody has typed for this long. */
const patienceMs = 350;
const none: readonly DashboardProblem[] = [];

/** What the server says of a text. */
interface Checked {
  /** What is wrong with the text as it is now; none while that is not known. */
  readonly problems: readonly DashboardProblem[];
  /** The last text that was a dashboard. */
  readonly dashboard: Dashboard | undefined;
  readonly error: Error | null;
  readonly isPending: boolean;
}

/** What the server says of the text, once it has come to rest. */
export function useChecked(text: string): Checked {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), patienceMs);
    return () => clearTimeout(timer);
  }, [text]);
  const { data, error, isPending } = useQuery({
    queryKey: ['dashboard-check', settled],
    queryFn: ({ signal }) => checkDashboard({ yaml: settled }, signal),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });
  const dashboard = useLast(data?.dashboard);
  return { problems: data?.yaml === text ? data.problems : none, dashboard, error, isPending };
}

/** The last value that was one. */
function useLast<T>(value: T | undefined): T | undefined {
  const last = useRef(value);
  if (value !== undefined) last.current = value;
  return value ?? last.current;
}
