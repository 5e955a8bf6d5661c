import { Type } from 'typebox';
import { type Agent, type Assignable, createAssigner, type Fit } from '#catalog';

/** What became of the profile an agent is to have: not told or not confirmed yet, in use, or refused by the agent. */
export type RolloutState = 'pending' | 'applied' | 'refused';

/** The profile an agent gets, and what became of it. */
export interface Rollout {
  readonly agent: Agent;
  readonly fit: Fit;
  /** Whether it is what the agent was told last, in this version. */
  readonly isTold: boolean;
  readonly state: RolloutState;
}

/** Schema of the number of agents per {@link RolloutState}. */
export const RolloutCounts: Type.TObject<{
  pending: Type.TInteger;
  applied: Type.TInteger;
  refused: Type.TInteger;
}> = Type.Object({ pending: Type.Integer(), applied: Type.Integer(), refused: Type.Integer() });

/** Number of agents per {@link RolloutState}. */
export type RolloutTally = Record<RolloutState, number>;

/**
 * Finds what each agent is to follow now; those that get no profile are left out. An agent that was told something else
 * before, or an older version, has not heard of it yet: whatever it says of that is no word on this.
 */
export function rolloutsOf(agents: readonly Agent[], profiles: readonly Assignable[]): readonly Rollout[] {
  const assign = createAssigner(profiles);
  return agents.flatMap((agent): readonly Rollout[] => {
    const fit = assign(agent);
    if (fit === undefined) return [];
    const { profileId, profileVersion, state } = agent.profile;
    const isTold = profileId === fit.profile.id && profileVersion === fit.profile.version;
    return [{ agent, fit, isTold, state: isTold && state !== 'none' ? state : 'pending' }];
  });
}

/** Counts by id of the profile and what became of it; a profile that no agent gets is left out. */
export function tallyRollouts(rollouts: readonly Rollout[]): ReadonlyMap<string, RolloutTally> {
  const tallies = new Map<string, RolloutTally>();
  for (const { fit, state } of rollouts) {
    const tally = tallies.get(fit.profile.id) ?? noRollouts();
    tally[state] += 1;
    tallies.set(fit.profile.id, tally);
  }
  return tallies;
}

/** Makes the tally of a profile that no agent gets. */
export function noRollouts(): RolloutTally {
  return { pending: 0, applied: 0, refused: 0 };
}
