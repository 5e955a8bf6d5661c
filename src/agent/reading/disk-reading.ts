import { createHash } from 'node:crypto';
import { AppError } from '#error';
import { readingLimits } from '../limits.ts';
import { Reports } from '../reports.ts';
import { DiskSpool } from '../spool/disk-spool.ts';
import type { Spool } from '../spool/spool.ts';
import type { SetState } from '../state/set-state.ts';
import { StateStore } from '../state/state-store.ts';
import type { LogFile } from '../tail/log-file.ts';
import type { LogSet } from '../tail/log-set.ts';
import { Tail } from '../tail/tail.ts';
import { FolderWatches } from '../tail/watch-folders.ts';
import { adoptEntries } from './adopt-entries.ts';
import { isBlackout } from './blackouts.ts';
import { filesStatus } from './files-status.ts';
import { keepFiles } from './keep-files.ts';
import { Pace } from './pace.ts';
import {
  defaultProfileLimits,
  type ProfileLimits,
  type Reading,
  type ReadingOptions,
  type ReadingProfile,
  type ReadingSource,
  type ReadingState,
  type ReadingStatus,
} from './reading.ts';
import { SetReading } from './set-reading.ts';
import { Sleeper } from './sleeper.ts';

/** Server starts remembered of one folder. */
const startsMax = 1000;

/** Reads logs round by round: each log has its turn, then what they gave is synced, then states are saved. */
export class DiskReading implements Reading {
  readonly #options: ReadingOptions;
  readonly #reports: Reports;
  readonly #spool: DiskSpool;
  readonly #states: StateStore;
  readonly #tail: Tail;
  readonly #watches: FolderWatches;
  readonly #pace: Pace;
  readonly #counts = { bytes: 0, lines: 0, records: 0, deadLetters: 0, skipped: 0 };
  readonly #buffer: Buffer = Buffer.allocUnsafeSlow(readingLimits.chunkBytes + readingLimits.overlapBytes);
  readonly #readings = new Map<string, SetReading>();
  readonly #starts = new Map<string, number[]>();
  #profile: ReadingProfile | undefined;
  #state: ReadingState = 'no-profile';
  /** What is in memory may be ahead of the disk, or is not there yet: it is to be read from disk. */
  #stale = true;
  #scanned = Number.NEGATIVE_INFINITY;
  #scanWanted = true;
  #wasFull = false;
  #closing = false;
  #running: Promise<void> | undefined;
  readonly #sleeper = new Sleeper();
  /** One piece of work at a time: a round, or a change of the profile. */
  #work: Promise<unknown> = Promise.resolve();

  constructor(options: ReadingOptions) {
    this.#options = options;
    const { fileSystem, folder, clock, log, sources, allowedFolders } = options;
    this.#reports = new Reports(clock, log);
    this.#spool = new DiskSpool({ fileSystem, folder: `${folder}/spool`, clock, reports: this.#reports });
    this.#states = new StateStore(fileSystem, `${folder}/state`, this.#reports);
    this.#tail = new Tail({ fileSystem, sources, allowedFolders, clock, reports: this.#reports });
    this.#watches = new FolderWatches(fileSystem, () => this.#sleeper.wake());
    this.#pace = new Pace(clock);
    this.#profile = options.profile;
    this.#spool.onClaim((fileId, position) => this.#noteClaim(fileId, position));
  }

  get spool(): Spool {
    return this.#spool;
  }

  async start(): Promise<void> {
    await this.open();
    this.#running = this.#run();
  }

  /** Finds what the disk holds, and reads nothing yet: for those who call {@link round} themselves. */
  async open(): Promise<void> {
    await this.#options.fileSystem.makeFolder(this.#options.folder);
    await this.#spool.open();
    this.#applyLimits();
    await this.#load();
  }

  apply(profile: ReadingProfile | undefined): Promise<void> {
    return this.#inTurn(() => {
      this.#profile = profile;
      this.#applyLimits();
      this.#scanWanted = true;
      this.#sleeper.wake();
      return Promise.resolve();
    });
  }

  status(): ReadingStatus {
    const readings = [...this.#readings.values()];
    return {
      state: this.#state,
      files: filesStatus(this.#tail, this.#readings, this.#spool, this.#options.clock.now()),
      sessionsOpen: readings.reduce((sum, reading) => sum + reading.sessionsOpen, 0),
      spool: this.#spool.status,
      counts: { ...this.#counts },
      lastEventTime: readings.reduce<number | undefined>((latest, { latest: one }) => newer(latest, one), undefined),
      errors: this.#reports.errors,
      events: this.#reports.events,
    };
  }

  confirmEvents(sequence: number): void {
    this.#reports.confirm(sequence);
  }

  /** Reads one round at once; for those who do not want to wait for the clock. */
  round(): Promise<boolean> {
    return this.#inTurn(() => this.#round());
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#sleeper.close();
    await this.#running;
    await this.#inTurn(async () => {
      this.#watches.disarm();
      try {
        if (!this.#stale) await this.#saveAll();
      } catch (thrown) {
        this.#reports.error(thrown);
      }
      await this.#closeReadings();
      await this.#tail.forgetAll();
      try {
        await this.#spool.close();
      } catch (thrown) {
        this.#reports.error(thrown);
      }
      this.#state = 'closed';
    });
  }

  async #run(): Promise<void> {
    while (!this.#closing) {
      const progress = await this.round();
      if (this.#closing) return;
      await this.#rest(progress);
    }
  }

  /** Waits for the next round: shortly while logs grow, else until a watch wakes it. */
  async #rest(progress: boolean): Promise<void> {
    if (progress) {
      this.#watches.disarm();
      await this.#sleeper.sleep(readingLimits.wakeMs, false);
      return;
    }
    if (this.#state === 'disk-failed') {
      await this.#sleeper.sleep(readingLimits.retryMs, false);
      return;
    }
    if (!this.#watches.armed) {
      this.#scanWanted = true;
      this.#watches.arm(this.#tail.folders);
      // What happened before the watch stood is seen by one more round.
      await this.#sleeper.sleep(readingLimits.wakeMs, false);
      return;
    }
    this.#watches.arm(this.#tail.folders);
    if (await this.#sleeper.sleep(readingLimits.pollMs, true)) {
      this.#scanWanted = true;
      await this.#sleeper.sleep(readingLimits.wakeMs / 4, false);
    }
  }

  /** One round. True when something was read. Failures of the disk are told, and tried again later. */
  async #round(): Promise<boolean> {
    try {
      if (this.#stale) await this.#load();
      const progress = await this.#read();
      await this.#spool.sync();
      await this.#checkpoints();
      await this.#spool.tidy();
      return progress;
    } catch (thrown) {
      this.#reports.error(thrown);
      this.#state = 'disk-failed';
      this.#stale = true;
      return false;
    }
  }

  async #read(): Promise<boolean> {
    const profile = this.#profile;
    const now = this.#options.clock.now();
    if (profile === undefined) {
      this.#state = 'no-profile';
      return false;
    }
    if (isBlackout(profile.blackouts, now)) {
      this.#state = 'blackout';
      await this.#flushAll();
      return false;
    }
    if (this.#scanWanted || Math.abs(now - this.#scanned) >= readingLimits.scanMs) await this.#scan(profile);
    await this.#flushAll();
    const progress = await this.#turns();
    this.#noteFullness();
    return progress;
  }

  /** Gives each log its turn, until none has more or it is time to sync. */
  async #turns(): Promise<boolean> {
    let progress = false;
    for (const reading of this.#active()) {
      for (let more = true; more; ) {
        const turn = await reading.turn();
        progress ||= turn.progress;
        this.#scanWanted ||= turn.scan;
        // What an error log tells of server starts helps to read the others beside it, so it goes first to its end.
        more = turn.more && reading.set.log === 'error';
      }
    }
    return progress;
  }

  #active(): readonly SetReading[] {
    const wanted = [...this.#readings.values()].filter(({ set }) => this.#tail.wanted.has(set.id));
    return [...wanted.filter(({ set }) => set.log === 'error'), ...wanted.filter(({ set }) => set.log !== 'error')];
  }

  async #scan(profile: ReadingProfile): Promise<void> {
    this.#scanned = this.#options.clock.now();
    this.#scanWanted = false;
    for (const reading of this.#readings.values()) reading.refreshMarks();
    await this.#tail.scan(profile.sources, (source) => !this.#states.hasBegun(partOf(source)));
    await this.#states.noteBegun(profile.sources.map(partOf));
    for (const [id, wanted] of this.#tail.wanted) {
      const set = this.#tail.sets.get(id);
      const known = this.#readings.get(id);
      if (known !== undefined) {
        known.limits = profile.limits;
        known.zone = wanted.zone ?? 'UTC';
      } else if (set !== undefined) this.#readings.set(id, this.#createReading(set, wanted.zone ?? 'UTC'));
    }
    for (const set of this.#tail.sets.values()) keepFiles(set, this.#spool, this.#options.clock.now());
    // A content nobody holds any more may be found in a copy that was made meanwhile.
    this.#scanWanted = [...this.#tail.sets.values()].some((set) => set.files.some((file) => file.orphaned));
  }

  #createReading(set: LogSet, zone: string, saved?: SetState): SetReading {
    const reading = new SetReading(
      set,
      zone,
      this.#limits,
      {
        tail: this.#tail,
        spool: this.#spool,
        clock: this.#options.clock,
        reports: this.#reports,
        pace: this.#pace,
        counts: this.#counts,
        buffer: this.#buffer,
        started: (folder, time) => this.#noteStart(folder, time),
      },
      saved,
    );
    if (saved === undefined && set.log !== 'error') {
      for (const time of this.#starts.get(set.folder) ?? []) reading.noteStart(time);
    }
    return reading;
  }

  /** Reads what the disk holds: the states, and what the spool holds beyond them. */
  async #load(): Promise<void> {
    // What was not synced is given up first: it is read again.
    await this.#spool.sync().catch((thrown: unknown) => this.#reports.error(thrown));
    await this.#closeReadings();
    await this.#tail.forgetAll();
    const saved = await this.#states.load(this.#options.sources);
    for (const state of saved) this.#tail.know(state.set);
    const files = new Map<string, LogFile>();
    for (const { set } of saved) for (const file of set.files) files.set(file.id, file);
    for (const file of files.values()) this.#spool.checkpointed(file.id, file.position);
    const { sources, clock } = this.#options;
    adoptEntries({ spool: this.#spool, tail: this.#tail, sources, clock }, files);
    for (const state of saved) {
      this.#readings.set(state.set.id, this.#createReading(state.set, 'UTC', state));
    }
    this.#stale = false;
    this.#scanWanted = true;
  }

  async #checkpoints(): Promise<void> {
    const now = this.#options.clock.now();
    for (const reading of this.#readings.values()) {
      const { at, tookMs } = reading.checkpointed;
      const wait = Math.max(readingLimits.checkpointMs, tookMs * readingLimits.checkpointShare);
      const due = Math.abs(now - at) >= wait || reading.bytesSinceCheckpoint >= readingLimits.checkpointBytes;
      if (due && reading.dirty) await this.#checkpoint(reading);
    }
  }

  async #checkpoint(reading: SetReading): Promise<void> {
    await reading.flush(true);
    // The spool is full: the state of before stands.
    if (!reading.isFlushed) return;
    await this.#spool.sync();
    const begun = performance.now();
    await this.#states.save(reading.state());
    for (const file of reading.set.files) this.#spool.checkpointed(file.id, file.position);
    reading.noteCheckpoint(performance.now() - begun);
  }

  async #saveAll(): Promise<void> {
    for (const reading of this.#readings.values()) if (reading.dirty) await this.#checkpoint(reading);
  }

  async #flushAll(): Promise<void> {
    for (const reading of this.#readings.values()) await reading.flush(false);
  }

  async #closeReadings(): Promise<void> {
    for (const reading of this.#readings.values()) await reading.close();
    this.#readings.clear();
  }

  #noteStart(folder: string, time: number): void {
    const starts = this.#starts.get(folder) ?? [];
    this.#starts.set(folder, starts);
    if (!starts.includes(time)) starts.push(time);
    if (starts.length > startsMax) starts.shift();
    for (const reading of this.#readings.values()) {
      if (reading.set.folder === folder && reading.set.log !== 'error') reading.noteStart(time);
    }
  }

  /** The server has a file up to here: it need not be given out again. */
  #noteClaim(fileId: string, position: number): void {
    for (const set of this.#tail.sets.values()) {
      set.files.find(({ id }) => id === fileId)?.covered.add({ from: 0, to: position });
    }
  }

  #noteFullness(): void {
    const { fullness } = this.#spool;
    this.#state = fullness === 'room' ? 'reading' : fullness === 'full' ? 'spool-full' : 'spool-old';
    const full = fullness !== 'room';
    if (full === this.#wasFull) return;
    this.#wasFull = full;
    if (!full) {
      this.#reports.event('spool-free', 'The spool has room again; reading goes on.');
      return;
    }
    const error = new AppError(
      'spool-full',
      fullness === 'full'
        ? 'The spool is full; reading has stopped, and nothing unsent is deleted.'
        : 'The oldest batch waits longer than it should; reading has stopped, and nothing unsent is deleted.',
    );
    this.#reports.event('spool-full', this.#reports.error(error).message);
  }

  get #limits(): ProfileLimits {
    return this.#profile?.limits ?? defaultProfileLimits;
  }

  #applyLimits(): void {
    const { spoolBytes, spoolAgeHours, linesPerSecond } = this.#limits;
    this.#spool.bounds = { bytes: spoolBytes, ageMs: spoolAgeHours * 3_600_000 };
    this.#pace.linesPerSecond = linesPerSecond;
    for (const reading of this.#readings.values()) reading.limits = this.#limits;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#work.then(work, work);
    this.#work = turn.catch(() => undefined);
    return turn;
  }
}

/** Name of a part of a profile, by what it means and where it begins. */
function partOf({ source, paths, start = 'beginning' }: ReadingSource): string {
  return createHash('sha256')
    .update(JSON.stringify([source, paths, start]))
    .digest('hex')
    .slice(0, 24);
}

function newer(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.max(one, other);
}
