import type { ReactNode } from 'react';
import type { AgentState } from '../../api/fleet-agents.ts';
import { Mark } from '../../parts/outcome.tsx';

/** The states of agents, in the order in which they are chosen from. */
export const agentStates: readonly (readonly [state: AgentState, word: string, outcome: string, about: string])[] = [
  ['active', 'active', 'success', 'Heard of in the last 90 seconds.'],
  ['silent', 'silent', 'failure', 'Not heard of for more than 90 seconds.'],
  ['never-heard', 'never heard', 'pending', 'Enrolled a moment ago, and has not spoken yet.'],
  ['revoked', 'un-enrolled', 'unknown', 'Its key is refused.'],
];

/** How an agent is. */
export function AgentStateWord({ state }: { readonly state: AgentState }): ReactNode {
  const [, word = state, outcome = 'unknown', about = ''] = agentStates.find(([one]) => one === state) ?? [];
  return (
    <Mark outcome={outcome} title={about}>
      {word}
    </Mark>
  );
}
