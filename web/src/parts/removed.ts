import { type QueryClient, useQuery } from '@tanstack/react-query';

/** What was removed last of one kind, wherever that was done: so that the list of that kind can offer to take it back. */
export interface Removed<T> {
  /** Remembers what was removed; null forgets it. */
  keep(client: QueryClient, removed: T | null): void;
  /** What was removed last; null for nothing. */
  useLast(): T | null;
}

/** Remembers in this tab, until somebody else signs in, it is taken back, or something else of the kind is removed. */
export function createRemoved<T>(kind: string): Removed<T> {
  const queryKey = ['removed', kind];
  return {
    keep: (client, removed) => {
      client.setQueryData(queryKey, removed);
    },
    useLast: () =>
      useQuery<T | null>({
        queryKey,
        queryFn: () => null,
        initialData: null,
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: Number.POSITIVE_INFINITY,
      }).data ?? null,
  };
}
