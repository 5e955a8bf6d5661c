import type { Kysely, Selectable, SelectQueryBuilder } from 'kysely';
import { type AgentStatus, silentSeconds } from '#delivery';
import { AppError } from '#error';
import { type Agent, type AgentState, agentOf, statusOf } from './agent-rows.ts';
import { countChange } from './change-counter.ts';
import { foldName, holds } from './json-columns.ts';
import { catalogLimits } from './limits.ts';
import type { AgentTable, CatalogTables } from './tables.ts';

export interface AgentListOptions {
  /** Part of the host's name, or of one of its addresses. */
  readonly search?: string | undefined;
  readonly tag?: string | undefined;
  readonly state?: AgentState | undefined;
  /** Profile the agent was told to follow. */
  readonly profileId?: string | undefined;
  /** Token the agent was enrolled with. */
  readonly tokenId?: string | undefined;
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
}

/** Agents, as people see and change them. */
export interface Agents {
  /** By name. */
  list(options?: AgentListOptions): Promise<{ readonly agents: readonly Agent[]; readonly total: number }>;
  /** All that are not revoked: at most as many as the limit says. */
  living(): Promise<readonly Agent[]>;
  /** Throws `agent-unknown`. */
  get(id: string): Promise<Agent>;
  status(id: string): Promise<AgentStatus | undefined>;
  /** Sets the tags given here; those of the agent's own configuration stay. */
  setTags(id: string, tags: readonly string[]): Promise<Agent>;
  /** Gives an agent a profile, whatever its tags say; undefined takes it away. */
  pin(id: string, profileId: string | undefined): Promise<Agent>;
  /** Un-enrolls an agent: from now on its key is refused. False when it was already. */
  revoke(id: string, reason: string): Promise<boolean>;
  /** Marks agents that were not heard of for too long as silent; gives those that were not yet. */
  markSilent(): Promise<readonly Agent[]>;
  /** All that are not revoked, and what is counted of them, as of one look. */
  summary(): Promise<AgentSummary>;
}

/** See {@link Agents.summary}. */
export interface AgentSummary {
  readonly living: readonly Agent[];
  /** How many there are in each state. */
  readonly states: Readonly<Record<AgentState, number>>;
  /** All tags in use, with the number of agents. */
  readonly tags: readonly { readonly tag: string; readonly agents: number }[];
}

type Database = Kysely<CatalogTables>;
type Chosen = SelectQueryBuilder<CatalogTables, 'agents', object>;

/** See {@link Agents}. */
export function createAgents(database: Database, clock: () => number): Agents {
  async function change(
    id: string,
    set: Partial<Pick<AgentTable, 'given_tags'>> & { pinned_profile_id?: string | null },
  ): Promise<Agent> {
    await database.transaction().execute(async (work) => {
      await work.updateTable('agents').set(set).where('id', '=', id).execute();
      await countChange(work, 'profiles');
    });
    return agentOf(await rowOf(database, id), clock());
  }

  async function living(): Promise<readonly Agent[]> {
    const rows = await database
      .selectFrom('agents')
      .selectAll()
      .where('revoked_at', 'is', null)
      .orderBy('name_folded')
      .orderBy('id')
      .limit(catalogLimits.agents)
      .execute();
    return rows.map((row) => agentOf(row, clock()));
  }

  return {
    living,
    async list(options = {}) {
      const chosen = choose(database.selectFrom('agents'), options, clock());
      const rows = await chosen
        .selectAll()
        .orderBy('name_folded')
        .orderBy('id')
        .offset(Math.max(0, options.offset ?? 0))
        .limit(Math.min(Math.max(1, options.limit ?? 100), catalogLimits.pageRows))
        .execute();
      const { count } = await chosen.select((of) => of.fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
      return { agents: rows.map((row) => agentOf(row, clock())), total: Number(count) };
    },
    get: async (id) => agentOf(await rowOf(database, id), clock()),
    status: async (id) => statusOf(await rowOf(database, id)),
    setTags: (id, tags) => change(id, { given_tags: JSON.stringify([...new Set(tags)].sort()) }),
    pin: (id, profileId) => change(id, { pinned_profile_id: profileId ?? null }),
    async revoke(id, reason) {
      const done = await database
        .updateTable('agents')
        .set({ revoked_at: clock(), revoked_reason: reason })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      if (done.numUpdatedRows === 1n) return true;
      await rowOf(database, id);
      return false;
    },
    async markSilent() {
      const now = clock();
      const since = now - silentSeconds * 1_000;
      const rows = await database
        .updateTable('agents')
        .set({ silent_since: now })
        .where('revoked_at', 'is', null)
        .where('silent_since', 'is', null)
        .where((where) =>
          where.or([
            where('last_seen', '<', since),
            where.and([where('last_seen', 'is', null), where('enrolled_at', '<', since)]),
          ]),
        )
        .returningAll()
        .execute();
      return rows.map((row) => agentOf(row, now));
    },
    async summary() {
      const agents = await living();
      const states: Record<AgentState, number> = { active: 0, silent: 0, 'never-heard': 0, revoked: 0 };
      const counts = new Map<string, number>();
      for (const { state, tags } of agents) {
        states[state] += 1;
        for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
      }
      const { count } = await database
        .selectFrom('agents')
        .where('revoked_at', 'is not', null)
        .select((of) => of.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return {
        living: agents,
        states: { ...states, revoked: Number(count) },
        tags: [...counts]
          .sort(([one], [other]) => (one < other ? -1 : 1))
          .map(([tag, number]) => ({ tag, agents: number })),
      };
    },
  };
}

function choose(from: Chosen, { search, tag, state, profileId, tokenId }: AgentListOptions, now: number): Chosen {
  const since = now - silentSeconds * 1_000;
  let chosen = from;
  if (search !== undefined && search !== '') {
    const named = holds('name_folded', foldName(search));
    // Only what can be part of an address is looked for in their JSON, so quotes and commas never match.
    chosen = /^[0-9a-f.:]+$/i.test(search)
      ? chosen.where((where) => where.or([named, holds('addresses', search.toLowerCase())]))
      : chosen.where(named);
  }
  if (tokenId !== undefined) chosen = chosen.where('token_id', '=', tokenId);
  if (profileId !== undefined) chosen = chosen.where('told_profile_id', '=', profileId);
  if (tag !== undefined) {
    // Tags are words without quotes, so each stands in the JSON of its list exactly so.
    const word = JSON.stringify(tag);
    chosen = chosen.where((where) => where.or([holds('own_tags', word), holds('given_tags', word)]));
  }
  if (state === 'revoked') return chosen.where('revoked_at', 'is not', null);
  if (state !== undefined) chosen = chosen.where('revoked_at', 'is', null);
  if (state === 'active') return chosen.where('last_seen', '>=', since);
  if (state === 'never-heard') return chosen.where('last_seen', 'is', null).where('enrolled_at', '>=', since);
  if (state === 'silent') {
    return chosen.where((where) =>
      where.or([
        where('last_seen', '<', since),
        where.and([where('last_seen', 'is', null), where('enrolled_at', '<', since)]),
      ]),
    );
  }
  return chosen;
}

/** Finds the row of an agent. Throws `agent-unknown`. */
export async function rowOf(database: Database, id: string): Promise<Selectable<AgentTable>> {
  const row = await database.selectFrom('agents').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new AppError('agent-unknown', 'There is no agent with this id.');
  return row;
}
