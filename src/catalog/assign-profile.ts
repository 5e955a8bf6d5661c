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

/** What a profile says of hosts, ready to be asked for many of them. */
interface HostRule {
  /** Whether a host fits, and by what. */
  readonly fit: (host: Host) => { reason: 'tag' | 'host'; by: string } | undefined;
  readonly excludes: (host: Host) => boolean;
}

/** Tags of a host, and its name as names are compared. */
interface Host {
  readonly tags: readonly string[];
  readonly foldedName: string;
}

/** Whether a host fits what a profile says of hosts, and by what. */
export function fitAssets(assets: ProfileAssets, asset: Asset): { reason: 'tag' | 'host'; by: string } | undefined {
  return ruleOf(assets).fit(hostOf(asset));
}

function hostOf({ tags, name }: Asset): Host {
  return { tags, foldedName: foldName(name) };
}

function ruleOf({ tags, hosts, excludeTags, excludeHosts }: ProfileAssets): HostRule {
  // Most hosts are decided by their tags.
  let wanted: readonly { readonly pattern: string; readonly matches: NameMatcher }[] | undefined;
  const unwanted = excludeHosts.map(createNameMatcher);
  function excludes(host: Host): boolean {
    return excludeTags.some((tag) => host.tags.includes(tag)) || unwanted.some((matches) => matches(host.foldedName));
  }
  return {
    excludes,
    fit(host) {
      if (excludes(host)) return undefined;
      const tag = tags.find((one) => host.tags.includes(one));
      if (tag !== undefined) return { reason: 'tag', by: tag };
      wanted ??= hosts.map((pattern) => ({ pattern, matches: createNameMatcher(pattern) }));
      const name = wanted.find(({ matches }) => matches(host.foldedName));
      return name === undefined ? undefined : { reason: 'host', by: name.pattern };
    },
  };
}

/** All enabled profiles that fit an agent; the first is the one it gets. */
export function fitsOf(asset: Asset, profiles: readonly Assignable[]): readonly Fit[] {
  return [...fitsAmong(asset, enabledOf(profiles))].sort((one, other) => {
    if (one.reason === 'pinned' || other.reason === 'pinned') return one.reason === 'pinned' ? -1 : 1;
    return compareProfiles(one.profile.content, other.profile.content);
  });
}

/** Makes what finds the profile an agent gets, for many agents: the profiles are put in order once. */
export function createAssigner(profiles: readonly Assignable[]): (asset: Asset) => Fit | undefined {
  const enabled = enabledOf(profiles);
  // Of several for whoever has no other, the first that is given counts.
  const defaults = enabled.filter(({ profile }) => profile.content.isDefault);
  enabled.sort((one, other) => compareProfiles(one.profile.content, other.profile.content));
  return (asset) => fitsAmong(asset, enabled, defaults).next().value ?? undefined;
}

interface RuledProfile {
  readonly profile: Assignable;
  readonly rule: HostRule;
}

function enabledOf(profiles: readonly Assignable[]): RuledProfile[] {
  return profiles
    .filter(({ content }) => content.enabled)
    .map((profile) => ({ profile, rule: ruleOf(profile.content.assets) }));
}

/** What fits, in the order in which the profiles are given; one for whoever has no other only when nothing does. */
function* fitsAmong(
  asset: Asset,
  enabled: readonly RuledProfile[],
  defaults: readonly RuledProfile[] = enabled.filter(({ profile }) => profile.content.isDefault),
): Generator<Fit, void> {
  const host = hostOf(asset);
  const { pinnedProfileId } = asset;
  const pinned = pinnedProfileId === undefined ? [] : enabled.filter(({ profile }) => profile.id === pinnedProfileId);
  for (const { profile } of pinned) yield { profile, reason: 'pinned' };
  let found = pinned.length > 0;
  for (const { profile, rule } of enabled) {
    if (profile.id === pinnedProfileId) continue;
    const fit = rule.fit(host);
    if (fit === undefined) continue;
    found = true;
    yield { profile, ...fit };
  }
  if (found) return;
  const fallback = defaults.find(({ rule }) => !rule.excludes(host));
  if (fallback !== undefined) yield { profile: fallback.profile, reason: 'default' };
}

/** Order in which profiles are tried: priority, then name. */
export function compareProfiles(one: ProfileContent, other: ProfileContent): number {
  if (one.priority !== other.priority) return one.priority - other.priority;
  const [a, b] = [foldName(one.name), foldName(other.name)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Compares a name with a pattern in which `*` stands for any characters; in time linear in both for each star. */
export function matchesHost(pattern: string, name: string): boolean {
  return createNameMatcher(pattern)(foldName(name));
}

type NameMatcher = (foldedName: string) => boolean;

/** Makes the comparison of folded names with a pattern; see {@link matchesHost}. */
function createNameMatcher(pattern: string): NameMatcher {
  const [first = '', ...others] = foldName(pattern).split('*');
  if (others.length === 0) return (text) => text === first;
  const last = others.pop() ?? '';
  return (text) => {
    if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
    let at = first.length;
    const end = text.length - last.length;
    for (const part of others) {
      const found = text.indexOf(part, at);
      if (found === -1 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}
