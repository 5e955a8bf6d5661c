import type { ProfileCollector } from '#delivery';
import { AppError, asAppError } from '#error';
import type { Source } from '#source';
import type { CollectConfig } from '../config/agent-config.ts';
import type { FileSystem } from '../file-system.ts';
import { collectLimits } from '../limits.ts';
import type { Clock, ProfileLimits } from '../reading/reading.ts';
import { CheckedFile } from '../state/checked-file.ts';
import { checkListen, type Port, type PortParts } from './open-port.ts';
import { parseSavedSenders } from './saved-senders.ts';
import { type CollectCounts, Senders } from './senders.ts';
import { type CollectSpool, SpoolQueue } from './spool-queue.ts';
import { openTcpPort } from './tcp-port.ts';
import { openUdpPort } from './udp-port.ts';

/** What collecting needs. */
export interface CollectingOptions {
  readonly config: CollectConfig;
  readonly fileSystem: FileSystem;
  /** The agent's own folder. */
  readonly folder: string;
  readonly spool: CollectSpool;
  readonly sources: readonly Source[];
  readonly clock: Clock;
  /** Told of what fails. */
  readonly failed: (error: AppError) => void;
}

/** What a sender's stream looks like in the status. */
export interface SenderStatus {
  readonly place: string;
  readonly source: string;
  readonly log: string;
  readonly stream: string;
  readonly size: number;
  readonly position: number;
}

/** What a port looks like in the status. */
export interface PortStatus {
  readonly kind: string;
  readonly listen: string;
  readonly state: 'open' | 'refused' | 'failed';
  readonly code: string | undefined;
  readonly connections: number;
}

/** What collecting says of itself. */
export interface CollectStatus {
  readonly ports: readonly PortStatus[];
  readonly senders: readonly SenderStatus[];
  readonly sessionsOpen: number;
  readonly counts: Readonly<CollectCounts>;
  /** Bytes of batches that wait for the spool. */
  readonly waitingBytes: number;
}

/** Receives what other hosts send. */
export interface Collecting {
  /** Listens where a profile says, and nowhere else; gives what could not be done. */
  apply(collectors: readonly ProfileCollector[], limits: ProfileLimits): Promise<readonly AppError[]>;
  status(): CollectStatus;
  /** Closes all ports; what was received is in the spool, as far as that took it. */
  close(): Promise<void>;
}

/** One port the profile names. */
interface OpenedPort {
  readonly collector: ProfileCollector;
  readonly port: Port | undefined;
  readonly error: AppError | undefined;
}

const stateVersion = 1;

/** Begins to collect: on no port until a profile names some. */
export async function startCollecting(options: CollectingOptions): Promise<Collecting> {
  const file = new CheckedFile(options.fileSystem, options.folder, 'senders', 'senders', stateVersion);
  await options.fileSystem.makeFolder(options.folder);
  const loaded = await file.load();
  const saved = loaded.found === 'text' ? parseSavedSenders(loaded.text) : [];
  // Used once: after an end that was not in good order, positions must not be given twice.
  await file.remove();
  return new PortsCollecting(options, file, saved);
}

class PortsCollecting implements Collecting {
  readonly #options: CollectingOptions;
  readonly #file: CheckedFile;
  readonly #queue: SpoolQueue;
  readonly #senders: Senders;
  readonly #connections = new Map<string, number>();
  readonly #ports = new Map<string, OpenedPort>();
  readonly #timer: NodeJS.Timeout;
  #limits: ProfileLimits | undefined;

  constructor(options: CollectingOptions, file: CheckedFile, saved: ReturnType<typeof parseSavedSenders>) {
    this.#options = options;
    this.#file = file;
    this.#queue = new SpoolQueue(options.spool, options.failed);
    this.#senders = new Senders(this.#queue, options.clock, () => this.#limits ?? noLimits, saved);
    this.#timer = setInterval(() => this.#tick(), collectLimits.tickMs);
  }

  async apply(collectors: readonly ProfileCollector[], limits: ProfileLimits): Promise<readonly AppError[]> {
    this.#limits = limits;
    const wanted = new Map(collectors.map((collector) => [JSON.stringify(collector), collector]));
    for (const [key, { port, error }] of this.#ports) {
      // What failed is tried again with every profile.
      if (wanted.has(key) && error === undefined) continue;
      await port?.close();
      this.#ports.delete(key);
    }
    const errors: AppError[] = [];
    for (const [key, collector] of wanted) {
      if (this.#ports.has(key)) continue;
      const opened = await this.#open(collector);
      this.#ports.set(key, opened);
      if (opened.error !== undefined) errors.push(opened.error);
    }
    return errors;
  }

  status(): CollectStatus {
    const senders = [...this.#senders.all];
    return {
      ports: [...this.#ports.values()].map(({ collector, port, error }) => ({
        kind: collector.kind,
        listen: port?.listen ?? collector.listen,
        state: error === undefined ? 'open' : error.code === 'listen-forbidden' ? 'refused' : 'failed',
        code: error?.code,
        connections: port?.connections ?? 0,
      })),
      senders: senders.map(({ place, source, log, stream, size, position }) => ({
        place,
        source,
        log,
        stream,
        size,
        position,
      })),
      sessionsOpen: senders.reduce((sum, sender) => sum + sender.sessionsOpen, 0),
      counts: { ...this.#senders.counts },
      waitingBytes: this.#queue.bytes,
    };
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const { port } of this.#ports.values()) await port?.close();
    this.#ports.clear();
    const saved = this.#senders.end();
    // A stream with a hole cannot be gone on with.
    if ((await this.#queue.close()) > 0) return;
    await this.#file.save(JSON.stringify(saved));
  }

  #tick(): void {
    try {
      this.#senders.tick();
    } catch (thrown) {
      this.#options.failed(asAppError(thrown));
    }
  }

  async #open(collector: ProfileCollector): Promise<OpenedPort> {
    const { config, sources } = this.#options;
    try {
      checkListen(collector.listen, config.listen);
      const source = sources.find(({ id }) => id === collector.source);
      if (source === undefined)
        throw new AppError('source-unknown', `This agent has no data source "${collector.source}".`);
      const parts: PortParts = { config, senders: this.#senders, queue: this.#queue, connections: this.#connections };
      const options = { collector, source, parts };
      const port = await (collector.kind === 'syslog-udp' ? openUdpPort(options) : openTcpPort(options));
      return { collector, port, error: undefined };
    } catch (thrown) {
      const error = asAppError(thrown);
      this.#options.failed(error);
      return { collector, port: undefined, error };
    }
  }
}

/** Until a profile sets some, nothing is received. */
const noLimits: ProfileLimits = {
  batchRecords: 1,
  batchBytes: 1,
  intervalMs: 0,
  linesPerSecond: null,
  spoolBytes: 0,
  spoolAgeHours: 1,
};
