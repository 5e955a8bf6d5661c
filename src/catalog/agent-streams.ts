import type { Kysely, Selectable, Transaction } from 'kysely';
import type { ClaimedMark, StreamClaim } from '#delivery';
import { AppError } from '#error';
import type { Voice } from './agent-voices.ts';
import { foldName, readJson } from './json-columns.ts';
import { catalogLimits } from './limits.ts';
import type { AgentStreamTable, CatalogTables } from './tables.ts';

/** A generation of a stream that a host has claimed. */
export interface AgentStream {
  readonly stream: string;
  readonly generation: number;
  readonly agentId: string;
  readonly source: string;
  readonly log: string;
  /** Path of the file, as its agent sees it. */
  readonly place: string;
}

/** A generation that nobody has claimed: made by reading a log without an agent. */
export interface UnclaimedGeneration {
  readonly generation: number;
  /** undefined: nobody can tell what its content is, so nobody takes it over. */
  readonly marks: readonly ClaimedMark[] | undefined;
}

/** Which host may write which generation of a stream. */
export interface AgentStreams {
  /**
   * Gives the generation of a file: one the same host has, if its content does not contradict; else one that nobody has;
   * else a new one. `known` are the generations in the store. Throws `catalog-full`.
   */
  claim(voice: Voice, claim: StreamClaim, known: readonly UnclaimedGeneration[]): Promise<AgentStream>;
  /** Finds the claim of an agent; throws `stream-not-claimed` when it has none. */
  find(agentId: string, stream: string, generation: number): Promise<AgentStream>;
  /** All claims, of one agent or of all. */
  list(agentId?: string): Promise<readonly AgentStream[]>;
}

type Row = Selectable<AgentStreamTable>;

/** Tries to claim while others claim the same stream. */
const triesMax = 5;

/** See {@link AgentStreams}. */
export function createAgentStreams(database: Kysely<CatalogTables>, clock: () => number): AgentStreams {
  return {
    async claim(voice, claim, known) {
      // Of two that make the same generation at the same time, one is told so, and looks again.
      for (let tries = 1; ; tries++) {
        try {
          return await database.transaction().execute((change) => take(change, voice, claim, known, clock()));
        } catch (thrown) {
          if (!(thrown instanceof AppError) || thrown.code !== 'catalog-conflict' || tries === triesMax) throw thrown;
        }
      }
    },
    async find(agentId, stream, generation) {
      const row = await database
        .selectFrom('agent_streams')
        .selectAll()
        .where('stream', '=', stream)
        .where('generation', '=', generation)
        .where('agent_id', '=', agentId)
        .executeTakeFirst();
      if (row === undefined) {
        throw new AppError('stream-not-claimed', 'The agent has not claimed this stream and generation.');
      }
      return streamOf(row);
    },
    async list(agentId) {
      let chosen = database.selectFrom('agent_streams').selectAll();
      if (agentId !== undefined) chosen = chosen.where('agent_id', '=', agentId);
      const rows = await chosen.orderBy('stream').orderBy('generation').limit(100_000).execute();
      return rows.map(streamOf);
    },
  };
}

async function take(
  change: Transaction<CatalogTables>,
  voice: Voice,
  claim: StreamClaim,
  known: readonly UnclaimedGeneration[],
  now: number,
): Promise<AgentStream> {
  const rows = await change.selectFrom('agent_streams').selectAll().where('stream', '=', claim.stream).execute();
  if (rows.length >= catalogLimits.generations) {
    throw new AppError('catalog-full', `The stream has ${catalogLimits.generations} generations already.`);
  }
  const owned = new Set(rows.map(({ generation }) => generation));
  const mine = await firstOwn(change, rows, voice, claim);
  if (mine !== undefined) return renew(change, mine, voice, claim, now);
  // What has no content to compare, such as what a collector takes in, takes over nothing.
  const free = (claim.marks.length === 0 ? [] : known)
    .filter(({ generation, marks }) => !owned.has(generation) && marks !== undefined && agree(marks, claim.marks))
    .map(({ generation }) => generation);
  const all = [...owned, ...known.map(({ generation }) => generation)];
  const generation = free.length > 0 ? Math.max(...free) : Math.max(-1, ...all) + 1;
  const row: Row = {
    stream: claim.stream,
    generation,
    agent_id: voice.agentId,
    machine_id: voice.machineId,
    host: foldName(voice.name),
    source: claim.source,
    log: claim.log,
    place: claim.place,
    marks: JSON.stringify(claim.marks),
    claimed_at: now,
    updated_at: now,
  };
  await change.insertInto('agent_streams').values(row).execute();
  return streamOf(row);
}

/** The newest generation of the same host that the content does not contradict. */
async function firstOwn(
  change: Transaction<CatalogTables>,
  rows: readonly Row[],
  voice: Voice,
  claim: StreamClaim,
): Promise<Row | undefined> {
  const fitting = rows
    .filter((row) => row.machine_id === voice.machineId && agree(readMarks(row.marks), claim.marks))
    .sort((one, other) => other.generation - one.generation);
  for (const row of fitting) {
    if (row.agent_id === voice.agentId || (await isOver(change, row, voice))) return row;
  }
  return undefined;
}

/**
 * Whether another agent of the machine has ended, so that this one is its successor. One that was heard of since this one
 * was enrolled lives: then the machine is a copy that kept its id, and each keeps what it has.
 */
async function isOver(change: Transaction<CatalogTables>, row: Row, voice: Voice): Promise<boolean> {
  const owner = await change
    .selectFrom('agents')
    .select(['revoked_at', 'last_seen', 'name_folded'])
    .where('id', '=', row.agent_id)
    .executeTakeFirst();
  if (owner === undefined || owner.revoked_at !== null) return true;
  return owner.name_folded === foldName(voice.name) && (owner.last_seen ?? 0) < voice.enrolledAt;
}

async function renew(
  change: Transaction<CatalogTables>,
  row: Row,
  voice: Voice,
  claim: StreamClaim,
  now: number,
): Promise<AgentStream> {
  const merged = new Map([...readMarks(row.marks), ...claim.marks].map((mark) => [mark.position, mark.hash]));
  const marks = [...merged]
    .map(([position, hash]) => ({ position, hash }))
    .sort((one, other) => one.position - other.position)
    .slice(0, marksKept);
  const next: Row = {
    ...row,
    agent_id: voice.agentId,
    host: foldName(voice.name),
    place: claim.place,
    marks: JSON.stringify(marks),
    updated_at: now,
  };
  await change
    .updateTable('agent_streams')
    .set({ agent_id: next.agent_id, host: next.host, place: next.place, marks: next.marks, updated_at: now })
    .where('stream', '=', row.stream)
    .where('generation', '=', row.generation)
    .execute();
  return streamOf(next);
}

/** Marks kept of a generation: those of the doublings, and some of where reading had come to. */
const marksKept = 128;

/** Whether two sets of marks can be of one content: they say the same where both say something. */
function agree(known: readonly ClaimedMark[], claimed: readonly ClaimedMark[]): boolean {
  const hashes = new Map(known.map(({ position, hash }) => [position, hash]));
  return claimed.every(({ position, hash }) => (hashes.get(position) ?? hash) === hash);
}

function readMarks(text: string): readonly ClaimedMark[] {
  const value = readJson(text);
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: unknown): ClaimedMark[] => {
    if (typeof one !== 'object' || one === null || !('position' in one) || !('hash' in one)) return [];
    const { position, hash } = one;
    return typeof position === 'number' && typeof hash === 'string' ? [{ position, hash }] : [];
  });
}

function streamOf(row: Row): AgentStream {
  const { stream, generation, source, log, place } = row;
  return { stream, generation, agentId: row.agent_id, source, log, place };
}
