import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { asProblem } from '../api/problem.ts';

const boneWidths = [92, 78, 85, 64, 88, 72, 80, 60];

/** What stands where data will be, so that nothing jumps when it comes. */
export function Bones({ rows = 5, label = 'Loading' }: { readonly rows?: number; readonly label?: string }): ReactNode {
  return (
    <div className="bones" role="status" aria-label={label}>
      {boneWidths.slice(0, rows).map((width) => (
        <svg key={width} className="bone" width={`${width}%`} height="14" aria-hidden="true" />
      ))}
    </div>
  );
}

/** What failed, why, and what to do. */
export function Failure({
  error,
  what,
  retry,
}: {
  readonly error: unknown;
  /** What could not be done, as it reads before the reason. */
  readonly what: string;
  readonly retry?: (() => void) | undefined;
}): ReactNode {
  const problem = asProblem(error);
  return (
    <div className="state" role="alert">
      <h2>{what}</h2>
      <p>
        {problem.message} <span className="muted">{problem.hint}</span>
      </p>
      {retry !== undefined && (
        <Button variant="default" size="xs" onClick={retry}>
          Try again
        </Button>
      )}
      <p className="code">
        {problem.code}
        {problem.requestId === undefined ? '' : ` · request ${problem.requestId}`}
      </p>
    </div>
  );
}

/** What will be here, and the one thing to do. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }): ReactNode {
  return (
    <div className="state">
      <h2>{title}</h2>
      {children}
    </div>
  );
}
