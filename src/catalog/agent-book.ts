import type { Kysely, Selectable } from 'kysely';
import type { AgentStatus } from '#delivery';
import { type Agent, agentOf, assetOf } from './agent-rows.ts';
import { rowOf } from './agents.ts';
import { type Fit, fitsOf } from './assign-profile.ts';
import { countChange } from './change-counter.ts';
import { hostColumns } from './enroll-agent.ts';
import type { StoredProfile } from './profiles.ts';
import type { AgentTable, CatalogTables } from './tables.ts';

/** What a heartbeat changed. */
export interface Heard {
  readonly before: Agent;
  readonly now: Agent;
  /** Happenings that were not told before. */
  readonly fresh: AgentStatus['events'];
}

/** What an agent is to be told. */
export interface Told {
  /** 0: it never had a profile. */
  readonly revision: number;
  /** undefined: none fits it now. */
  readonly fit: Fit | undefined;
  /** What it was told before this look, when that was something else. */
  readonly changed: { readonly fromProfileId: string | undefined } | undefined;
}

/** What is noted of agents as they speak. */
export interface AgentBook {
  /** Notes a heartbeat. An older one than the last noted changes nothing but what is fresh in it. */
  heard(agentId: string, status: AgentStatus): Promise<Heard>;
  /** Notes that happenings of a process are stored. */
  storedHappenings(agentId: string, instance: string, upTo: number): Promise<void>;
  /** Finds what an agent is to be told; a change of it makes a new revision. */
  tell(agentId: string, profiles: readonly StoredProfile[]): Promise<Told>;
}

/** See {@link AgentBook}. */
export function createAgentBook(database: Kysely<CatalogTables>, clock: () => number): AgentBook {
  return {
    heard: (agentId, status) => database.transaction().execute((change) => heard(change, agentId, status, clock())),
    async storedHappenings(agentId, instance, upTo) {
      await database
        .updateTable('agents')
        .set({ happenings_of: instance, happenings_up_to: upTo })
        .where('id', '=', agentId)
        .where((where) => where.or([where('happenings_of', '!=', instance), where('happenings_up_to', '<', upTo)]))
        .execute();
    },
    tell: (agentId, profiles) => database.transaction().execute((change) => tell(change, agentId, profiles)),
  };
}

async function heard(
  database: Kysely<CatalogTables>,
  agentId: string,
  status: AgentStatus,
  now: number,
): Promise<Heard> {
  const row = await rowOf(database, agentId);
  const columns = statusColumns(row, status, now);
  await database.updateTable('agents').set(columns).where('id', '=', agentId).execute();
  const after: Selectable<AgentTable> = { ...row, ...columns };
  // Tags and the host's name decide on the profile.
  if (after.own_tags !== row.own_tags || after.name !== row.name) await countChange(database, 'profiles');
  const known = row.happenings_of === status.instance ? row.happenings_up_to : 0;
  return {
    before: agentOf(row, now),
    now: agentOf(after, now),
    fresh: status.events.filter(({ sequence }) => sequence > known),
  };
}

function statusColumns(row: Selectable<AgentTable>, status: AgentStatus, now: number): Partial<Selectable<AgentTable>> {
  const { applied, refused } = status.profile;
  const kept = { ...status, events: [] };
  return {
    // The identity of the host was proven with the token; it does not change by a word.
    ...hostColumns({ ...status.host, machineId: row.machine_id, version: status.version }),
    last_seen: now,
    silent_since: null,
    last_event_time: status.lastEventTime ?? row.last_event_time,
    clock_offset_ms: Math.round(status.time - now),
    lag_bytes: status.files.reduce((sum, file) => sum + file.lagBytes, 0),
    lag_seconds: Math.ceil(status.files.reduce((most, file) => Math.max(most, file.lagSeconds), 0)),
    spool_bytes: status.spool.bytes,
    spool_full: status.spool.full ? 1 : 0,
    status: JSON.stringify(kept),
    // What an agent says of revisions it was never told is not believed.
    applied_revision: applied <= row.revision ? applied : row.applied_revision,
    refused_revision: refused !== undefined && refused.revision <= row.revision ? refused.revision : 0,
    refused_code: refused?.code ?? null,
    refused_sentence: refused?.sentence ?? null,
  };
}

async function tell(
  database: Kysely<CatalogTables>,
  agentId: string,
  profiles: readonly StoredProfile[],
): Promise<Told> {
  const row = await rowOf(database, agentId);
  const [fit] = fitsOf(assetOf(row), profiles);
  const profileId = fit?.profile.id ?? null;
  const version = fit?.profile.version ?? 0;
  if (row.told_profile_id === profileId && row.told_profile_version === version) {
    return { revision: row.revision, fit, changed: undefined };
  }
  const revision = row.revision + 1;
  await database
    .updateTable('agents')
    .set({ revision, told_profile_id: profileId, told_profile_version: version })
    .where('id', '=', agentId)
    .where('revision', '=', row.revision)
    .execute();
  return { revision, fit, changed: { fromProfileId: row.told_profile_id ?? undefined } };
}
