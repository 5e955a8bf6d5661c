import * as v from 'valibot';
import { content, type ProfileContent } from './fleet-profile-content.ts';
import { address, request } from './request.ts';

const notice = v.object({
  weight: v.string(),
  code: v.string(),
  field: v.string(),
  sentence: v.string(),
  hint: v.string(),
});
const profile = v.object({
  id: v.string(),
  version: v.number(),
  content,
  createdAt: v.number(),
  updatedAt: v.number(),
  notices: v.array(notice),
});
const profilesSchema = v.object({ profiles: v.array(profile), total: v.number() });
const versionsSchema = v.object({
  versions: v.array(
    v.object({ version: v.number(), createdAt: v.number(), createdBy: v.string(), remark: v.string() }),
  ),
});
const differenceSchema = v.object({
  changes: v.array(v.object({ field: v.string(), before: v.optional(v.unknown()), after: v.optional(v.unknown()) })),
  more: v.number(),
});
/** Schema of a profile that fits a host, and why. */
export const fit = v.object({
  profileId: v.string(),
  name: v.string(),
  priority: v.number(),
  reason: v.picklist(['pinned', 'tag', 'host', 'default']),
  by: v.optional(v.string()),
});
const previewSchema = v.object({
  agents: v.array(
    v.object({
      agentId: v.string(),
      name: v.string(),
      tags: v.array(v.string()),
      state: v.string(),
      gets: v.boolean(),
      fits: v.array(fit),
    }),
  ),
  total: v.number(),
  gets: v.number(),
  overlaps: v.array(v.object({ profileId: v.string(), name: v.string(), priority: v.number(), first: v.boolean() })),
  notices: v.array(notice),
  yaml: v.string(),
});
const counts = v.object({ pending: v.number(), applied: v.number(), refused: v.number() });
const rolloutSchema = v.object({
  agents: v.array(
    v.object({
      agentId: v.string(),
      name: v.string(),
      agentState: v.string(),
      state: v.picklist(['pending', 'applied', 'refused']),
      reason: fit.entries.reason,
      by: v.optional(v.string()),
      follows: v.optional(v.object({ profileId: v.string(), version: v.number() })),
      refused: v.optional(v.object({ code: v.string(), sentence: v.string() })),
      lastSeen: v.optional(v.number()),
      lastEventTime: v.optional(v.number()),
    }),
  ),
  total: v.number(),
  states: counts,
});

/** What agents would refuse, or what is odd. */
export type ProfileNotice = v.InferOutput<typeof notice>;
export type Profile = v.InferOutput<typeof profile>;
export type ProfileVersion = v.InferOutput<typeof versionsSchema>['versions'][number];
export type ProfileDifference = v.InferOutput<typeof differenceSchema>;
export type ProfileFit = v.InferOutput<typeof fit>;
export type ProfilePreview = v.InferOutput<typeof previewSchema>;
/** What became of a profile on the agents that get it. */
export type ProfileRollout = v.InferOutput<typeof rolloutSchema>;
export type RolloutState = ProfileRollout['agents'][number]['state'];
/** Schema of the number of agents per {@link RolloutState}. */
export const rolloutCounts: typeof counts = counts;

const path = (id: string): string => `/profiles/${encodeURIComponent(id)}`;
const ifVersion = (version: number): Readonly<Record<string, string>> => ({ 'if-match': `"${version}"` });

/** Profiles in the order in which they are tried. */
export function getProfiles(
  asked: { readonly search?: string | undefined; readonly offset?: number; readonly limit: number },
  signal?: AbortSignal,
): Promise<v.InferOutput<typeof profilesSchema>> {
  return request('/profiles', profilesSchema, { words: asked, signal });
}

export const getProfile = (id: string, signal?: AbortSignal): Promise<Profile> =>
  request(path(id), profile, { signal });

export const makeProfile = (wanted: ProfileContent): Promise<Profile> =>
  request('/profiles', profile, { method: 'POST', body: wanted });

/** Makes a new version; refused when another one than the version named is the newest. */
export const changeProfile = (id: string, version: number, wanted: ProfileContent): Promise<Profile> =>
  request(path(id), profile, { method: 'PUT', body: wanted, headers: ifVersion(version) });

/** Deletes a profile. One that agents follow is refused, unless they may go to the next that fits. */
export const removeProfile = (id: string, version: number, reassign: boolean): Promise<unknown> =>
  request(path(id), v.unknown(), {
    method: 'DELETE',
    words: reassign ? { reassign: 'true' } : {},
    headers: ifVersion(version),
  });

export const cloneProfile = (id: string, name: string): Promise<Profile> =>
  request(`${path(id)}/clone`, profile, { method: 'POST', body: { name } });

export const importProfile = (yaml: string): Promise<Profile> =>
  request('/profiles/import', profile, { method: 'POST', body: { yaml } });

/** Where the browser gets a profile as YAML. */
export const exportAddress = (id: string): string => address(`${path(id)}/export`);

/** Says what a profile would do; `id` is that of the profile in whose place it is looked at. */
export const previewProfile = (
  wanted: ProfileContent,
  id: string | undefined,
  signal?: AbortSignal,
): Promise<ProfilePreview> =>
  request('/profiles/preview', previewSchema, { method: 'POST', words: { id }, body: wanted, signal });

/** The agents that get a profile, and what became of it on each. */
export const getRollout = (id: string, offset: number, limit: number, signal?: AbortSignal): Promise<ProfileRollout> =>
  request(`${path(id)}/agents`, rolloutSchema, { words: { offset, limit }, signal });

export const getVersions = async (
  id: string,
  offset: number,
  limit: number,
  signal?: AbortSignal,
): Promise<readonly ProfileVersion[]> =>
  (await request(`${path(id)}/versions`, versionsSchema, { words: { offset, limit }, signal })).versions;

export const getDifference = (id: string, from: number, to: number, signal?: AbortSignal): Promise<ProfileDifference> =>
  request(`${path(id)}/difference`, differenceSchema, { words: { from, to }, signal });

export const rollBackProfile = (id: string, current: number, version: number): Promise<Profile> =>
  request(`${path(id)}/roll-back`, profile, { method: 'POST', body: { version }, headers: ifVersion(current) });
