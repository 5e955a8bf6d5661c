import { Type } from 'typebox';
import { type Agent, type Fit, fitsOf, type StoredProfile } from '#catalog';

/** What became of the profile an agent is to have: not told or not confirmed yet, in use, or refused by the agent. */
export type RolloutState = 'pending' | 'applied' | 'refused';

/** The profile an agent gets, and what became of it. */
export interface Rollout {
  readonly fit: Fit;
  readonly state: RolloutState;
}

/** Schema of the number of agents per {@link RolloutState}. */
export const RolloutCounts: Type.TObject<{
  pending: Type.TInteger;
  applied: Type.TInteger;
  refused: Type.TInteger;
}> = Type.Object({ pending: Type.Integer(), applied: Type.Integer(), refused: Type.Integer() });

/**
 * Finds what an agent is to follow now. An agent that was told something else before, or an older version, has not heard of
 * it yet: whatever it says of that is no word on this.
 */
export function rolloutOf(agent: Agent, profiles: readonly StoredProfile[]): Rollout | undefined {
  const [fit] = fitsOf(agent, profiles);
  if (fit === undefined) return undefined;
  const { profileId, profileVersion, state } = agent.profile;
  const isTold = profileId === fit.profile.id && profileVersion === fit.profile.version;
  return { fit, state: isTold && state !== 'none' ? state : 'pending' };
}

/** Counts the agents of each profile by what became of it; a profile that no agent gets is left out. */
export function countRollouts(
  agents: readonly Agent[],
  profiles: readonly StoredProfile[],
): Record<string, Record<RolloutState, number>> {
  const counts: Record<string, Record<RolloutState, number>> = {};
  for (const agent of agents) {
    const rollout = rolloutOf(agent, profiles);
    if (rollout === undefined) continue;
    const { id } = rollout.fit.profile;
    const own = counts[id] ?? { pending: 0, applied: 0, refused: 0 };
    own[rollout.state] += 1;
    counts[id] = own;
  }
  return counts;
}
