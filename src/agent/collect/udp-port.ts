import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { collectLimits } from '../limits.ts';
import {
  addressOf,
  createSenderFilter,
  hostAndPort,
  listenError,
  type Port,
  type PortOptions,
  senderOptionsOf,
} from './open-port.ts';
import { parseSyslog } from './syslog-message.ts';

/** Opens a port for syslog by UDP. What is lost there is counted where it can be: nobody sends it again. Throws `listen-failed`. */
export async function openUdpPort(options: PortOptions): Promise<Port> {
  const { collector, parts } = options;
  const { senders, queue } = parts;
  const { host, port } = hostAndPort(collector.listen);
  const socket = createSocket({ type: host === '::' || isIPv6(host) ? 'udp6' : 'udp4' });
  await bound(socket, host, port, collector.listen);
  askForRoom(socket);
  const filter = createSenderFilter(collector.senders);
  const senderOptions = senderOptionsOf(options);
  const name = `${collector.kind} ${collector.listen}`;
  socket.on('message', (frame: Buffer, { address: from }: RemoteInfo) => {
    const address = addressOf(from);
    if (address === undefined || !filter(address)) {
      senders.counts.refused += 1;
      return;
    }
    if (queue.full) {
      senders.counts.dropped += 1;
      return;
    }
    const message = parseSyslog(frame);
    const { hostname, program } = message;
    senders.take({ port: name, address: address.text, hostname, program }, senderOptions, message);
  });
  socket.on('error', () => {});
  const real = socket.address().port;
  const watch = watchKernel(real, (dropped) => {
    senders.counts.kernelDropped += dropped;
  });
  return {
    connections: 0,
    listen: `${collector.listen.slice(0, collector.listen.lastIndexOf(':'))}:${real}`,
    async close() {
      await watch.close();
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
}

async function bound(socket: Socket, host: string, port: number, listen: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.off('error', reject);
      resolve();
    });
  }).catch((thrown: unknown) => {
    socket.close();
    throw listenError(listen, thrown);
  });
}

function askForRoom(socket: Socket): void {
  try {
    socket.setRecvBufferSize(collectLimits.udpBufferBytes);
  } catch {
    // The kernel gives what it allows.
  }
}

/** Tells how many messages the kernel dropped at a port, every few seconds, as far as Linux says. */
function watchKernel(port: number, lost: (dropped: number) => void): { close(): Promise<void> } {
  let known = 0;
  const look = async (): Promise<void> => {
    const dropped = await kernelDrops(port);
    if (dropped > known) lost(dropped - known);
    known = Math.max(known, dropped);
  };
  const timer = setInterval(() => void look(), collectLimits.kernelMs);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      await look();
    },
  };
}

/** The last column of the kernel's table of UDP sockets, for those at a port. */
async function kernelDrops(port: number): Promise<number> {
  let dropped = 0;
  const hex = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const table of ['/proc/net/udp', '/proc/net/udp6']) {
    const text = await readFile(table, 'utf8').catch(() => '');
    for (const line of text.split('\n')) {
      const columns = line.trim().split(/\s+/);
      if (columns[1]?.endsWith(hex)) dropped += Number(columns.at(-1)) || 0;
    }
  }
  return dropped;
}
