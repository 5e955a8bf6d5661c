import type { ReactNode } from 'react';
import { ProblemLine } from './problem-line.tsx';
import { Bones, Failure } from './states.tsx';

/** What was asked for, as far as it is there. */
export interface Asked<T> {
  readonly data: T | undefined;
  readonly error: Error | null;
  readonly refetch: () => unknown;
}

/**
 * What was asked for, once it is there. That a later look at it failed is told above it, and takes nothing away: somebody
 * may be reading it, or writing into it.
 */
export function Loaded<T>({
  asked: { data, error, refetch },
  what,
  rows,
  children,
}: {
  readonly asked: Asked<T>;
  /** What could not be done, as it reads before the reason. */
  readonly what: string;
  /** Lines that stand there until it comes. */
  readonly rows: number;
  readonly children: (data: T) => ReactNode;
}): ReactNode {
  if (data === undefined) {
    return error === null ? <Bones rows={rows} /> : <Failure error={error} what={what} retry={() => void refetch()} />;
  }
  return (
    <>
      <ProblemLine error={error} />
      {children(data)}
    </>
  );
}
