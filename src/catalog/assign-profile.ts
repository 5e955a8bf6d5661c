import { foldName } from './json-columns.ts';
import type { ProfileAssets, ProfileContent } from './profile-content.ts';

/** What of an agent decides on its profile. */
export interface Asset {
  readonly name: string;
  readonly tags: readonly string[];
  /** Profile it was given in the place of the one that fits. */
  readonly pinnedProfileId?: string | undefined;
}

/** A profile that can be assigned. */
export interface Assignable {
  readonly id: string;
  readonly version: number;
  readonly content: ProfileContent;
}

/** Why a profile fits an agent. */
export type FitReason = 'pinned' | 'tag' | 'host' | 'default';

/** A profile that fits. */
export interface Fit {
  readonly profile: Assignable;
  readonly reason: FitReason;
  /** The tag or name pattern that fits. */
  readonly by?: string;
}

/** Whether a host fits what a profile says of hosts, and by what. */
export function fitAssets(assets: ProfileAssets, asset: Asset): { reason: 'tag' | 'host'; by: string } | undefined {
  if (assets.excludeTags.some((tag) => asset.tags.includes(tag))) return undefined;
  if (assets.excludeHosts.some((pattern) => matchesHost(pattern, asset.name))) return undefined;
  const tag = assets.tags.find((one) => asset.tags.includes(one));
  if (tag !== undefined) return { reason: 'tag', by: tag };
  const host = assets.hosts.find((pattern) => matchesHost(pattern, asset.name));
  return host === undefined ? undefined : { reason: 'host', by: host };
}

/** All enabled profiles that fit an agent; the first is the one it gets. */
export function fitsOf(asset: Asset, profiles: readonly Assignable[]): readonly Fit[] {
  return [...fitsAmong(asset, enabledOf(profiles))];
}

/** Makes what finds the profile an agent gets, for many agents: the profiles are put in order once. */
export function createAssigner(profiles: readonly Assignable[]): (asset: Asset) => Fit | undefined {
  const enabled = enabledOf(profiles);
  return (asset) => fitsAmong(asset, enabled).next().value ?? undefined;
}

/** Enabled profiles in the order in which they are tried, and those that are for whoever has no other. */
interface EnabledProfiles {
  readonly ordered: readonly Assignable[];
  readonly defaults: readonly Assignable[];
}

function enabledOf(profiles: readonly Assignable[]): EnabledProfiles {
  const enabled = profiles.filter(({ content }) => content.enabled);
  return {
    ordered: enabled.toSorted((one, other) => compareProfiles(one.content, other.content)),
    defaults: enabled.filter(({ content }) => content.isDefault),
  };
}

function* fitsAmong(asset: Asset, { ordered, defaults }: EnabledProfiles): Generator<Fit, void> {
  let found = false;
  const { pinnedProfileId } = asset;
  if (pinnedProfileId !== undefined) {
    for (const profile of ordered) {
      if (profile.id !== pinnedProfileId) continue;
      found = true;
      yield { profile, reason: 'pinned' };
    }
  }
  for (const profile of ordered) {
    if (profile.id === pinnedProfileId) continue;
    const fit = fitAssets(profile.content.assets, asset);
    if (fit === undefined) continue;
    found = true;
    yield { profile, ...fit };
  }
  if (found) return;
  const fallback = defaults.find(({ content }) => !isExcluded(content.assets, asset));
  if (fallback !== undefined) yield { profile: fallback, reason: 'default' };
}

/** Order in which profiles are tried: priority, then name. */
export function compareProfiles(one: ProfileContent, other: ProfileContent): number {
  if (one.priority !== other.priority) return one.priority - other.priority;
  const [a, b] = [foldName(one.name), foldName(other.name)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function isExcluded(assets: ProfileAssets, asset: Asset): boolean {
  return (
    assets.excludeTags.some((tag) => asset.tags.includes(tag)) ||
    assets.excludeHosts.some((pattern) => matchesHost(pattern, asset.name))
  );
}

/** Compares a name with a pattern in which `*` stands for any characters; in time linear in both for each star. */
export function matchesHost(pattern: string, name: string): boolean {
  const parts = foldName(pattern).split('*');
  const text = foldName(name);
  const [first = '', ...others] = parts;
  if (others.length === 0) return text === first;
  const last = others.pop() ?? '';
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
  let at = first.length;
  const end = text.length - last.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
