import type { ReactNode } from 'react';
import type { RolloutState } from '../../api/fleet-profiles.ts';
import { formatCount } from '../../parts/format.ts';
import { Mark } from '../../parts/outcome.tsx';
import { profileStates } from '../../parts/profile-state.tsx';

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
    const [outcome, word] = profileStates[state];
    return (
      <Mark key={state} outcome={outcome}>
        {formatCount(counts?.[state] ?? 0)} {word}{' '}
      </Mark>
    );
  });
}
