import type { ReactNode } from 'react';
import type { Agent } from '../api/fleet-agents.ts';
import { Mark } from './outcome.tsx';

/** What became of a profile on an agent: the outcome it looks like, and its word. */
export const profileStates: Readonly<Record<Agent['profile']['state'], readonly [outcome: string, word: string]>> = {
  applied: ['success', 'applied'],
  pending: ['pending', 'pending'],
  refused: ['denied', 'refused'],
  none: ['unknown', 'no profile'],
};

/** What became of the profile an agent was told to follow. */
export function ProfileStateWord({ state }: { readonly state: Agent['profile']['state'] }): ReactNode {
  const [outcome, word] = profileStates[state];
  return <Mark outcome={outcome}>{word}</Mark>;
}
