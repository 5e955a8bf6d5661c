import { discoverFiles } from './discover-files.ts';
import { type ListTerms, noTerms } from './intelligence-lists.ts';
import type { KnownPart } from './knowledge.ts';
import { type Notice, notice, noticeOf } from './notice.ts';
import type { EnrichFile, EnrichOptions, FileKind } from './options.ts';
import { fileSignature, readContent } from './read-file.ts';
import { readPart } from './read-part.ts';
import type { SkippedRow } from './skipped-rows.ts';

/** What is known of a file. */
export interface KnownFile {
  readonly kind: FileKind;
  readonly path: string;
  /** Name and version of the data in use; absent when none could be read yet. */
  readonly source: string | undefined;
  readonly entries: number;
  /** Epoch milliseconds when the data in use was read. */
  readonly readAt: number | undefined;
  /** Epoch milliseconds after which the data counts as stale. */
  readonly staleAfter: number | undefined;
  /** Rows that cannot be used, and the first of them. */
  readonly skipped: number;
  readonly skippedRows: readonly SkippedRow[];
}

interface Slot {
  readonly file: EnrichFile;
  /** Of the content that was read last, whether it could be used or not. */
  signature: string;
  /** Of a change that is waited on, and since when. */
  pending: string;
  pendingSince: number;
  part: KnownPart | undefined;
  failure: Notice | undefined;
  readAt: number | undefined;
}

/**
 * The files enrichment knows of. Each is read again when it has changed and then stayed as it is for a while; one that
 * cannot be used leaves what was read from it before in use.
 */
export class KnownFiles {
  readonly #options: EnrichOptions;
  readonly #clock: () => number;
  readonly #settleMs: number;
  readonly #slots = new Map<string, Slot>();
  readonly #gone = new Map<string, Notice>();
  #found: readonly Notice[] = [];
  #terms: ReadonlyMap<string, ListTerms> = new Map();

  constructor(options: EnrichOptions, clock: () => number) {
    this.#options = options;
    this.#clock = clock;
    this.#settleMs = options.settleMs ?? 1_000;
  }

  /** Data of all files, in a fixed order. */
  get parts(): readonly KnownPart[] {
    return this.#sorted().flatMap((slot) => slot.part ?? []);
  }

  /** Kinds of files that are there, but of which none could be read. */
  get lacking(): ReadonlySet<FileKind> {
    const kinds = new Set(
      [...this.#slots.values()].filter((slot) => slot.part === undefined).map((slot) => slot.file.kind),
    );
    for (const part of this.parts) kinds.delete(part.kind);
    return kinds;
  }

  get files(): readonly KnownFile[] {
    return this.#sorted().map(({ file, part, readAt }) => ({
      kind: file.kind,
      path: file.path,
      source: part?.source,
      entries: part?.entries ?? 0,
      readAt,
      staleAfter: part?.staleAfter,
      skipped: part?.skipped ?? 0,
      skippedRows: part?.skippedRows ?? [],
    }));
  }

  /** What a person should know of the files, as of now. */
  notices(): readonly Notice[] {
    const now = this.#clock();
    return [
      ...this.#found,
      ...this.#gone.values(),
      ...this.#sorted().flatMap(({ file, part, failure }) => [
        ...(failure === undefined ? [] : [failure]),
        ...(part?.notices ?? []),
        ...(part?.staleAfter !== undefined && now > part.staleAfter ? [staleNotice(file.path, part.staleAfter)] : []),
      ]),
    ];
  }

  /**
   * Looks for files that came, changed or went, and reads them. Gives whether the data in use is other than before.
   * `atOnce` does not wait for changed files to settle.
   */
  async check(atOnce: boolean): Promise<boolean> {
    const { files, notices, complete } = await discoverFiles(this.#options);
    this.#found = notices;
    let changed = complete && this.#drop(new Set(files.map((file) => file.path)));
    for (const file of files) this.#slotOf(file);
    // What is said about lists comes first: lists are read by it.
    for (const slot of this.#sorted()) changed = (await this.#refresh(slot, atOnce)) || changed;
    return changed;
  }

  /** Says no longer that files are gone. */
  forget(paths: readonly string[]): void {
    for (const path of paths) this.#gone.delete(path);
  }

  #sorted(): readonly Slot[] {
    const first = (slot: Slot): number => (slot.file.kind === 'intelligence-lists' ? 0 : 1);
    return [...this.#slots.values()].sort(
      (one, other) => first(one) - first(other) || (one.file.path < other.file.path ? -1 : 1),
    );
  }

  #slotOf(file: EnrichFile): void {
    this.#gone.delete(file.path);
    if (this.#slots.has(file.path)) return;
    this.#slots.set(file.path, {
      file,
      signature: '',
      pending: '',
      pendingSince: 0,
      part: undefined,
      failure: undefined,
      readAt: undefined,
    });
  }

  #drop(there: ReadonlySet<string>): boolean {
    let dropped = false;
    for (const [path, slot] of this.#slots) {
      if (there.has(path) || !slot.file.found) continue;
      this.#slots.delete(path);
      if (slot.part === undefined) continue;
      dropped = true;
      this.#gone.set(
        path,
        notice('enrichment-file-gone', path, `${path} was removed; what it said is no longer added.`),
      );
      if (slot.file.kind === 'intelligence-lists') this.#takeTerms(new Map());
    }
    return dropped;
  }

  async #refresh(slot: Slot, atOnce: boolean): Promise<boolean> {
    const signature = await fileSignature(slot.file.path);
    if (signature === slot.signature) return false;
    const now = this.#clock();
    if (!atOnce && !this.#hasSettled(slot, signature, now)) return false;
    try {
      const content = await readContent(slot.file);
      // A file that changed while it was read is read again when it has settled.
      if (!atOnce && (await fileSignature(slot.file.path)) !== signature) return false;
      slot.signature = signature;
      slot.part = await readPart(slot.file.kind, content, this.#terms.get(content.name.toLowerCase()) ?? noTerms);
      slot.failure = undefined;
      slot.readAt = now;
      if (slot.part.kind === 'intelligence-lists') this.#takeTerms(slot.part.terms);
      return true;
    } catch (thrown) {
      slot.signature = signature;
      slot.failure = noticeOf(thrown, slot.file.path);
      // A kind of file of which nothing could be read makes events partial.
      return slot.part === undefined;
    }
  }

  #hasSettled(slot: Slot, signature: string, now: number): boolean {
    if (slot.pending !== signature) {
      slot.pending = signature;
      slot.pendingSince = now;
    }
    return now - slot.pendingSince >= this.#settleMs;
  }

  #takeTerms(terms: ReadonlyMap<string, ListTerms>): void {
    this.#terms = terms;
    for (const slot of this.#slots.values()) if (slot.file.kind === 'intelligence') slot.signature = '';
  }
}

function staleNotice(path: string, staleAfter: number): Notice {
  const day = new Date(staleAfter).toISOString().slice(0, 10);
  return notice('enrichment-stale', path, `${path} should have been renewed by ${day}.`);
}
