import type { ReactNode } from 'react';
import { asProblem } from '../api/problem.ts';

/** What failed and what to do, in a line beside what was tried; nothing when nothing failed. */
export function ProblemLine({
  error,
  children,
}: {
  readonly error: unknown;
  readonly children?: ReactNode;
}): ReactNode {
  if (error === null || error === undefined) return null;
  const { message, hint } = asProblem(error);
  return (
    <p role="alert" className="outcome-denied">
      {message} {hint}
      {children}
    </p>
  );
}
