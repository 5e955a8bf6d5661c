import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { getSystem } from '../api/system.ts';
import { formatAge } from '../parts/format.ts';

const refreshMs = 30_000;
/** Newest event older than this: late; older than the second: silent. In seconds. */
const lateSeconds = 300;
const silentSeconds = 3_600;

/** How far behind the newest event is; leads to System. */
export function LagChip(): ReactNode {
  const { data, isError } = useQuery({
    queryKey: ['system'],
    queryFn: ({ signal }) => getSystem(signal),
    refetchInterval: refreshMs,
  });
  const [state, words] = isError
    ? (['silent', 'server does not answer'] as const)
    : data === undefined
      ? (['good', ''] as const)
      : lagOf(data.store.lagSeconds);
  return (
    <Link to="/system" className={`lag ${state}`} title="How old the newest event is">
      <span className="mark" aria-hidden="true">
        {marks[state]}
      </span>
      {words}
    </Link>
  );
}

const marks = { good: '●', late: '◐', silent: '■' } as const;

function lagOf(seconds: number | undefined): readonly [state: keyof typeof marks, words: string] {
  if (seconds === undefined) return ['late', 'no events yet'];
  if (seconds <= lateSeconds) return ['good', `lag ${formatAge(seconds)}`];
  return [seconds > silentSeconds ? 'silent' : 'late', `newest event ${formatAge(seconds)} old`];
}
