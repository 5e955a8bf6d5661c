import type { QueryClient } from '@tanstack/react-query';
import type { DashboardText } from '../../api/dashboards.ts';
import { createRemoved } from '../../parts/removed.ts';

const dashboards = createRemoved<DashboardText>('dashboard');

/** Remembers what was removed, so that it can be taken back. */
export function keepRemoved(client: QueryClient, removed: DashboardText | null): void {
  dashboards.keep(client, removed);
}

/** What was removed last; null for nothing. */
export function useRemoved(): DashboardText | null {
  return dashboards.useLast();
}
