import type { Kysely } from 'kysely';
import { isPublicKey, isSignatureOf, type KeyRotationRequest, keyIdOf, keyProofText } from '#delivery';
import { AppError } from '#error';
import { readJson } from './json-columns.ts';
import { catalogLimits } from './limits.ts';
import type { CatalogTables } from './tables.ts';

/** Milliseconds an old key is still taken after a new one was made, until that is first used. */
export const oldKeyMs: number = 10 * 60_000;

/** Who speaks, by the key of a signature. */
export interface Voice {
  readonly agentId: string;
  readonly name: string;
  readonly machineId: string;
  readonly enrolledAt: number;
  readonly keyId: string;
  readonly publicKey: string;
  readonly keyUsed: boolean;
  readonly instance: string;
  readonly instanceSince: number;
  readonly superseded: readonly SupersededInstance[];
}

/** A process of an agent that is over. */
export interface SupersededInstance {
  readonly instance: string;
  /** When the next was first heard, epoch seconds by the clock of its signatures. */
  readonly until: number;
}

/** Who agents are, from the first byte of a request on. */
export interface AgentVoices {
  /** Finds who speaks. Throws `agent-not-enrolled`, `agent-revoked`. */
  find(agentId: string, keyId: string): Promise<Voice>;
  /**
   * Notes that a process of an agent speaks, after its signature was verified: a new one takes over from the one before.
   * Throws `agent-identity-copied` when one that was over speaks again, and `agent-instance-superseded` when its request
   * was only late.
   */
  hear(voice: Voice, instance: string, created: number): Promise<void>;
  /** Gives an agent a new key. Throws `signature-wrong` when the proof is none, `key-damaged`. */
  rotate(voice: Voice, request: KeyRotationRequest): Promise<{ readonly keyId: string; readonly oldKeyUntil: number }>;
}

/** See {@link AgentVoices}. */
export function createAgentVoices(database: Kysely<CatalogTables>, clock: () => number): AgentVoices {
  return {
    find: (agentId, keyId) => find(database, agentId, keyId, clock()),
    async hear(voice, instance, created) {
      if (!voice.keyUsed) await firstUse(database, voice, clock());
      if (instance === voice.instance) return;
      const old = voice.superseded.find((one) => one.instance === instance);
      if (old !== undefined) throw ended(old, created, clock() / 1000);
      await takeOver(database, voice, instance, created);
    },
    async rotate(voice, { publicKey, proof }) {
      if (!isPublicKey(publicKey)) throw new AppError('key-damaged', 'The public key is none that can be trusted.');
      const text = Buffer.from(keyProofText(voice.agentId, publicKey));
      if (!isSignatureOf(text, Buffer.from(proof, 'base64url'), publicKey)) {
        throw new AppError('signature-wrong', 'The proof is not signed with the new key.', {
          place: { field: 'proof' },
        });
      }
      return addKey(database, voice, publicKey, clock());
    },
  };
}

async function find(database: Kysely<CatalogTables>, agentId: string, keyId: string, now: number): Promise<Voice> {
  const row = await database
    .selectFrom('agent_keys')
    .innerJoin('agents', 'agents.id', 'agent_keys.agent_id')
    .where('agent_keys.key_id', '=', keyId)
    .where('agents.id', '=', agentId)
    .select(['agents.id', 'agents.name', 'agents.machine_id', 'agents.enrolled_at', 'agents.revoked_at'])
    .select(['agents.instance', 'agents.instance_since', 'agents.superseded'])
    .select(['agent_keys.public_key', 'agent_keys.ends_at', 'agent_keys.used'])
    .executeTakeFirst();
  if (row === undefined || (row.ends_at !== null && row.ends_at <= now)) {
    throw new AppError('agent-not-enrolled', 'No agent has this identity and this key.');
  }
  if (row.revoked_at !== null) throw new AppError('agent-revoked', 'The agent was un-enrolled.');
  return {
    agentId: row.id,
    name: row.name,
    machineId: row.machine_id,
    enrolledAt: row.enrolled_at,
    keyId,
    publicKey: row.public_key,
    keyUsed: row.used === 1,
    instance: row.instance,
    instanceSince: row.instance_since,
    superseded: readSuperseded(row.superseded),
  };
}

/** Seconds by which the clocks of two hosts that are set right may differ. */
const clockSlack = 5;

/**
 * A request signed before the next process began is a straggler; one signed after it comes from a copy. One dated ahead
 * of the server's clock proves nothing: the host's clock may have been set back since.
 */
function ended(old: SupersededInstance, created: number, now: number): AppError {
  if (created <= old.until || created > now + clockSlack) {
    return new AppError('agent-instance-superseded', 'The request was signed by a process of the agent that is over.');
  }
  return new AppError('agent-identity-copied', 'Two processes speak with the identity of this agent.');
}

async function takeOver(
  database: Kysely<CatalogTables>,
  voice: Voice,
  instance: string,
  created: number,
): Promise<void> {
  const superseded = [{ instance: voice.instance, until: created }, ...voice.superseded].slice(
    0,
    catalogLimits.superseded,
  );
  // When two new ones come at the same time, one of them wins; the other is judged by what then stands there.
  await database
    .updateTable('agents')
    .set({ instance, instance_since: created, superseded: JSON.stringify(superseded) })
    .where('id', '=', voice.agentId)
    .where('instance', '=', voice.instance)
    .execute();
}

/** The first use of a key ends those before it. */
async function firstUse(database: Kysely<CatalogTables>, voice: Voice, now: number): Promise<void> {
  await database.transaction().execute(async (change) => {
    await change.updateTable('agent_keys').set({ used: 1 }).where('key_id', '=', voice.keyId).execute();
    await change
      .deleteFrom('agent_keys')
      .where('agent_id', '=', voice.agentId)
      .where('key_id', '!=', voice.keyId)
      .where('created_at', '<=', now)
      .where('used', '=', 1)
      .execute();
  });
}

async function addKey(
  database: Kysely<CatalogTables>,
  voice: Voice,
  publicKey: string,
  now: number,
): Promise<{ readonly keyId: string; readonly oldKeyUntil: number }> {
  const keyId = keyIdOf(publicKey);
  const until = now + oldKeyMs;
  if (keyId === voice.keyId) return { keyId, oldKeyUntil: until };
  await database.transaction().execute(async (change) => {
    const known = await change
      .selectFrom('agent_keys')
      .select('agent_id')
      .where('key_id', '=', keyId)
      .executeTakeFirst();
    if (known !== undefined && known.agent_id !== voice.agentId) {
      throw new AppError('agent-identity-copied', 'Another agent has this key.');
    }
    // The same again: the answer was lost.
    if (known !== undefined) return;
    await change
      .deleteFrom('agent_keys')
      .where('agent_id', '=', voice.agentId)
      .where('key_id', '!=', voice.keyId)
      .execute();
    await change.updateTable('agent_keys').set({ ends_at: until }).where('key_id', '=', voice.keyId).execute();
    await change
      .insertInto('agent_keys')
      .values({
        key_id: keyId,
        agent_id: voice.agentId,
        public_key: publicKey,
        created_at: now,
        ends_at: null,
        used: 0,
      })
      .execute();
  });
  return { keyId, oldKeyUntil: until };
}

function readSuperseded(text: string): readonly SupersededInstance[] {
  const value = readJson(text);
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: unknown): SupersededInstance[] => {
    if (typeof one !== 'object' || one === null || !('instance' in one) || !('until' in one)) return [];
    const { instance, until } = one;
    return typeof instance === 'string' && typeof until === 'number' ? [{ instance, until }] : [];
  });
}
