import type { Catalog } from '#catalog';
import { silentSeconds } from '#delivery';
import type { Label } from '#event';
import type { Logger } from '#log';
import type { Condition } from '#query';
import type { CoverageGap, Store } from '#store';
import { type FleetEvent, fleetSource } from './fleet-event.ts';
import type { FleetLog } from './fleet-log.ts';

/** What is looked at again and again, by one server of all that share a catalog. */
export interface FleetChecks {
  /** One look, if this server has the lease. */
  look(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

/** What checks need. */
export interface FleetCheckParts {
  readonly catalog: Catalog;
  readonly store: Store;
  readonly fleet: FleetLog;
  readonly log: Logger;
  readonly clock: () => number;
}

const lookMs = 15_000;
/** A server that has the lease and ends without giving it back is replaced after this time. */
const leaseMs = 60_000;
/** Batches of one stream may overtake one another for this long. */
const gapAgeMs = 60_000;
/** How often gaps are looked for, and in what was received since when. */
const gapEveryMs = 60_000;
const gapBackMs = 24 * 3_600_000;
/** Gaps told of in one look; open gaps looked at again. */
const gapsMax = 1_000;
/** A gap that was not closed for this long is not looked at any more. */
const openGapMs = 7 * 24 * 3_600_000;
/** How often streams in very many stretches are joined. */
const compactEveryMs = 3_600_000;

/** Makes the checks. Whatever they find has an identity of its own, so finding it twice is no harm. */
export function createFleetChecks(parts: FleetCheckParts): FleetChecks {
  const { catalog, store, log, clock } = parts;
  const gaps = new GapWatch(parts);
  let gapsLooked = 0;
  let compacted = clock();
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> | undefined;

  async function look(): Promise<void> {
    if (!(await catalog.leases.take('fleet-checks', leaseMs))) return;
    await lookForSilence(parts);
    const now = clock();
    if (now - gapsLooked >= gapEveryMs) {
      gapsLooked = now;
      await gaps.look();
    }
    if (now - compacted >= compactEveryMs) {
      compacted = now;
      await store.coverage.compact();
    }
  }

  async function work(): Promise<void> {
    try {
      await look();
    } catch (thrown) {
      log.warn({ err: thrown }, 'a look at the fleet failed; the next one follows');
    }
  }

  return {
    look,
    start() {
      timer ??= setInterval(() => {
        working ??= work().finally(() => {
          working = undefined;
        });
      }, lookMs).unref();
    },
    async stop() {
      clearInterval(timer);
      timer = undefined;
      await working;
      await catalog.leases.release();
    },
  };
}

async function lookForSilence({ catalog, fleet, clock }: FleetCheckParts): Promise<void> {
  for (const agent of await catalog.agents.markSilent()) {
    fleet.note({
      kind: 'silent',
      key: `silent ${agent.id} ${agent.lastSeen ?? agent.enrolledAt}`,
      time: clock(),
      agentId: agent.id,
      host: agent.name,
      version: agent.version,
      message: `The agent on ${agent.name} was not heard of for ${silentSeconds} seconds.`,
      details: { lastSeen: agent.lastSeen, lagBytes: agent.lagBytes, spoolBytes: agent.spoolBytes },
    });
  }
}

/** Tells of gaps in what was received, once each, and of those that closed. */
class GapWatch {
  readonly #parts: FleetCheckParts;
  /** Keys of gaps this process told of, and of those it saw closed. */
  readonly #told = new Set<string>();
  readonly #closed = new Set<string>();

  constructor(parts: FleetCheckParts) {
    this.#parts = parts;
  }

  async look(): Promise<void> {
    const { store, fleet, clock, catalog } = this.#parts;
    const now = clock();
    const open = await store.coverage.gaps({ receivedSince: now - gapBackMs, limit: gapsMax });
    const names = new Map((await catalog.agents.living()).map(({ id, name }) => [id, name]));
    const fresh = open.filter((gap) => gap.since <= now - gapAgeMs && !this.#told.has(keyOf(gap)));
    for (const gap of fresh) {
      if (this.#told.size > gapsMax * 10) this.#told.clear();
      this.#told.add(keyOf(gap));
    }
    await fleet.store(fresh.map((gap) => gapEvent(gap, names.get(gap.agent))));
    await this.#lookForClosed(now);
  }

  async #lookForClosed(now: number): Promise<void> {
    const { store, fleet } = this.#parts;
    const fields: readonly Label[] = ['eventTime', 'agentId', 'deviceHostName', 'extra'];
    const { rows } = await store.search(toldOfGaps, { from: now - openGapMs, limit: gapsMax, fields });
    for (const { agentId, deviceHostName, extra } of rows) {
      const gap = readGap(extra);
      if (gap === undefined || this.#closed.has(keyOf(gap))) continue;
      const left = await store.coverage.gaps({ stream: gap.stream, generation: gap.generation, limit: gapsMax });
      // A gap that is filled in part is another gap, and told of as such.
      if (left.some(({ from, to }) => from < gap.to && to > gap.from)) continue;
      if (this.#closed.size > gapsMax * 10) this.#closed.clear();
      this.#closed.add(keyOf(gap));
      await fleet.store([closedEvent(gap, now, agentId, deviceHostName)]);
    }
  }
}

const toldOfGaps: Condition = {
  kind: 'and',
  of: [
    { kind: 'text', labels: ['source'], test: { kind: 'equals', values: [fleetSource] } },
    { kind: 'text', labels: ['eventSubType'], test: { kind: 'equals', values: ['GAP'] } },
  ],
};

type Gap = Pick<CoverageGap, 'stream' | 'generation' | 'from' | 'to' | 'place'>;

function keyOf({ stream, generation, from, to }: Gap): string {
  return `${generation} ${from} ${to} ${stream}`;
}

function gapEvent(gap: CoverageGap, host: string | undefined): FleetEvent {
  const { stream, generation, from, to, place } = gap;
  return {
    kind: 'gap',
    key: `gap ${keyOf(gap)}`,
    time: gap.since,
    agentId: gap.agent === '' ? undefined : gap.agent,
    host,
    message: `Bytes ${from} to ${to} of ${place} are missing.`,
    details: { stream, generation, from, to, place },
  };
}

function closedEvent(gap: Gap, time: number, agentId: string | undefined, host: string | undefined): FleetEvent {
  return {
    kind: 'gap-closed',
    key: `gap-closed ${keyOf(gap)}`,
    time,
    agentId,
    host,
    message: `Bytes ${gap.from} to ${gap.to} of ${gap.place} came after all.`,
    details: { ...gap },
  };
}

/** Reads what a gap's event says of it. */
function readGap(extra: string | undefined): Gap | undefined {
  let value: unknown;
  try {
    value = JSON.parse(extra ?? '');
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { stream, generation, from, to, place }: Record<string, unknown> = { ...value };
  if (typeof stream !== 'string' || typeof place !== 'string') return undefined;
  if (typeof generation !== 'number' || typeof from !== 'number' || typeof to !== 'number') return undefined;
  return { stream, generation, from, to, place };
}
