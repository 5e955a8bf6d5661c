import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Bones, Empty, Failure } from '../../parts/states.tsx';

/** What a widget shows: bones, what failed, that nothing is there, or what came. */
export function WidgetBody<T>({
  query,
  rows = 4,
  isEmpty,
  children,
}: {
  readonly query: UseQueryResult<T, Error>;
  readonly rows?: number;
  readonly isEmpty: (data: T) => boolean;
  readonly children: (data: T) => ReactNode;
}): ReactNode {
  const { data, error, refetch, isPlaceholderData } = query;
  if (error !== null) return <Failure error={error} what="This cannot be shown" retry={() => void refetch()} />;
  if (data === undefined) return <Bones rows={rows} />;
  return (
    <div className={isPlaceholderData ? 'widget-body renewing' : 'widget-body'} aria-busy={isPlaceholderData}>
      {isEmpty(data) ? <Empty title="Nothing of this in the window." /> : children(data)}
    </div>
  );
}
