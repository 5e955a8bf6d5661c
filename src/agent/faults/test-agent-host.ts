import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createLogger } from '#log';
import type { Source } from '#source';
import { loadAgentConfig } from '../config/agent-config.ts';
import { enroll } from '../enroll/enroll.ts';
import { IdentityFile } from '../enroll/identity.ts';
import { nodeFileSystem } from '../node-file-system.ts';
import { DiskReading } from '../reading/disk-reading.ts';
import { type Clock, defaultProfileLimits, type ProfileLimits, type ReadingProfile } from '../reading/reading.ts';
import { createDispatcher } from '../ship/dispatcher.ts';
import { RefusedRecords } from '../ship/refused-records.ts';
import { ServerClient } from '../ship/server-client.ts';
import { Shipper } from '../ship/shipper.ts';
import { TestFileSystem } from '../test-file-system.ts';
import type { Random } from './test-random.ts';

const log = createLogger('silent');

/** What an agent of a run is made of, while it lives. */
interface Alive {
  readonly reading: DiskReading;
  readonly shipper: Shipper;
  readonly shipping: Promise<void>;
  readonly end: AbortController;
  readonly close: () => Promise<void>;
}

/**
 * A host with an agent: its reading, its spool and its shipping as they are in `meridian agent run`, on a disk and
 * behind a clock that can go wrong. Rounds of reading are asked for, so that a seed decides what comes when.
 */
export class AgentHost {
  readonly folder: string;
  readonly logs: string;
  readonly #server: string;
  readonly #sources: readonly Source[];
  fileSystem: TestFileSystem = new TestFileSystem();
  limits: ProfileLimits = { ...defaultProfileLimits, intervalMs: 0 };
  /** Milliseconds the clock was set ahead. */
  ahead = 0;
  /** Milliseconds that passed without being waited for. */
  passed = 0;
  #alive: Alive | undefined;
  #instances = 0;
  agentId = '';
  readonly failures: Map<string, number> = new Map();

  constructor(folder: string, server: string, sources: readonly Source[]) {
    this.folder = folder;
    this.logs = join(folder, 'slapd-test');
    this.#server = server;
    this.#sources = sources;
  }

  get #agentFolder(): string {
    return join(this.folder, 'agent');
  }

  get profile(): ReadingProfile {
    const paths = [`${this.folder}/slapd-*/access*`];
    return {
      sources: [{ source: '389-directory-server', logs: ['access'], paths }],
      limits: this.limits,
      blackouts: [],
    };
  }

  now(): number {
    return Date.now() + this.ahead + this.passed;
  }

  /** Lets time pass. */
  pass(ms: number): void {
    this.passed += ms;
  }

  get #clock(): Clock {
    return { now: () => this.now(), steady: () => performance.now() + this.passed };
  }

  async enroll(token: string): Promise<void> {
    const env = {
      MERIDIAN_AGENT_SERVERS: this.#server,
      MERIDIAN_AGENT_STATE: this.#agentFolder,
      MERIDIAN_AGENT_ALLOWED_PATHS: `${this.folder}/`,
    };
    const config = { ...(await loadAgentConfig({ env })), servers: [this.#server], stateFolder: this.#agentFolder };
    const { agentId } = await enroll({
      config,
      servers: [this.#server],
      token,
      replace: false,
      isRoot: true,
      version: '0.0.0-test',
      fileSystem: nodeFileSystem,
      clock: this.#clock,
      signal: new AbortController().signal,
    });
    this.agentId = agentId;
  }

  /** Starts the agent with what its disk holds. */
  async start(): Promise<void> {
    const { fileSystem } = this;
    const identity = await new IdentityFile(nodeFileSystem, this.#agentFolder).load();
    if (identity === undefined) throw new Error('the agent is not enrolled');
    const reading = new DiskReading({
      fileSystem,
      folder: this.#agentFolder,
      allowedFolders: [this.folder],
      sources: this.#sources,
      profile: this.profile,
      clock: this.#clock,
      log,
    });
    await reading.open();
    const end = new AbortController();
    this.#instances += 1;
    const instance = `instance-${this.#instances}-${'x'.repeat(12)}`;
    const config = { ...(await loadAgentConfig({ env: {} })), servers: [this.#server] };
    const dispatcher = createDispatcher(config);
    const client = new ServerClient({
      servers: [this.#server],
      dispatcher,
      signer: () => ({ agentId: identity.agentId, instance, key: identity.key }),
      clock: this.#clock,
      signal: end.signal,
    });
    const shipper = new Shipper({
      spool: reading.spool,
      client,
      refused: new RefusedRecords(fileSystem, join(this.#agentFolder, 'refused')),
      failed: ({ code }) => this.failures.set(code, (this.failures.get(code) ?? 0) + 1),
      signal: end.signal,
      // Waits are for others' sake; here they would only take time.
      random: () => 0.01,
    });
    this.#alive = { reading, shipper, end, shipping: shipper.run(), close: () => dispatcher.destroy() };
  }

  /** Reads for a round. */
  async round(): Promise<boolean> {
    this.pass(10);
    await this.#alive?.reading.apply(this.profile);
    return (await this.#alive?.reading.round()) ?? false;
  }

  /** Reads until nothing more comes. */
  async rounds(): Promise<void> {
    for (let quiet = 0; quiet < 2; ) quiet = (await this.round()) ? 0 : quiet + 1;
  }

  /** Lets time pass, so that what was written counts as whole, and ships everything. Gives false when that does not end. */
  async settle(msMax: number): Promise<boolean> {
    const until = performance.now() + msMax;
    for (let times = 0; performance.now() < until; times++) {
      this.pass(120_000);
      await this.rounds();
      const empty = await this.#shipped(Math.min(until, performance.now() + 5000));
      if (times >= 3 && empty && this.#isReadThrough) return true;
    }
    return false;
  }

  /** Whether nothing that is on the disk waits to be read. */
  get #isReadThrough(): boolean {
    const status = this.#alive?.reading.status();
    return status?.state === 'reading' && status.files.every(({ lagBytes }) => lagBytes === 0);
  }

  async #shipped(until: number): Promise<boolean> {
    while (performance.now() < until) {
      if ((this.#alive?.reading.status().spool.batches ?? 0) === 0) return true;
      await wait(5);
    }
    return false;
  }

  /** Ends the agent as `kill -9` does; with `power`, as a lost power supply does. */
  async kill(power: Random | undefined): Promise<void> {
    await this.fileSystem.kill();
    const alive = this.#alive;
    this.#alive = undefined;
    alive?.end.abort();
    await alive?.close();
    if (power !== undefined) await this.fileSystem.tear(() => power.next());
    this.fileSystem = new TestFileSystem();
  }

  async stop(): Promise<void> {
    const alive = this.#alive;
    this.#alive = undefined;
    if (alive === undefined) return;
    alive.end.abort();
    await alive.shipping;
    await alive.reading.close();
    await alive.close();
  }

  /** Copies what the agent keeps, as a backup of the host would. */
  async copyState(name: string): Promise<void> {
    const to = join(this.folder, name);
    await rm(to, { recursive: true, force: true });
    await cp(this.#agentFolder, to, { recursive: true });
  }

  /** Puts a copy in the place of what the agent keeps; the agent is not running. */
  async restoreState(name: string): Promise<void> {
    await rm(this.#agentFolder, { recursive: true, force: true });
    await cp(join(this.folder, name), this.#agentFolder, { recursive: true });
  }
}
