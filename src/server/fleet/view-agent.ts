import { Type } from 'typebox';
import type { Agent, Fit, StoredProfile } from '#catalog';

/** An agent in answers. Times are epoch milliseconds. */
export const AgentBody: Type.TUnsafe<AgentView> = Type.Unsafe<AgentView>({
  type: 'object',
  additionalProperties: true,
  description:
    'An agent: id, host, addresses, tags, state (active, silent, never-heard, revoked), lag, spool, clock offset, and what became of its profile (none, pending, applied, refused), which is named in profileName. Times are epoch milliseconds.',
});

/** See {@link AgentBody}. */
export interface AgentView extends Omit<Agent, 'machineId'> {
  /** Name of the profile it was told last; absent with the profile. */
  readonly profileName?: string;
  /** Name of the profile given by hand. */
  readonly pinnedProfileName?: string;
}

/** An agent as answers show it, its profiles by name, too; absent values are left out. */
export function viewAgent({ machineId: _, ...agent }: Agent, profiles: readonly StoredProfile[]): AgentView {
  const profileName = nameOfProfile(profiles, agent.profile.profileId);
  const pinnedProfileName = nameOfProfile(profiles, agent.pinnedProfileId);
  return {
    ...agent,
    ...(profileName === undefined ? {} : { profileName }),
    ...(pinnedProfileName === undefined ? {} : { pinnedProfileName }),
  };
}

/** Name of a profile; undefined for none, and for one that is gone. */
export function nameOfProfile(profiles: readonly StoredProfile[], id: string | undefined): string | undefined {
  return id === undefined ? undefined : profiles.find((one) => one.id === id)?.content.name;
}

/** A profile that fits an agent, in answers. */
export interface FitView {
  readonly profileId: string;
  readonly name: string;
  readonly priority: number;
  readonly reason: Fit['reason'];
  readonly by?: string;
}

/** See {@link FitView}. */
export function viewFit({ profile, reason, by }: Fit): FitView {
  const { name, priority } = profile.content;
  return { profileId: profile.id, name, priority, reason, ...(by === undefined ? {} : { by }) };
}
