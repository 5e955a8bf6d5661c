import { type QueryClient, useQuery } from '@tanstack/react-query';
import type { DashboardText } from '../../api/dashboards.ts';

/** What was just removed stays in this tab until it is taken back or something else is removed. */
const queryKey = ['removed-dashboard'];

/** Remembers what was removed, so that it can be taken back. */
export function keepRemoved(client: QueryClient, removed: DashboardText | null): void {
  client.setQueryData(queryKey, removed);
}

/** What was removed last; null for nothing. */
export function useRemoved(): DashboardText | null {
  const { data } = useQuery<DashboardText | null>({
    queryKey,
    queryFn: () => null,
    initialData: null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
  return data;
}
