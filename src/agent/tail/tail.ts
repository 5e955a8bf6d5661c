import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { AppError } from '#error';
import { parseTime } from '#event';
import { placeInSet, type Source, sampleBytes } from '#source';
import type { FileFacts, FileSystem, OpenFile } from '../file-system.ts';
import { readingLimits } from '../limits.ts';
import type { Clock, FileStatus, ReadingSource } from '../reading/reading.ts';
import type { Reports } from '../reports.ts';
import { closeCarrier, dropCarrier, fits, sortByPlace, startMarks, statusOfOther } from './carriers.ts';
import { type Candidate, LogFinder, Newest } from './find-logs.ts';
import { type Identified, identify } from './identify.ts';
import { type Carrier, createLogFile, inodeOf, type LogFile, type NewLogFile, primaryOf } from './log-file.ts';
import { idOf, LogSet } from './log-set.ts';
import { Ranges } from './ranges.ts';
import { UnreadFiles } from './unread-files.ts';

/** What {@link Tail} needs. */
export interface TailOptions {
  readonly fileSystem: FileSystem;
  readonly sources: readonly Source[];
  readonly allowedFolders: readonly string[];
  readonly clock: Clock;
  readonly reports: Reports;
}

interface Held {
  readonly set: LogSet;
  readonly file: LogFile;
  readonly carrier: Carrier;
}

type IdentifiedLog = Extract<Identified, { what: 'log' }>;

/** Knows which files hold which content, whatever is done to them. */
export class Tail {
  /** All logs known, by id. */
  readonly sets: Map<string, LogSet> = new Map();
  /** The part of the profile that each log is read by; logs that are not here are not read. */
  wanted: Map<string, ReadingSource> = new Map();
  /** Files that are no logs yet, or cannot be read. */
  others: Map<string, FileStatus> = new Map();
  folders: readonly string[] = [];
  readonly #options: TailOptions;
  readonly #finder: LogFinder;
  readonly #held = new Map<string, Held>();
  /** Inodes that are no logs, and their size as that was found out. */
  readonly #foreign = new Map<string, number>();
  readonly #unread: UnreadFiles;
  /** Files that hold no whole record yet: how much they held, and since when by the steady clock. */
  readonly #waiting = new Map<string, { readonly bytes: number; readonly since: number }>();
  readonly #told = new Set<string>();
  /** Logs that were found first in the present look. */
  readonly #fresh = new Set<string>();
  #newest = new Newest();

  constructor(options: TailOptions) {
    this.#options = options;
    this.#unread = new UnreadFiles(() => options.clock.steady());
    const { fileSystem, sources, allowedFolders, reports } = options;
    this.#finder = new LogFinder(fileSystem, sources, allowedFolders, reports);
  }

  /** Takes in logs known from before, with the files they were in. */
  know(set: LogSet): void {
    this.sets.set(set.id, set);
    for (const file of set.files) {
      for (const carrier of [...file.carriers]) {
        const other = this.#held.get(inodeOf(carrier.facts));
        this.#held.set(inodeOf(carrier.facts), { set, file, carrier });
        if (other === undefined || other.carrier === carrier) continue;
        // States of different times name one inode, which was used again: its content tells whose it is.
        dropCarrier(other);
        dropCarrier({ file, carrier });
        this.#held.delete(inodeOf(carrier.facts));
      }
    }
  }

  /** Forgets everything, and closes what is open. */
  async forgetAll(): Promise<void> {
    for (const { carrier } of this.#held.values()) await closeCarrier(carrier);
    this.#held.clear();
    this.#foreign.clear();
    this.sets.clear();
    this.wanted.clear();
  }

  /**
   * Looks at all files the profile means. `isNew` tells the sources whose files are looked at for the first time, to
   * which their start position applies.
   */
  async scan(profile: readonly ReadingSource[], isNew: (source: ReadingSource) => boolean): Promise<void> {
    const candidates = await this.#find(profile);
    const orphans = this.#orphans();
    for (const held of this.#held.values()) held.carrier.gone = true;
    for (const candidate of this.#byAge(candidates)) await this.#takeIn(candidate, isNew);
    await this.#dropGone();
    for (const { set, file } of orphans) if (!this.#mayBeCopied(set)) this.#endOrphan(file);
    for (const set of this.sets.values()) sortByPlace(set);
    for (const set of this.sets.values()) {
      if (this.wanted.has(set.id)) for (const file of set.files) await this.open(file);
    }
  }

  /** Finds the files, and begins a look at them. */
  async #find(profile: readonly ReadingSource[]): Promise<readonly Candidate[]> {
    const { candidates, folders, unmatched, failures } = await this.#finder.find(profile);
    this.folders = folders;
    this.others = new Map();
    this.wanted = new Map();
    for (const pattern of unmatched) {
      this.others.set(pattern, statusOfOther(pattern, undefined, 'empty', 'pattern-matches-nothing'));
    }
    for (const [path, error] of failures) this.#noteFailure(path, error);
    this.#newest = new Newest();
    this.#fresh.clear();
    const there = new Set(candidates.map(({ path }) => path));
    this.#unread.keep(there);
    for (const { path, wanted } of candidates) {
      const source = this.#source(wanted);
      if (source !== undefined) this.#newest.note(source, path);
    }
    return candidates;
  }

  /** Whether nobody will write to a file any more: a newer one of its log is there, or it has no name any more. */
  isRotated(set: LogSet, file: LogFile): boolean {
    const carrier = primaryOf(file);
    return carrier === undefined || carrier.gone || this.#newest.isRotated(set.source, carrier.path);
  }

  /**
   * Whether an older file of the log is there that cannot be looked at: a disk that failed once mostly answers the next
   * time, and what is known of sessions goes on from file to file. After a while the log goes on without it.
   */
  isHeldUp(set: LogSet, file: LogFile): boolean {
    return this.#unread.some(set, ({ order }) => order < file.order);
  }

  /** Whether a rotated file that cannot be looked at may hold the content of one that is gone from where it was. */
  #mayBeCopied(set: LogSet): boolean {
    return this.#unread.some(set, ({ path }) => this.#newest.isRotated(set.source, path));
  }

  /** Opens what a file is to be read from, if it is not open, and more can be open at one time. */
  async open(file: LogFile): Promise<void> {
    const carrier = primaryOf(file);
    if (file.done || carrier === undefined || carrier.handle !== undefined || carrier.gone) return;
    let open = 0;
    for (const held of this.#held.values()) if (held.carrier.handle !== undefined) open += 1;
    if (open >= readingLimits.openFilesMax) return;
    try {
      const handle = await this.#options.fileSystem.open(carrier.path, 'read');
      const facts = await handle.facts();
      // The name may lead to another file by now; the next look finds out.
      if (inodeOf(facts) === inodeOf(carrier.facts)) carrier.handle = handle;
      else await handle.close();
      file.failure = undefined;
    } catch (thrown) {
      file.failure = this.#options.reports.error(thrown).code;
    }
  }

  /** A file was read to its end. */
  async finish(file: LogFile): Promise<void> {
    file.done = true;
    for (const carrier of file.carriers) await closeCarrier(carrier);
  }

  /** Older files first, as far as names tell, so that files are numbered in the order they were made. */
  #byAge(candidates: readonly Candidate[]): readonly Candidate[] {
    const order = ({ path, wanted }: Candidate): string => this.#source(wanted)?.rotation(basename(path))?.order ?? '';
    return candidates
      .map((candidate) => ({ candidate, order: order(candidate) }))
      .sort((one, other) => (one.order === other.order ? 0 : one.order < other.order ? -1 : 1))
      .map(({ candidate }) => candidate);
  }

  async #takeIn(candidate: Candidate, isNew: (source: ReadingSource) => boolean): Promise<void> {
    const { path } = candidate;
    try {
      const isKnown = (await this.#know(candidate)) || (await this.#identify(candidate, isNew));
      this.#told.delete(path);
      if (isKnown) this.#unread.remove(path);
      else this.#unread.add(path);
    } catch (thrown) {
      this.#unread.add(path);
      this.#noteFailure(path, this.#options.reports.error(thrown));
    }
  }

  /** True when a file is one that was known, and still holds what it held. */
  async #know({ path, facts, wanted }: Candidate): Promise<boolean> {
    const held = this.#held.get(inodeOf(facts));
    if (held === undefined) return false;
    const { set, file, carrier } = held;
    carrier.gone = false;
    const old = carrier.facts;
    const grown = facts.bytes !== old.bytes || facts.modified !== old.modified;
    const shrank = !carrier.compressed && facts.bytes < old.bytes;
    // Of a file that was read to its end, its size and time say enough.
    const isDoubtful = carrier.handle === undefined && (grown || (carrier.unverified && !file.done));
    if (carrier.changed || shrank || (isDoubtful && !(await this.#isSame(held, path, facts)))) {
      await this.#detach(held, old.bytes > facts.bytes || carrier.changed ? 'shrank' : 'missing');
      return false;
    }
    carrier.unverified = false;
    carrier.facts = facts;
    carrier.path = path;
    this.#note(set, file, wanted);
    if (file.done && (carrier.compressed ? grown : facts.bytes > file.position)) file.done = false;
    return true;
  }

  /** A file was seen, and is read. */
  #note(set: LogSet, file: LogFile, wanted: ReadingSource): void {
    file.lastSeen = this.#options.clock.now();
    file.orphaned = undefined;
    if (wanted.logs.includes(set.log)) this.wanted.set(set.id, wanted);
  }

  /** Whether a file that was not open still holds the content it held. */
  async #isSame({ set, file }: Held, path: string, facts: FileFacts): Promise<boolean> {
    const handle = await this.#options.fileSystem.open(path, 'read');
    try {
      const found = await this.#look(path, handle, facts, { source: set.source.id, logs: [set.log], paths: [] });
      return found.what === 'log' && found.stream === file.stream && (await fits(file, found.bytes));
    } finally {
      await handle.close();
    }
  }

  /** Finds out what a file is; false when that cannot be told yet, although it holds something. */
  async #identify(candidate: Candidate, isNew: (source: ReadingSource) => boolean): Promise<boolean> {
    const { path, facts, wanted } = candidate;
    const inode = inodeOf(facts);
    const foreign = this.#foreign.get(inode);
    if (foreign !== undefined && facts.bytes >= foreign) return true;
    this.#foreign.delete(inode);
    const handle = await this.#options.fileSystem.open(path, 'read');
    try {
      const found = await this.#look(path, handle, facts, wanted);
      if (found.what !== 'empty') this.#waiting.delete(inode);
      if (found.what === 'other' && facts.bytes >= sampleBytes) this.#foreign.set(inode, facts.bytes);
      if (found.what === 'empty') this.others.set(path, statusOfOther(path, facts, 'empty', undefined));
      if (found.what === 'log') await this.#assign(candidate, found, isNew);
      return found.what !== 'empty' || found.over;
    } finally {
      await handle.close();
    }
  }

  #look(path: string, handle: OpenFile, facts: FileFacts, wanted: ReadingSource): Promise<Identified> {
    const source = this.#source(wanted);
    const isRotated = source !== undefined && this.#newest.isRotated(source, path);
    return identify(path, handle, facts, wanted, this.#options.sources, {
      isRotated,
      restMs: this.#restOf(facts),
    });
  }

  /** Milliseconds for which a file that holds no whole record yet was seen not to grow. */
  #restOf(facts: FileFacts): number {
    const steady = this.#options.clock.steady();
    const inode = inodeOf(facts);
    const waiting = this.#waiting.get(inode);
    if (waiting?.bytes === facts.bytes) return steady - waiting.since;
    if (this.#waiting.size >= readingLimits.filesMax) this.#waiting.clear();
    this.#waiting.set(inode, { bytes: facts.bytes, since: steady });
    return 0;
  }

  /** Gives a file to the content it holds: one that is known, or a new one. */
  async #assign(candidate: Candidate, found: IdentifiedLog, isNew: (source: ReadingSource) => boolean): Promise<void> {
    const { path, facts, wanted } = candidate;
    const known = await this.#findKnown(path, found);
    const { key, order } = placeInSet(found.source, found.log, path);
    const carrier: Carrier = {
      path,
      facts,
      compressed: found.bytes.compressed,
      handle: undefined,
      gone: false,
      changed: false,
      unverified: false,
    };
    if (known !== undefined) {
      const { set, file } = known;
      file.carriers.push(carrier);
      if (carrier.compressed || facts.bytes > file.position) file.done = false;
      this.#held.set(inodeOf(facts), { set, file, carrier });
      this.#note(set, file, wanted);
      return;
    }
    const set = this.sets.get(idOf(key)) ?? this.#createSet(key, found, path);
    if (set === undefined) return;
    const marks = await startMarks(found.bytes);
    const id = randomBytes(8).toString('hex');
    const basics = { id, stream: found.stream, born: set.born, place: path, order, marks, carriers: [carrier] };
    const file = createLogFile(
      this.#fresh.has(set.id) && isNew(wanted) ? this.#startOf(candidate, found, basics) : basics,
    );
    set.add(file);
    this.#held.set(inodeOf(facts), { set, file, carrier });
    this.#note(set, file, wanted);
  }

  /** Where reading begins in a file that was there before the profile. */
  #startOf({ path, facts, wanted }: Candidate, { source, bytes }: IdentifiedLog, basics: NewLogFile): NewLogFile {
    const start = wanted.start ?? 'beginning';
    if (start === 'beginning') return basics;
    const rotated = this.#newest.isRotated(source, path);
    const time = start === 'end' ? undefined : parseTime(start)?.ms;
    if (time !== undefined && !(rotated && facts.modified < time)) return { ...basics, notBefore: time };
    const end = bytes.compressed ? Number.MAX_SAFE_INTEGER : facts.bytes;
    const covered = new Ranges([{ from: 0, to: end }]);
    const position = bytes.compressed ? 0 : Math.max(0, end - readingLimits.warmUpBytes);
    // The newest file is read all the same, so that its open sessions are known.
    if (!rotated) return { ...basics, covered, position };
    return { ...basics, covered, done: true, position: bytes.compressed ? 0 : end };
  }

  #createSet(key: string, found: IdentifiedLog, path: string): LogSet | undefined {
    if (this.sets.size >= readingLimits.logsMax) {
      this.#options.reports.error(new AppError('too-many-logs', `There are more than ${readingLimits.logsMax} logs.`));
      return undefined;
    }
    const set = new LogSet(key, found.source, found.log, path);
    this.sets.set(set.id, set);
    this.#fresh.add(set.id);
    return set;
  }

  /** The content a file holds, if it is known: those of its own log first. */
  async #findKnown(path: string, found: IdentifiedLog): Promise<{ set: LogSet; file: LogFile } | undefined> {
    const { key } = placeInSet(found.source, found.log, path);
    const sets = [...this.sets.values()].filter((set) => set.source === found.source && set.log === found.log);
    const own = sets.filter((set) => set.key === key);
    for (const set of [...own, ...sets.filter((one) => one.key !== key)]) {
      for (const file of set.files) {
        if (file.stream === found.stream && (await fits(file, found.bytes))) return { set, file };
      }
    }
    return undefined;
  }

  async #detach({ file, carrier }: Held, why: 'shrank' | 'missing'): Promise<void> {
    await closeCarrier(carrier);
    this.#held.delete(inodeOf(carrier.facts));
    dropCarrier({ file, carrier });
    if (file.orphaned !== undefined) file.orphaned = why;
  }

  /** Files that no pattern finds any more are let go, when they are not open. */
  async #dropGone(): Promise<void> {
    for (const held of [...this.#held.values()]) {
      const { carrier, file } = held;
      if (!carrier.gone || (carrier.handle !== undefined && !file.done)) continue;
      await this.#detach(held, 'missing');
    }
  }

  #orphans(): readonly { readonly set: LogSet; readonly file: LogFile }[] {
    return [...this.sets.values()].flatMap((set) =>
      set.files.filter(({ orphaned }) => orphaned !== undefined).map((file) => ({ set, file })),
    );
  }

  /** Nobody holds the content, and no copy of it was found in a whole look at all files. */
  #endOrphan(file: LogFile): void {
    if (file.orphaned === undefined || file.carriers.length > 0) return;
    file.done = true;
    const { reports } = this.#options;
    const read = Math.max(file.position, ...file.covered.all.map(({ to }) => to));
    if (file.orphaned === 'shrank') {
      reports.event('log-shrank', `The log became shorter than the ${read} bytes that were read of it.`, file.place);
    } else {
      reports.event('file-unreadable', `The file is gone; it was read up to byte ${read}.`, file.place);
    }
    file.orphaned = undefined;
  }

  #noteFailure(path: string, error: AppError): void {
    this.others.set(path, statusOfOther(path, undefined, 'failed', error.code));
    if (this.#told.has(path)) return;
    this.#told.add(path);
    this.#options.reports.event('file-unreadable', error.message, path);
  }

  #source({ source }: ReadingSource): Source | undefined {
    return this.#options.sources.find(({ id }) => id === source);
  }
}
