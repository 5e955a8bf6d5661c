import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { Asked } from '../../api/events.ts';
import { findNewSources, type NewSources } from './new-sources.ts';

/** What is new in a window; asked once for all who show it. */
export function useNewSources(asked: Asked): UseQueryResult<NewSources> {
  return useQuery({
    queryKey: ['overview', 'new-sources', asked],
    queryFn: ({ signal }) => findNewSources(asked, signal),
  });
}
