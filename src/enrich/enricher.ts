import type { Event } from '#event';
import { EventContext } from './event-context.ts';
import { Knowledge } from './knowledge.ts';
import { type KnownFile, KnownFiles } from './known-files.ts';
import { type LookUp, lookUp } from './look-up.ts';
import { type Notice, notice } from './notice.ts';
import type { EnrichOptions } from './options.ts';

/** What an enricher has in use, and what it did. */
export interface EnrichStatus {
  readonly files: readonly KnownFile[];
  /** Rows in use of all tables of the kind. */
  readonly zones: number;
  readonly assets: number;
  readonly identities: number;
  readonly databases: readonly { readonly label: string; readonly builtAt: number }[];
  readonly lists: readonly { readonly name: string; readonly addresses: number; readonly unmatchable: number }[];
  /** Events seen, and how many of them went on without a look-up that could not be made. */
  readonly events: number;
  readonly partial: number;
}

/** The second stage: adds what is known about addresses and identities. */
export interface Enricher {
  /** Fills the labels of the context group, in place. Never throws, never waits, never drops an event. */
  enrich(event: Event): void;
  /** Reads what has changed now, without waiting for files to settle. `gone` are files that were removed on purpose. */
  refresh(gone?: readonly string[]): Promise<void>;
  /** What a person should know about the files. */
  notices(): readonly Notice[];
  status(): EnrichStatus;
  /** Tells what an address, a DN or a host name would get at a time, and which file says so. Changes and counts nothing. */
  lookUp(text: string, time: number): LookUp;
  /** Stops looking for changes. */
  close(): Promise<void>;
}

/** Reads all files once and watches them from then on. Files that cannot be used are notices, never errors. */
export async function createEnricher(options: EnrichOptions = {}): Promise<Enricher> {
  const enricher = new FileEnricher(options);
  await enricher.refresh();
  enricher.watch(options.pollMs ?? 5_000);
  return enricher;
}

class FileEnricher implements Enricher {
  readonly #files: KnownFiles;
  readonly #failures = new Map<string, number>();
  #knowledge: Knowledge;
  #context: EventContext;
  #timer: NodeJS.Timeout | undefined;
  #checking: Promise<void> = Promise.resolve();
  #busy = false;
  #events = 0;
  #partial = 0;

  constructor(options: EnrichOptions) {
    this.#files = new KnownFiles(options, options.clock ?? Date.now);
    this.#knowledge = this.#learn();
    this.#context = new EventContext(this.#knowledge);
  }

  watch(pollMs: number): void {
    if (pollMs <= 0) return;
    // A check that takes longer than the interval is not overtaken by the next.
    this.#timer = setInterval(() => {
      if (!this.#busy) void this.#check(false);
    }, pollMs).unref();
  }

  async refresh(gone: readonly string[] = []): Promise<void> {
    await this.#check(true);
    this.#files.forget(gone);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#checking;
  }

  #check(atOnce: boolean): Promise<void> {
    this.#busy = true;
    this.#checking = this.#checking.then(async () => {
      if (await this.#files.check(atOnce)) {
        this.#knowledge = this.#learn();
        this.#context = new EventContext(this.#knowledge);
      }
      this.#busy = false;
    });
    return this.#checking;
  }

  #learn(): Knowledge {
    this.#failures.clear();
    return new Knowledge(this.#files.parts, this.#files.lacking, (path) =>
      this.#failures.set(path, (this.#failures.get(path) ?? 0) + 1),
    );
  }

  notices(): readonly Notice[] {
    const failures = [...this.#failures].map(([path, count]) =>
      notice('enrichment-failed', path, `${path} is damaged inside: look-ups of ${count} addresses failed.`),
    );
    return [...this.#files.notices(), ...failures];
  }

  status(): EnrichStatus {
    const { parts, files } = this.#files;
    const rows = (kind: string): number =>
      parts.reduce((sum, part) => sum + (part.kind === kind ? part.entries : 0), 0);
    return {
      files,
      zones: rows('zones'),
      assets: rows('assets'),
      identities: rows('identities'),
      databases: parts.flatMap((part) =>
        part.kind === 'geography' ? [{ label: part.source, builtAt: part.builtAt }] : [],
      ),
      lists: parts.flatMap((part) =>
        part.kind === 'intelligence'
          ? [{ name: part.list, addresses: part.entries, unmatchable: part.unmatchable }]
          : [],
      ),
      events: this.#events,
      partial: this.#partial,
    };
  }

  lookUp(text: string, time: number): LookUp {
    return lookUp(text, time, this.#files);
  }

  enrich(event: Event): void {
    this.#events++;
    try {
      this.#context.add(event);
    } catch {
      event.enrichmentStatus = 'partial';
    }
    if (event.enrichmentStatus === 'partial') this.#partial++;
  }
}
