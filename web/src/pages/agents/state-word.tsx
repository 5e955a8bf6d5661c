import type { ReactNode } from 'react';
import type { Agent, AgentState } from '../../api/fleet-agents.ts';

const words: Readonly<Record<AgentState, readonly [style: string, mark: string, word: string, about: string]>> = {
  active: ['outcome-success', '●', 'active', 'Heard of in the last 90 seconds.'],
  silent: ['outcome-failure', '▲', 'silent', 'Not heard of for more than 90 seconds.'],
  'never-heard': ['outcome-pending', '◌', 'never heard', 'Enrolled a moment ago, and has not spoken yet.'],
  revoked: ['outcome-unknown', '○', 'un-enrolled', 'Its key is refused.'],
};

/** The states, in the order in which they are chosen from. */
export const agentStates: readonly (readonly [state: AgentState, word: string])[] = [
  ['active', 'active'],
  ['silent', 'silent'],
  ['never-heard', 'never heard'],
  ['revoked', 'un-enrolled'],
];

/** How an agent is. */
export function AgentStateWord({ state }: { readonly state: AgentState }): ReactNode {
  const [style, mark, word, about] = words[state];
  return (
    <span className={`outcome ${style}`} title={about}>
      <span className="mark" aria-hidden="true">
        {mark}
      </span>
      {word}
    </span>
  );
}

const profileWords: Readonly<Record<Agent['profile']['state'], readonly [style: string, mark: string, word: string]>> =
  {
    applied: ['outcome-success', '●', 'applied'],
    pending: ['outcome-pending', '◌', 'pending'],
    refused: ['outcome-denied', '■', 'refused'],
    none: ['outcome-unknown', '○', 'no profile'],
  };

/** What became of the profile an agent was told to follow. */
export function ProfileStateWord({ state }: { readonly state: Agent['profile']['state'] }): ReactNode {
  const [style, mark, word] = profileWords[state];
  return (
    <span className={`outcome ${style}`}>
      <span className="mark" aria-hidden="true">
        {mark}
      </span>
      {word}
    </span>
  );
}
