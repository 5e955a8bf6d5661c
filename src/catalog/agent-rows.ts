import type { Selectable } from 'kysely';
import { type AgentStatus, AgentStatusSchema, checkMessage, silentSeconds } from '#delivery';
import { AppError } from '#error';
import type { Asset } from './assign-profile.ts';
import { readJson, readTexts } from './json-columns.ts';
import type { AgentTable } from './tables.ts';

/** How an agent is. */
export type AgentState = 'active' | 'silent' | 'never-heard' | 'revoked';

/** What became of the profile an agent was told to follow. */
export type ProfileState = 'none' | 'pending' | 'applied' | 'refused';

/** An agent, as the catalog knows it. Times are epoch milliseconds. */
export interface Agent {
  readonly id: string;
  /** Name of its host. */
  readonly name: string;
  readonly machineId: string;
  readonly os: string;
  readonly kernel: string;
  readonly arch: string;
  readonly addresses: readonly string[];
  readonly version: string;
  /** All tags: those of its own configuration, and those given here. */
  readonly tags: readonly string[];
  readonly ownTags: readonly string[];
  readonly givenTags: readonly string[];
  readonly pinnedProfileId: string | undefined;
  readonly enrolledAt: number;
  /** Id of the token it was enrolled with. */
  readonly tokenId: string;
  readonly state: AgentState;
  readonly revokedAt: number | undefined;
  readonly revokedReason: string | undefined;
  readonly lastSeen: number | undefined;
  readonly silentSince: number | undefined;
  readonly lastEventTime: number | undefined;
  readonly clockOffsetMs: number;
  readonly lagBytes: number;
  readonly lagSeconds: number;
  readonly spoolBytes: number;
  readonly spoolFull: boolean;
  readonly profile: {
    readonly state: ProfileState;
    /** What the agent was told last. */
    readonly revision: number;
    readonly profileId: string | undefined;
    readonly profileVersion: number;
    readonly appliedRevision: number;
    readonly refusedCode: string | undefined;
    readonly refusedSentence: string | undefined;
  };
}

type Row = Selectable<AgentTable>;

/** Makes an agent of its row. */
export function agentOf(row: Row, now: number): Agent {
  const ownTags = readTexts(row.own_tags);
  const givenTags = readTexts(row.given_tags);
  return {
    id: row.id,
    name: row.name,
    machineId: row.machine_id,
    os: row.os,
    kernel: row.kernel,
    arch: row.arch,
    addresses: readTexts(row.addresses),
    version: row.agent_version,
    tags: joinTags(givenTags, ownTags),
    ownTags,
    givenTags,
    pinnedProfileId: row.pinned_profile_id ?? undefined,
    enrolledAt: row.enrolled_at,
    tokenId: row.token_id,
    state: stateOf(row, now),
    revokedAt: row.revoked_at ?? undefined,
    revokedReason: row.revoked_reason ?? undefined,
    lastSeen: row.last_seen ?? undefined,
    silentSince: row.silent_since ?? undefined,
    lastEventTime: row.last_event_time ?? undefined,
    clockOffsetMs: row.clock_offset_ms,
    lagBytes: row.lag_bytes,
    lagSeconds: row.lag_seconds,
    spoolBytes: row.spool_bytes,
    spoolFull: row.spool_full === 1,
    profile: profileOf(row),
  };
}

/** What of an agent decides on its profile. */
export function assetOf(row: Row): Asset {
  return {
    name: row.name,
    tags: joinTags(readTexts(row.given_tags), readTexts(row.own_tags)),
    pinnedProfileId: row.pinned_profile_id ?? undefined,
  };
}

/** The status document of an agent; undefined when there is none, or none this version can read. */
export function statusOf(row: Row): AgentStatus | undefined {
  if (row.status === null) return undefined;
  try {
    return checkMessage(AgentStatusSchema, readJson(row.status), 'state-damaged', 'the saved status');
  } catch (thrown) {
    if (thrown instanceof AppError) return undefined;
    throw thrown;
  }
}

/** Tags of two kinds in one list, each once, sorted. */
export function joinTags(one: readonly string[], other: readonly string[]): readonly string[] {
  return [...new Set([...one, ...other])].sort();
}

function stateOf(row: Row, now: number): AgentState {
  if (row.revoked_at !== null) return 'revoked';
  if (row.last_seen === null) return now - row.enrolled_at > silentSeconds * 1_000 ? 'silent' : 'never-heard';
  return now - row.last_seen > silentSeconds * 1_000 ? 'silent' : 'active';
}

function profileOf(row: Row): Agent['profile'] {
  const refused = row.refused_revision === row.revision;
  const state: ProfileState =
    row.revision === 0 || row.told_profile_id === null
      ? 'none'
      : row.applied_revision === row.revision
        ? 'applied'
        : refused
          ? 'refused'
          : 'pending';
  return {
    state,
    revision: row.revision,
    profileId: row.told_profile_id ?? undefined,
    profileVersion: row.told_profile_version,
    appliedRevision: row.applied_revision,
    refusedCode: refused ? (row.refused_code ?? undefined) : undefined,
    refusedSentence: refused ? (row.refused_sentence ?? undefined) : undefined,
  };
}
