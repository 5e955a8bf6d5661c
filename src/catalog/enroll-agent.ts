import { randomBytes } from 'node:crypto';
import type { Kysely, Selectable, Transaction } from 'kysely';
import { type AgentHost, isPublicKey, keyIdOf, silentSeconds } from '#delivery';
import { AppError } from '#error';
import { type Agent, agentOf } from './agent-rows.ts';
import { countChange } from './change-counter.ts';
import { findToken, spendToken } from './enrollment-tokens.ts';
import { foldName } from './json-columns.ts';
import { catalogLimits } from './limits.ts';
import type { AgentTable, CatalogTables } from './tables.ts';

/** What an agent offers to become known. */
export interface Enrollment {
  readonly token: string;
  readonly publicKey: string;
  readonly host: AgentHost;
  readonly instance: string;
  /** When it signed, epoch seconds by its clock. */
  readonly created: number;
}

/** What came of it. */
export interface Enrolled {
  readonly agent: Agent;
  /** False when the very same agent had been enrolled already, and only the answer was lost. */
  readonly fresh: boolean;
  /** Earlier agents of the same host. */
  readonly earlier: readonly { readonly id: string; readonly ended: boolean }[];
}

/** Reason of an agent whose host was enrolled anew. */
export const replacedReason = 'the host was enrolled anew';

/**
 * Enrolls an agent, in one transaction: the use of the token is counted, the agent and its key are made. The same key
 * with the same token again is the same agent: the answer to the first request was lost. An earlier agent of the same
 * host that is silent ends.
 *
 * Throws `enrollment-token-…`, `key-damaged`, `catalog-full`.
 */
export function enrollAgent(database: Kysely<CatalogTables>, offered: Enrollment, now: number): Promise<Enrolled> {
  if (!isPublicKey(offered.publicKey)) throw new AppError('key-damaged', 'The public key is none that can be trusted.');
  return database.transaction().execute(async (change) => {
    const token = await findToken(change, offered.token, now);
    const same = await agentOfKey(change, offered.publicKey);
    if (same !== undefined) return enrolledBefore(same, token.id, offered.host, now);
    await spendToken(change, token, now);
    await refuseTooMany(change);
    const earlier = await endEarlier(change, offered.host, now);
    const row = newAgent(offered, token.id, token.tags, token.profileId, now);
    await change.insertInto('agents').values(row).execute();
    await change
      .insertInto('agent_keys')
      .values({
        key_id: keyIdOf(offered.publicKey),
        agent_id: row.id,
        public_key: offered.publicKey,
        created_at: now,
        ends_at: null,
        used: 1,
      })
      .execute();
    await countChange(change, 'profiles');
    return { agent: agentOf(row, now), fresh: true, earlier };
  });
}

async function agentOfKey(
  change: Transaction<CatalogTables>,
  publicKey: string,
): Promise<Selectable<AgentTable> | undefined> {
  return change
    .selectFrom('agents')
    .innerJoin('agent_keys', 'agent_keys.agent_id', 'agents.id')
    .where('agent_keys.key_id', '=', keyIdOf(publicKey))
    .selectAll('agents')
    .executeTakeFirst();
}

function enrolledBefore(row: Selectable<AgentTable>, tokenId: string, host: AgentHost, now: number): Enrolled {
  if (row.revoked_at !== null) throw new AppError('agent-revoked', 'An agent with this key was un-enrolled.');
  if (row.token_id !== tokenId || row.machine_id !== host.machineId) {
    throw new AppError('agent-identity-copied', 'An agent of another host has this key.');
  }
  return { agent: agentOf(row, now), fresh: false, earlier: [] };
}

async function refuseTooMany(change: Transaction<CatalogTables>): Promise<void> {
  const { count } = await change
    .selectFrom('agents')
    .where('revoked_at', 'is', null)
    .select((of) => of.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  if (Number(count) >= catalogLimits.agents) {
    throw new AppError('catalog-full', `There are ${catalogLimits.agents} agents already.`);
  }
}

/** Ends silent agents of the same host; one that still speaks may be that of a copied machine, and is left alone. */
async function endEarlier(
  change: Transaction<CatalogTables>,
  host: AgentHost,
  now: number,
): Promise<Enrolled['earlier']> {
  const rows = await change
    .selectFrom('agents')
    .select(['id', 'last_seen', 'enrolled_at'])
    .where('machine_id', '=', host.machineId)
    .where('name_folded', '=', foldName(host.name))
    .where('revoked_at', 'is', null)
    .execute();
  const earlier = rows.map((row) => ({
    id: row.id,
    ended: now - (row.last_seen ?? row.enrolled_at) > silentSeconds * 1_000,
  }));
  const ended = earlier.filter((one) => one.ended).map(({ id }) => id);
  if (ended.length > 0) {
    await change
      .updateTable('agents')
      .set({ revoked_at: now, revoked_reason: replacedReason })
      .where('id', 'in', ended)
      .execute();
  }
  return earlier;
}

function newAgent(
  { host, instance, created }: Enrollment,
  tokenId: string,
  givenTags: readonly string[],
  profileId: string | undefined,
  now: number,
): Selectable<AgentTable> {
  return {
    id: `agt_${randomBytes(10).toString('hex')}`,
    ...hostColumns(host),
    given_tags: JSON.stringify([...givenTags].sort()),
    pinned_profile_id: profileId ?? null,
    enrolled_at: now,
    token_id: tokenId,
    revoked_at: null,
    revoked_reason: null,
    instance,
    instance_since: created,
    superseded: '[]',
    last_seen: null,
    silent_since: null,
    last_event_time: null,
    clock_offset_ms: 0,
    lag_bytes: 0,
    lag_seconds: 0,
    spool_bytes: 0,
    spool_full: 0,
    status: null,
    happenings_of: '',
    happenings_up_to: 0,
    revision: 0,
    told_profile_id: null,
    told_profile_version: 0,
    applied_revision: 0,
    refused_revision: 0,
    refused_code: null,
    refused_sentence: null,
  };
}

/** Columns that tell of the host. */
export function hostColumns(
  host: AgentHost,
): Pick<
  Selectable<AgentTable>,
  'name' | 'name_folded' | 'machine_id' | 'os' | 'kernel' | 'arch' | 'addresses' | 'agent_version' | 'own_tags'
> {
  return {
    name: host.name,
    name_folded: foldName(host.name),
    machine_id: host.machineId,
    os: host.os,
    kernel: host.kernel,
    arch: host.arch,
    addresses: JSON.stringify(host.addresses),
    agent_version: host.version,
    own_tags: JSON.stringify([...new Set(host.tags)].sort()),
  };
}
