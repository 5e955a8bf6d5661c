import { readFileSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import { fileError, type ProfileCollector } from '#delivery';
import { AppError } from '#error';
import { type Address, containsAddress, parseAddress, parseCidr } from '#event';
import type { Source } from '#source';
import type { CollectConfig } from '../config/agent-config.ts';
import { parseListen } from '../config/parse-setting.ts';
import type { SenderOptions } from './sender.ts';
import type { Senders } from './senders.ts';
import type { SpoolQueue } from './spool-queue.ts';

/** What the ports of an agent share. */
export interface PortParts {
  readonly config: CollectConfig;
  readonly senders: Senders;
  readonly queue: SpoolQueue;
  /** Connections of all ports, by address. */
  readonly connections: Map<string, number>;
}

/** A port that receives. */
export interface Port {
  readonly connections: number;
  /** What it listens at, with the real port. */
  readonly listen: string;
  close(): Promise<void>;
}

/** What a port does with a message that came in. */
export interface PortOptions {
  readonly collector: ProfileCollector;
  readonly source: Source;
  readonly parts: PortParts;
}

/** How the messages of a port are read. */
export function senderOptionsOf({ collector, source }: PortOptions): SenderOptions {
  return { source, log: collector.log, zone: collector.zone };
}

/** The address of a socket in the form in which senders are told apart, and the blocks of a profile compared. */
export function addressOf(text: string | undefined): Address | undefined {
  return text === undefined ? undefined : parseAddress(text);
}

/** Makes the check whether a profile takes messages of an address. */
export function createSenderFilter(blocks: readonly string[]): (address: Address) => boolean {
  const ranges = blocks.map(parseCidr).filter((range) => range !== undefined);
  return (address) => blocks.length === 0 || ranges.some((range) => containsAddress(range, address));
}

/** Throws `listen-forbidden` unless the host's own configuration allows to listen there. */
export function checkListen(listen: string, allowed: readonly string[]): void {
  const asked = parseListen(listen);
  const found = allowed.some((text) => {
    const one = parseListen(text);
    return one !== undefined && one.port === asked?.port && (one.host === '*' || one.host === asked.host);
  });
  if (found) return;
  throw new AppError('listen-forbidden', `The configuration of the agent does not allow to receive at ${listen}.`, {
    place: { field: 'collect.listen', found: listen },
  });
}

/** Host and port in the form Node takes. */
export function hostAndPort(listen: string): { readonly host: string; readonly port: number } {
  const { host, port } = parseListen(listen) ?? { host: '127.0.0.1', port: 0 };
  return { host: host === '*' ? '::' : host, port };
}

/** The error for a port that cannot be opened. */
export function listenError(listen: string, cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AppError('listen-failed', `The agent cannot listen at ${listen}: ${reason}.`, {
    place: { field: 'listen', found: listen },
    cause,
  });
}

/** What a TLS port needs, from the files the configuration names. Throws `collector-certificate-missing`, `file-…`. */
export function tlsFiles({ certificate, key, clients }: CollectConfig): { cert: string; key: string; ca?: string } {
  if (certificate === undefined || key === undefined) {
    throw new AppError('collector-certificate-missing', 'There is no certificate for receiving syslog by TLS.');
  }
  return {
    cert: readText(certificate),
    key: readText(key),
    ...(clients === undefined ? {} : { ca: readText(clients) }),
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    throw fileError(path, thrown);
  }
}

/** Closes a server and every connection to it. */
export async function closeServer(server: Server, sockets: Iterable<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const socket of sockets) socket.destroy();
  await closed;
}
