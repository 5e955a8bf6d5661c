import type { Catalog, Told } from '#catalog';
import { type SignedProfile, signProfile } from '#delivery';
import type { FleetLog } from './fleet-log.ts';
import type { ProfileBook } from './profile-book.ts';

/** What telling needs. */
export interface TellParts {
  readonly catalog: Catalog;
  readonly profiles: ProfileBook;
  readonly fleet: FleetLog;
  readonly clock: () => number;
}

/** Finds what an agent is to be told; when that changed, it is an event of the fleet. Gives the changes it is as of, too. */
export async function whatToTell(
  agentId: string,
  { catalog, profiles, fleet, clock }: TellParts,
): Promise<Told & { readonly changes: number }> {
  const { changes, profiles: all } = await profiles.current();
  const told = await catalog.book.tell(agentId, all);
  if (told.changed !== undefined) {
    const agent = await catalog.agents.get(agentId);
    const profile = told.fit?.profile;
    fleet.note({
      kind: 'profile-changed',
      key: `profile-changed ${agentId} ${told.revision}`,
      time: clock(),
      agentId,
      host: agent.name,
      version: agent.version,
      message:
        profile === undefined
          ? `The agent on ${agent.name} has no profile any more.`
          : `The agent on ${agent.name} is to follow "${profile.content.name}", version ${profile.version}.`,
      details: {
        revision: told.revision,
        from: told.changed.fromProfileId,
        profileId: profile?.id,
        profileVersion: profile?.version,
        reason: told.fit?.reason,
      },
    });
  }
  return { ...told, changes };
}

/** Signs what an agent is told. */
export function signFor(agentId: string, { revision, fit }: Told, { catalog, clock }: TellParts): SignedProfile {
  const { serverId, key } = catalog.identity;
  const profile = fit?.profile;
  return signProfile(
    {
      serverId,
      audience: agentId,
      revision,
      issuedAt: clock(),
      profileId: profile?.id ?? '',
      profileName: profile?.content.name ?? '',
      profileVersion: profile?.version ?? 0,
      profile: profile?.content.profile ?? null,
    },
    key,
  );
}
