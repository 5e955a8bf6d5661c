import { useQuery } from '@tanstack/react-query';
import * as v from 'valibot';
import { request } from '../../api/request.ts';
import type { ReadableSource } from './profile-draft.ts';

const schema = v.object({
  sources: v.array(
    v.object({
      id: v.string(),
      product: v.string(),
      logs: v.array(v.object({ name: v.string(), about: v.string(), usualPaths: v.array(v.string()) })),
    }),
  ),
});

/** The data sources that agents can read. */
export function useReadableSources(): {
  readonly sources: readonly ReadableSource[] | undefined;
  readonly error: Error | null;
  readonly retry: () => void;
} {
  const { data, error, refetch } = useQuery({
    queryKey: ['readable-sources'],
    queryFn: async ({ signal }) =>
      (await request('/sources', schema, { signal })).sources.filter(({ logs }) => logs.length > 0),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return { sources: data, error, retry: () => void refetch() };
}
