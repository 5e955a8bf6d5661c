import * as v from 'valibot';
import { fit, rolloutCounts } from './fleet-profiles.ts';
import { request } from './request.ts';

const agentEntries = {
  id: v.string(),
  name: v.string(),
  os: v.string(),
  kernel: v.string(),
  arch: v.string(),
  addresses: v.array(v.string()),
  version: v.string(),
  tags: v.array(v.string()),
  ownTags: v.array(v.string()),
  givenTags: v.array(v.string()),
  pinnedProfileId: v.optional(v.string()),
  pinnedProfileName: v.optional(v.string()),
  profileName: v.optional(v.string()),
  enrolledAt: v.number(),
  tokenId: v.string(),
  state: v.picklist(['active', 'silent', 'never-heard', 'revoked']),
  revokedAt: v.optional(v.number()),
  revokedReason: v.optional(v.string()),
  lastSeen: v.optional(v.number()),
  silentSince: v.optional(v.number()),
  lastEventTime: v.optional(v.number()),
  clockOffsetMs: v.number(),
  lagBytes: v.number(),
  lagSeconds: v.number(),
  spoolBytes: v.number(),
  spoolFull: v.boolean(),
  profile: v.object({
    state: v.picklist(['none', 'pending', 'applied', 'refused']),
    profileId: v.optional(v.string()),
    profileVersion: v.number(),
    refusedCode: v.optional(v.string()),
    refusedSentence: v.optional(v.string()),
  }),
};
const agent = v.object(agentEntries);
const file = v.object({
  place: v.string(),
  source: v.string(),
  log: v.string(),
  stream: v.optional(v.string()),
  generation: v.optional(v.number()),
  size: v.number(),
  position: v.number(),
  lagBytes: v.number(),
  lagSeconds: v.number(),
  state: v.string(),
  code: v.optional(v.string()),
});
const status = v.object({
  startedAt: v.number(),
  files: v.array(file),
  filesMore: v.number(),
  sessionsOpen: v.number(),
  spool: v.object({ bytes: v.number(), batches: v.number(), oldestSeconds: v.number(), full: v.boolean() }),
  shipped: v.object({
    batches: v.number(),
    records: v.number(),
    lines: v.number(),
    bytes: v.number(),
    deadLetters: v.number(),
  }),
  errors: v.array(v.object({ code: v.string(), sentence: v.string(), count: v.number(), last: v.number() })),
});
const detailedSchema = v.object({
  ...agentEntries,
  status: v.optional(status),
  fits: v.array(fit),
  notices: v.array(v.object({ code: v.string(), sentence: v.string(), hint: v.string() })),
});
const agentsSchema = v.object({ agents: v.array(agent), total: v.number() });
const summarySchema = v.object({
  states: v.record(v.string(), v.number()),
  tags: v.array(v.object({ tag: v.string(), agents: v.number() })),
  profiles: v.record(v.string(), rolloutCounts),
});
const streamsSchema = v.object({
  streams: v.array(
    v.object({
      stream: v.string(),
      generation: v.number(),
      source: v.string(),
      log: v.string(),
      place: v.string(),
      from: v.number(),
      to: v.number(),
      bytes: v.number(),
      events: v.number(),
      deadLetters: v.number(),
      oldest: v.optional(v.number()),
      newest: v.optional(v.number()),
      gaps: v.number(),
      gapBytes: v.number(),
      received: v.number(),
      complete: v.boolean(),
    }),
  ),
});
const gapsSchema = v.object({
  gaps: v.array(
    v.object({
      stream: v.string(),
      generation: v.number(),
      place: v.string(),
      from: v.number(),
      to: v.number(),
      since: v.number(),
    }),
  ),
});

/** An agent, as the server knows it. Times are epoch milliseconds. */
export type Agent = v.InferOutput<typeof agent>;
export type AgentState = Agent['state'];
/** An agent with what it said of itself last, and all profiles that fit it. */
export type DetailedAgent = v.InferOutput<typeof detailedSchema>;
export type AgentFile = v.InferOutput<typeof file>;
export type AgentStatus = v.InferOutput<typeof status>;
/** What was received of a log. */
export type ReceivedStream = v.InferOutput<typeof streamsSchema>['streams'][number];
export type StreamGap = v.InferOutput<typeof gapsSchema>['gaps'][number];
export type FleetSummary = v.InferOutput<typeof summarySchema>;

/** Which agents are asked for. */
export interface AgentFilter {
  readonly search?: string | undefined;
  readonly state?: string | undefined;
  readonly tag?: string | undefined;
  readonly tokenId?: string | undefined;
}

const path = (id: string): string => `/agents/${encodeURIComponent(id)}`;

/** Agents by name of their host. */
export function getAgents(
  filter: AgentFilter,
  offset: number,
  limit: number,
  signal?: AbortSignal,
): Promise<v.InferOutput<typeof agentsSchema>> {
  return request('/agents', agentsSchema, { words: { ...filter, offset, limit }, signal });
}

/** How many there are in each state, tags in use, and what became of each profile. */
export const getFleetSummary = (signal?: AbortSignal): Promise<FleetSummary> =>
  request('/agents/summary', summarySchema, { signal });

export const getAgent = (id: string, signal?: AbortSignal): Promise<DetailedAgent> =>
  request(path(id), detailedSchema, { signal });

/** Sets the tags given here; those of the agent's own configuration stay. */
export const setAgentTags = (id: string, tags: readonly string[]): Promise<Agent> =>
  request(`${path(id)}/tags`, agent, { method: 'PUT', body: { tags } });

/** Gives an agent a profile whatever its tags say; null lets tags and names decide again. */
export const pinProfile = (id: string, profileId: string | null): Promise<Agent> =>
  request(`${path(id)}/profile`, agent, { method: 'PUT', body: { profileId } });

/** Un-enrolls an agent: it is refused from now on. */
export const unenrollAgent = (id: string, reason: string): Promise<Agent> =>
  request(path(id), agent, { method: 'DELETE', words: { reason } });

/** What was received of the logs an agent reads. */
export const getStreams = async (id: string, limit: number, signal?: AbortSignal): Promise<readonly ReceivedStream[]> =>
  (await request('/completeness', streamsSchema, { words: { agent: id, limit }, signal })).streams;

/** What is missing of them. */
export const getGaps = async (id: string, limit: number, signal?: AbortSignal): Promise<readonly StreamGap[]> =>
  (await request('/completeness/gaps', gapsSchema, { words: { agent: id, limit }, signal })).gaps;
