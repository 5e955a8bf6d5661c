import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import type { AgentHost, AgentStatus, ProfilePayload } from '#delivery';
import { AppError, asAppError } from '#error';
import { type Collecting, startCollecting } from './collect/collecting.ts';
import { describeHost, readMachineId } from './enroll/host.ts';
import type { AgentIdentity, IdentityFile } from './enroll/identity.ts';
import { IdentityKeeper } from './enroll/keep-identity.ts';
import { shipLimits } from './limits.ts';
import { checkProfile, realRoots } from './profile/check-profile.ts';
import { ProfileKeeper } from './profile/profile-keeper.ts';
import { pollProfiles } from './profile/profile-poller.ts';
import { createReading } from './reading/create-reading.ts';
import { defaultProfileLimits, type Reading } from './reading/reading.ts';
import { Reports } from './reports.ts';
import type { AgentOptions } from './run-agent.ts';
import { createDispatcher } from './ship/dispatcher.ts';
import { RefusedRecords } from './ship/refused-records.ts';
import { ServerClient } from './ship/server-client.ts';
import { Shipper } from './ship/shipper.ts';
import { buildStatus } from './status/build-status.ts';
import { ClockWatch } from './status/clock-watch.ts';
import { CollectorWatch } from './status/collector-watch.ts';
import { Happenings } from './status/happenings.ts';
import { beat, beatOnce, type HeartOptions } from './status/heart.ts';
import { type LocalState, writeLocalStatus } from './status/local-status.ts';

/** All parts of an enrolled agent while it runs. */
export class AgentRun {
  readonly #options: AgentOptions;
  readonly #instance: string = randomBytes(16).toString('base64url');
  readonly #startedAt: number;
  readonly #identities: IdentityKeeper;
  readonly #dispatcher: Dispatcher;
  readonly #client: ServerClient;
  readonly #reports: Reports;
  readonly #happenings: Happenings;
  readonly #keeper: ProfileKeeper;
  readonly #clockWatch: ClockWatch;
  readonly #collectorWatch: CollectorWatch;
  #host: AgentHost | undefined;
  #reading: Reading | undefined;
  #collecting: Collecting | undefined;
  #shipper: Shipper | undefined;
  /** Why the server refuses the agent itself. */
  #refusal: AppError | undefined;
  #clockOffsetMs: number | undefined;

  constructor(options: AgentOptions, identity: AgentIdentity, file: IdentityFile) {
    const { config, clock, fileSystem, log, signal } = options;
    this.#options = options;
    this.#startedAt = clock.now();
    this.#identities = new IdentityKeeper(identity, file, fileSystem, config.stateFolder);
    this.#dispatcher = createDispatcher(config);
    this.#client = new ServerClient({
      servers: config.servers.length > 0 ? config.servers : identity.servers,
      dispatcher: this.#dispatcher,
      signer: () => {
        const { agentId, key } = this.#identities.identity;
        return { agentId, instance: this.#instance, key };
      },
      clock,
      signal,
    });
    this.#reports = new Reports(clock, log);
    this.#happenings = new Happenings(clock);
    this.#clockWatch = new ClockWatch(clock);
    this.#collectorWatch = new CollectorWatch(this.#happenings);
    this.#keeper = new ProfileKeeper({
      fileSystem,
      folder: config.stateFolder,
      identity: () => this.#identities.identity,
      apply: (payload) => this.#apply(payload),
    });
  }

  /** Runs until the signal ends it. */
  async run(): Promise<void> {
    const { config, clock, fileSystem, log, signal, sources, version } = this.#options;
    const folder = config.stateFolder;
    this.#host = describeHost(await readMachineId(fileSystem, folder), version, config.tags);
    const allowedFolders = await realRoots(config.allowedPaths, fileSystem);
    const reading = createReading({ fileSystem, folder, allowedFolders, sources, profile: undefined, clock, log });
    this.#reading = reading;
    await reading.start();
    const failed = (error: AppError): void => this.#failed(error);
    const { spool } = reading;
    const collecting = await startCollecting({
      config: config.collect,
      fileSystem,
      folder,
      spool,
      sources,
      clock,
      failed,
    });
    this.#collecting = collecting;
    const refused = new RefusedRecords(fileSystem, `${folder}/refused`);
    const shipper = new Shipper({ spool, client: this.#client, refused, failed, signal });
    this.#shipper = shipper;
    try {
      const unusable = await this.#keeper.restore();
      if (unusable !== undefined) this.#profileRefused(unusable);
      log.info({ agent: this.#identities.identity.agentId, servers: this.#client.servers }, 'started');
      await Promise.all([shipper.run(), this.#poll(), beat(this.#heart()), this.#writeStatus()]);
    } finally {
      await collecting.close();
      await reading.close();
      await this.#dispatcher.destroy();
      await this.#writeStatusOnce('stopped');
    }
  }

  /** Applies a profile as a whole, or throws and changes nothing. */
  async #apply({ profile }: ProfilePayload): Promise<void> {
    const { config, fileSystem, sources } = this.#options;
    if (profile === null) {
      await this.#reading?.apply(undefined);
      await this.#collecting?.apply([], defaultProfileLimits);
      return;
    }
    await checkProfile(profile, config, sources, fileSystem);
    await this.#reading?.apply(profile);
    // A port that is taken is no reason to read nothing; it is in the status.
    await this.#collecting?.apply(profile.collectors, profile.limits);
  }

  #poll(): Promise<void> {
    return pollProfiles({
      client: this.#client,
      keeper: this.#keeper,
      failed: (error) => this.#failed(error),
      signal: this.#options.signal,
      taken: (applied) => {
        const { applied: payload, refused } = this.#keeper;
        if (applied && payload !== undefined) {
          const { profileName, profileVersion, revision } = payload;
          const name = payload.profile === null ? 'No profile' : `Profile "${profileName}", version ${profileVersion},`;
          this.#happenings.add('profile-applied', `${name} is applied (revision ${revision}).`);
          this.#options.log.info({ profile: profileName, profileVersion, revision }, 'profile applied');
        } else if (refused !== undefined) this.#profileRefused(refused.error);
        // Whoever has just saved it wants to know.
        beatOnce(this.#heart()).catch((thrown: unknown) => this.#failed(asAppError(thrown)));
      },
    });
  }

  #profileRefused(error: AppError): void {
    this.#reports.error(error);
    this.#happenings.add('profile-refused', error.message, { code: error.code });
  }

  #heart(): HeartOptions {
    return {
      client: this.#client,
      happenings: this.#happenings,
      status: () => this.#status(),
      taken: async ({ clockOffsetMs }) => {
        this.#clockOffsetMs = clockOffsetMs;
        if (this.#refusal !== undefined) this.#options.log.info('the server takes this agent again');
        this.#refusal = undefined;
        if (this.#shipper?.refusal !== undefined) this.#shipper.forgetRefusal();
        this.#shipper?.noteReached();
        if (await this.#identities.renewKey(this.#client, this.#options.clock.now()))
          this.#options.log.info({ keyId: this.#identities.identity.key.keyId }, 'the agent has a new key');
      },
      refused: (error) => this.#refused(error),
      failed: (error) => this.#failed(error),
      signal: this.#options.signal,
    };
  }

  /** The server refuses the agent: perhaps it knows the next key already; else that is how it is. */
  #refused(error: AppError): void {
    this.#failed(error);
    this.#refusal = error;
    const works = async (): Promise<boolean> =>
      (await beatOnce({ ...this.#heart(), taken: () => {}, refused: () => {}, failed: () => {} })) === 'taken';
    this.#identities.tryNextKey(error.code, works, this.#options.clock.now()).then(
      (isTaken) => {
        if (!isTaken) return;
        this.#refusal = undefined;
        this.#shipper?.forgetRefusal();
      },
      (thrown: unknown) => this.#failed(asAppError(thrown)),
    );
  }

  #failed(error: AppError): void {
    this.#reports.error(error);
  }

  #status(): AgentStatus {
    const { clock, version } = this.#options;
    const reading = this.#reading;
    const collecting = this.#collecting;
    const shipper = this.#shipper;
    const host = this.#host;
    if (reading === undefined || collecting === undefined || shipper === undefined || host === undefined)
      throw new AppError('internal', 'The agent has not begun.');
    const readingStatus = reading.status();
    const collect = collecting.status();
    if (readingStatus.events.length > 0) reading.confirmEvents(this.#happenings.takeOver(readingStatus.events));
    const jump = this.#clockWatch.look();
    if (jump !== undefined)
      this.#happenings.add(
        'clock-jump',
        `The clock of the host was set ${Math.abs(jump)} ms ${jump > 0 ? 'ahead' : 'back'}.`,
      );
    this.#collectorWatch.look(collect.counts);
    return buildStatus({
      version,
      instance: this.#instance,
      host,
      startedAt: this.#startedAt,
      now: clock.now(),
      clockOffsetMs: this.#clockOffsetMs,
      keeper: this.#keeper,
      reading: readingStatus,
      collect,
      shipped: shipper.counts,
      errors: this.#reports.errors,
      happenings: this.#happenings,
    });
  }

  async #writeStatus(): Promise<void> {
    const { signal } = this.#options;
    while (!signal.aborted) {
      await this.#writeStatusOnce(
        this.#refusal === undefined && this.#shipper?.refusal === undefined ? 'running' : 'refused',
      );
      await delay(shipLimits.statusMs, undefined, { signal }).catch(() => {});
    }
  }

  async #writeStatusOnce(state: LocalState): Promise<void> {
    const { config, clock } = this.#options;
    const refusal = this.#refusal ?? this.#shipper?.refusal;
    const payload = this.#keeper.applied;
    try {
      await writeLocalStatus(config.statusFile, {
        format: 1,
        agentId: this.#identities.identity.agentId,
        server: this.#client.server,
        pid: process.pid,
        written: clock.now(),
        state,
        refusal: refusal === undefined ? undefined : { code: refusal.code, sentence: refusal.message },
        reading: this.#reading?.status().state,
        profile:
          payload === undefined || payload.profile === null
            ? undefined
            : { name: payload.profileName, version: payload.profileVersion, revision: payload.revision },
        collect: this.#collecting?.status(),
        status: this.#status(),
      });
    } catch (thrown) {
      this.#failed(asAppError(thrown));
    }
  }
}
