import type { ReactNode } from 'react';
import type { RolloutState } from '../../api/fleet-profiles.ts';
import { formatCount } from '../../parts/format.ts';

/** How each state is drawn, and what it is called. */
export const rolloutWords: Readonly<Record<RolloutState, readonly [style: string, mark: string, word: string]>> = {
  applied: ['outcome-success', '●', 'applied'],
  pending: ['outcome-pending', '◌', 'pending'],
  refused: ['outcome-denied', '■', 'refused'],
};
const order: readonly RolloutState[] = ['applied', 'pending', 'refused'];

/** What became of a profile on its agents, as numbers. */
export function RolloutNumbers({
  counts,
}: {
  readonly counts: Readonly<Record<RolloutState, number>> | undefined;
}): ReactNode {
  const some = order.filter((state) => (counts?.[state] ?? 0) > 0);
  if (some.length === 0) return <span className="muted">none</span>;
  return some.map((state) => {
    const [style, mark, word] = rolloutWords[state];
    return (
      <span key={state} className={`outcome ${style}`}>
        <span className="mark" aria-hidden="true">
          {mark}
        </span>
        {formatCount(counts?.[state] ?? 0)} {word}{' '}
      </span>
    );
  });
}

/** What became of it on one. */
export function RolloutWord({ state }: { readonly state: RolloutState }): ReactNode {
  const [style, mark, word] = rolloutWords[state];
  return (
    <span className={`outcome ${style}`}>
      <span className="mark" aria-hidden="true">
        {mark}
      </span>
      {word}
    </span>
  );
}
