import { randomBytes } from 'node:crypto';
import { type AgentHost, type AgentStatus, defaultProfileLimits, makeSigningKey } from '#delivery';
import type { CatalogOptions } from './connect.ts';
import type { Enrolled } from './enroll-agent.ts';
import { type Catalog, openCatalog } from './open-catalog.ts';
import type { ProfileContent } from './profile-content.ts';

/** A profile as people would make it. */
export function sampleContent(name: string, change: Partial<ProfileContent> = {}): ProfileContent {
  return {
    name,
    description: '',
    platform: 'linux',
    enabled: true,
    isDefault: false,
    priority: 100,
    assets: { tags: [], excludeTags: [], hosts: [], excludeHosts: [] },
    profile: { sources: [], collectors: [], limits: defaultProfileLimits, blackouts: [] },
    ...change,
  };
}

/** A host of that name. */
export function host(name: string, change: Partial<AgentHost> = {}): AgentHost {
  const plain = { os: 'Debian 12', kernel: '6.1', arch: 'x64', addresses: ['192.0.2.7'], version: '1.0.0', tags: [] };
  return { name, machineId: `machine-${name}`, ...plain, ...change };
}

/** What an agent on a host says in a heartbeat. */
export function statusOf(of: AgentHost, instance: string, change: Partial<AgentStatus> = {}): AgentStatus {
  return {
    version: '1.0.1',
    instance,
    host: of,
    startedAt: 1,
    time: 1,
    profile: { applied: 0 },
    files: [],
    filesMore: 0,
    sessionsOpen: 0,
    spool: { bytes: 0, batches: 0, oldestSeconds: 0, full: false },
    shipped: { batches: 0, records: 0, lines: 0, bytes: 0, deadLetters: 0 },
    errors: [],
    events: [],
    ...change,
  };
}

/** What stands beside a change. */
export const note: { readonly by: string; readonly remark: string } = { by: 'tester', remark: 'created' };
/** Name of a new process of an agent. */
export const instanceOf = (): string => `instance-${randomBytes(12).toString('hex')}`;

/** An open catalog, and its time. */
export class CatalogScene {
  now = 1_795_514_400_000;
  readonly #place: () => CatalogOptions;
  readonly #made: Catalog[] = [];
  #catalog: Catalog | undefined;

  constructor(place: () => CatalogOptions) {
    this.#place = place;
  }

  get catalog(): Catalog {
    if (this.#catalog === undefined) throw new Error('the catalog is not open');
    return this.#catalog;
  }

  /** Opens the catalog; the first one opened is the one of the scene. */
  async open(): Promise<Catalog> {
    const one = await openCatalog(this.#place(), () => this.now);
    this.#made.push(one);
    this.#catalog ??= one;
    return one;
  }

  async close(): Promise<void> {
    for (const one of this.#made) await one.close();
  }

  /** Lets an agent in with a token of its own. */
  async enroll(
    of: AgentHost,
    change: { tags?: string[]; profileId?: string; usesMax?: number } = {},
  ): Promise<Enrolled & { text: string }> {
    const { tags = [], profileId, usesMax = 1 } = change;
    const { text } = await this.catalog.tokens.make({ description: '', tags, profileId, usesMax, lifeMs: 3_600_000 });
    const key = makeSigningKey();
    const created = Math.floor(this.now / 1_000);
    const offered = { token: text, publicKey: key.publicKey, host: of, instance: instanceOf(), created };
    return { ...(await this.catalog.enroll(offered)), text };
  }
}
