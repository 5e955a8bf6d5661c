import { AppError } from '#error';
import type { FileSystem, OpenFile } from '../file-system.ts';
import type { Reports } from '../reports.ts';
import { setAside } from '../state/checked-file.ts';
import {
  type EntryHead,
  encodeEntry,
  encodeSegmentHead,
  type FoundEntry,
  readBody,
  type SegmentScan,
  scanSegment,
  segmentHeadBytes,
} from './segment.ts';

const segmentForm = /^(\d{16})\.segment$/;

/** A segment on the disk. */
interface Segment {
  readonly path: string;
  bytes: number;
  /** Bytes of it that lie on the disk for sure. */
  syncedBytes: number;
  entries: StoredEntry[];
}

/** An entry, and where it lies. */
export interface StoredEntry {
  readonly head: EntryHead;
  readonly found: FoundEntry;
  readonly path: string;
}

/**
 * The files of the spool: entries are appended to the newest, and whole files are deleted from the oldest on. What a
 * failed or interrupted write left behind the last good entry is cut off; other damage is set aside.
 */
export class Segments {
  /** Bytes of all segments. */
  bytes = 0;
  /** Bytes found damaged. */
  damagedBytes = 0;
  /** Number of the next entry. */
  next = 1;
  readonly #fileSystem: FileSystem;
  readonly #folder: string;
  readonly #reports: Reports;
  #segments: Segment[] = [];
  #open: OpenFile | undefined;
  /** A segment whose end must be cut off before anything else is written. */
  #torn: Segment | undefined;

  constructor(fileSystem: FileSystem, folder: string, reports: Reports) {
    this.#fileSystem = fileSystem;
    this.#folder = folder;
    this.#reports = reports;
  }

  /** Finds the segments that are there. */
  async open(): Promise<void> {
    const names = (await this.#fileSystem.list(this.#folder)) ?? [];
    for (const name of names.filter((one) => one.endsWith('.new'))) {
      await this.#fileSystem.remove(`${this.#folder}/${name}`);
    }
    const found = names.filter((name) => segmentForm.test(name));
    for (const [at, name] of found.entries()) await this.#openSegment(name, at === found.length - 1);
  }

  /** All entries, oldest first. */
  *entries(): Generator<StoredEntry> {
    for (const { entries } of this.#segments) yield* entries;
  }

  /** Appends an entry, to a new segment when the newest has `segmentBytes`. */
  async append(head: EntryHead, body: Buffer, segmentBytes: number): Promise<StoredEntry> {
    await this.#cutTorn();
    const { segment, file } = await this.#writable(segmentBytes);
    const bytes = encodeEntry(head, body);
    try {
      await file.write(bytes, segment.bytes);
    } catch (thrown) {
      // What was synced stays; the part of an entry behind it is cut off.
      this.#torn = { ...segment, syncedBytes: segment.bytes };
      await this.#closeOpen();
      throw thrown;
    }
    const bodyAt = segment.bytes + bytes.length - body.length;
    const found = { head, at: segment.bytes, length: bytes.length, bodyAt, bodyBytes: body.length };
    const stored = { head, found, path: segment.path };
    segment.entries.push(stored);
    segment.bytes += bytes.length;
    this.bytes += bytes.length;
    this.next = head.sequence + 1;
    return stored;
  }

  /**
   * Syncs what was appended. When that fails, gives what is lost with it: what the system could not write, it may have
   * thrown away, so only what was synced before counts.
   */
  async sync(): Promise<{ readonly lost: readonly StoredEntry[]; readonly failure: unknown } | undefined> {
    const segment = this.#segments.at(-1);
    if (segment === undefined || segment.syncedBytes === segment.bytes) return undefined;
    try {
      if (this.#open === undefined)
        throw new AppError('file-unreadable', 'A segment of the spool could not be written.');
      await this.#open.sync();
      segment.syncedBytes = segment.bytes;
      return undefined;
    } catch (failure) {
      const kept = segment.entries.filter(({ found }) => found.at + found.length <= segment.syncedBytes);
      const lost = segment.entries.slice(kept.length);
      segment.entries = kept;
      this.bytes -= segment.bytes - segment.syncedBytes;
      segment.bytes = segment.syncedBytes;
      this.#torn = segment;
      await this.#closeOpen();
      return { lost, failure };
    }
  }

  /** Reads an entry's body; undefined when it is damaged. */
  async body({ found, path }: StoredEntry): Promise<Buffer | undefined> {
    const file = await this.#fileSystem.open(path, 'read');
    try {
      return await readBody(file, found);
    } finally {
      await file.close();
    }
  }

  /** Deletes the oldest segments whose entries are all done with; the newest only when it has `lastBytes`. */
  async deleteDone(isDone: (stored: StoredEntry) => boolean, lastBytes: number): Promise<boolean> {
    let deleted = false;
    for (;;) {
      const [segment] = this.#segments;
      if (segment === undefined || !segment.entries.every(isDone)) return deleted;
      if (this.#segments.length === 1) {
        if (segment.bytes < lastBytes || segment.syncedBytes < segment.bytes) return deleted;
        await this.#closeOpen();
      }
      await this.#fileSystem.remove(segment.path);
      if (this.#torn?.path === segment.path) this.#torn = undefined;
      this.#segments.shift();
      this.bytes -= segment.bytes;
      deleted = true;
    }
  }

  async close(): Promise<void> {
    await this.#closeOpen();
  }

  async #openSegment(name: string, last: boolean): Promise<void> {
    const path = `${this.#folder}/${name}`;
    const first = Number(segmentForm.exec(name)?.[1] ?? 0);
    this.next = Math.max(this.next, first);
    let scan = await this.#scan(path);
    const torn = scan.bytes - scan.end;
    // The newest may have got no head, or nothing but a torn entry: then there is nothing to keep.
    const isDamaged = scan.damagedBytes > 0 || (torn > 0 && !last);
    if (isDamaged && !(last && scan.entries.length === 0)) {
      await this.#repair(path, first, scan);
      scan = await this.#scan(path);
    } else if (torn > 0 && scan.entries.length > 0) await this.#cut(path, scan.end);
    if (scan.entries.length === 0) {
      // The next segment may get its name.
      await this.#fileSystem.remove(path);
      return;
    }
    const entries = scan.entries.map((found) => ({ head: found.head, found, path }));
    this.#segments.push({ path, bytes: scan.end, syncedBytes: scan.end, entries });
    this.bytes += scan.end;
    this.next = Math.max(this.next, ...scan.entries.slice(-1).map(({ head }) => head.sequence + 1));
  }

  async #scan(path: string): Promise<SegmentScan & { readonly bytes: number }> {
    const file = await this.#fileSystem.open(path, 'read');
    try {
      const { bytes } = await file.facts();
      return { ...(await scanSegment(file, bytes)), bytes };
    } finally {
      await file.close();
    }
  }

  /** Writes the good entries of a damaged segment anew, and sets the damaged one aside. */
  async #repair(path: string, first: number, scan: SegmentScan & { readonly bytes: number }): Promise<void> {
    const lost = scan.damagedBytes + scan.bytes - scan.end;
    this.damagedBytes += lost;
    this.#reports.event('spool-damaged', `${lost} bytes of the spool were damaged and set aside.`, path);
    const old = await this.#fileSystem.open(path, 'read');
    const anew = await this.#fileSystem.open(`${path}.new`, 'create');
    try {
      let at = segmentHeadBytes;
      await anew.write(encodeSegmentHead(first), 0);
      for (const { at: from, length } of scan.entries) {
        const entry = Buffer.alloc(length);
        await old.read(entry, from);
        await anew.write(entry, at);
        at += length;
      }
      await anew.sync();
    } finally {
      await old.close();
      await anew.close();
    }
    await setAside(this.#fileSystem, this.#folder, path);
    await this.#fileSystem.rename(`${path}.new`, path);
    await this.#fileSystem.syncFolder(this.#folder);
  }

  /** The segment to write to: the newest, or a new one when that is full. */
  async #writable(segmentBytes: number): Promise<{ readonly segment: Segment; readonly file: OpenFile }> {
    const last = this.#segments.at(-1);
    if (last !== undefined && this.#open !== undefined) {
      if (last.bytes < segmentBytes || last.syncedBytes < last.bytes) return { segment: last, file: this.#open };
      await this.#closeOpen();
    }
    const path = `${this.#folder}/${String(this.next).padStart(16, '0')}.segment`;
    const file = await this.#fileSystem.open(path, 'create');
    try {
      await file.write(encodeSegmentHead(this.next), 0);
      await file.sync();
      await this.#fileSystem.syncFolder(this.#folder);
    } catch (thrown) {
      await close(file);
      throw thrown;
    }
    const segment: Segment = { path, bytes: segmentHeadBytes, syncedBytes: segmentHeadBytes, entries: [] };
    this.#segments.push(segment);
    this.bytes += segment.bytes;
    this.#open = file;
    return { segment, file };
  }

  async #cutTorn(): Promise<void> {
    const torn = this.#torn;
    if (torn === undefined) return;
    await this.#cut(torn.path, torn.syncedBytes);
    this.#torn = undefined;
  }

  async #cut(path: string, bytes: number): Promise<void> {
    const file = await this.#fileSystem.open(path, 'write');
    try {
      await file.truncate(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async #closeOpen(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    if (open !== undefined) await close(open);
  }
}

/** Closes a file after a failure, or when all of it is synced: then closing has nothing left to say. */
async function close(file: OpenFile): Promise<void> {
  try {
    await file.close();
  } catch {
    // see above
  }
}
