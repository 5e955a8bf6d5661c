import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Label } from '#event';
import type { EventLabels } from '../../api/event-value.ts';
import { type Asked, countOverTime, searchEvents } from '../../api/events.ts';

const pageRows = 200;
/** Rows kept on the page; whoever needs more narrows the window or exports. */
export const rowsMax = 20_000;
const bucketsWanted = 120;
/** Labels every row needs, whatever its columns. */
const rowLabels: readonly Label[] = ['eventId', 'eventTime', 'eventNanos', 'sessionKey'];

/** The rows that match, page by page. */
export interface SearchResult {
  readonly rows: readonly EventLabels[];
  readonly pending: boolean;
  readonly fetching: boolean;
  readonly error: Error | null;
  readonly hasMore: boolean;
  readonly isFull: boolean;
  /** Milliseconds from question to first page. */
  readonly tookMs: number | undefined;
  readonly more: () => void;
  readonly retry: () => void;
}

/** Asks for the events that match, a page at a time. */
export function useSearch(asked: Asked, sort: string, columns: readonly Label[], enabled: boolean): SearchResult {
  const fields = useMemo(() => [...new Set([...rowLabels, ...columns])].sort(), [columns]);
  const query = useInfiniteQuery({
    queryKey: ['hunt', 'rows', asked, sort, fields],
    queryFn: async ({ pageParam, signal }) => {
      const start = performance.now();
      const page = await searchEvents({ ...asked, sort, fields, limit: pageRows, cursor: pageParam }, signal);
      return { ...page, tookMs: performance.now() - start };
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { data, hasNextPage, isFetching, isFetchingNextPage, fetchNextPage } = query;
  const rows = useMemo(() => data?.pages.flatMap(({ events }) => events) ?? [], [data]);
  const isFull = rows.length >= rowsMax;
  return {
    rows,
    pending: query.isPending && enabled,
    fetching: isFetching && !isFetchingNextPage,
    error: query.error,
    hasMore: hasNextPage,
    isFull,
    tookMs: data?.pages[0]?.tookMs,
    more: () => {
      if (hasNextPage && !isFetching && !isFull) void fetchNextPage();
    },
    retry: () => void query.refetch(),
  };
}

/** Asks how the events that match lie in time. */
export function useOverTime(asked: Asked, by: 'outcome' | 'eventCategory', enabled: boolean) {
  return useQuery({
    queryKey: ['hunt', 'histogram', asked, by],
    queryFn: ({ signal }) => countOverTime({ ...asked, by, buckets: bucketsWanted }, signal),
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
