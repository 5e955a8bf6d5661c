import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { collectLimits } from '../limits.ts';
import { FrameReader } from './frame-reader.ts';
import { parseJsonLine } from './json-message.ts';
import {
  addressOf,
  closeServer,
  createSenderFilter,
  hostAndPort,
  listenError,
  type Port,
  type PortOptions,
  senderOptionsOf,
  tlsFiles,
} from './open-port.ts';
import { parseSyslog } from './syslog-message.ts';

/** Opens a port for syslog by TCP or TLS, or for JSON lines. Throws `listen-failed`, `collector-certificate-missing`. */
export async function openTcpPort(options: PortOptions): Promise<Port> {
  const { collector, parts } = options;
  const sockets = new Set<Socket>();
  const filter = createSenderFilter(collector.senders);
  const accept = (socket: Socket): void => {
    const address = addressOf(socket.remoteAddress);
    if (address === undefined || !filter(address) || !mayConnect(parts.connections, address.text)) {
      parts.senders.counts.refused += 1;
      socket.destroy();
      return;
    }
    sockets.add(socket);
    parts.connections.set(address.text, (parts.connections.get(address.text) ?? 0) + 1);
    receive(socket, address.text, options);
    socket.once('close', () => {
      sockets.delete(socket);
      const left = (parts.connections.get(address.text) ?? 1) - 1;
      if (left > 0) parts.connections.set(address.text, left);
      else parts.connections.delete(address.text);
    });
  };
  const server = collector.kind === 'syslog-tls' ? tlsServer(options, accept) : createServer(accept);
  // What is not accepted waits in the kernel, and costs nothing here.
  server.maxConnections = collectLimits.connections;
  server.on('drop', () => {
    parts.senders.counts.refused += 1;
  });
  const listen = await listening(server, collector.listen);
  return {
    listen,
    get connections() {
      return sockets.size;
    },
    close: () => closeServer(server, sockets),
  };
}

function mayConnect(connections: ReadonlyMap<string, number>, address: string): boolean {
  let all = 0;
  for (const count of connections.values()) all += count;
  return all < collectLimits.connections && (connections.get(address) ?? 0) < collectLimits.connectionsOfAddress;
}

function tlsServer({ parts }: PortOptions, accept: (socket: Socket) => void): Server {
  const files = tlsFiles(parts.config);
  const server = createTlsServer(
    {
      ...files,
      requestCert: files.ca !== undefined,
      rejectUnauthorized: files.ca !== undefined,
      handshakeTimeout: collectLimits.handshakeMs,
      minVersion: 'TLSv1.2',
    },
    accept,
  );
  server.on('tlsClientError', () => {
    parts.senders.counts.refused += 1;
  });
  return server;
}

async function listening(server: Server, listen: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ ...hostAndPort(listen), ipv6Only: false }, () => {
      server.off('error', reject);
      resolve();
    });
  }).catch((thrown: unknown) => {
    server.close();
    throw listenError(listen, thrown);
  });
  // A connection that fails on its way in is nobody's message.
  server.on('error', () => {});
  const address = server.address();
  return address === null || typeof address === 'string'
    ? listen
    : `${listen.slice(0, listen.lastIndexOf(':'))}:${address.port}`;
}

/** Reads a connection: as fast as the spool takes it, and no faster. */
function receive(socket: Socket, address: string, options: PortOptions): void {
  const { collector, source, parts } = options;
  const { senders, queue } = parts;
  const isJson = collector.kind === 'json-tcp';
  const frames = new FrameReader(!isJson);
  const senderOptions = senderOptionsOf(options);
  const port = `${collector.kind} ${collector.listen}`;
  const take = (frame: Buffer, cut: boolean): void => {
    if (cut) senders.counts.cut += 1;
    const message = isJson ? parseJsonLine(frame, source) : parseSyslog(frame);
    const { hostname, program } = message;
    senders.take({ port, address, hostname, program }, senderOptions, message);
  };
  const goOn = (): void => {
    if (!queue.full) socket.resume();
  };
  const stop = queue.onRoom(goOn);
  // The spool may get room without a batch leaving the queue: when the server acknowledges.
  const look = setInterval(goOn, collectLimits.tickMs);
  socket.setKeepAlive(true, collectLimits.keepAliveMs);
  socket.on('data', (bytes: Buffer) => {
    frames.push(bytes, take);
    if (queue.full) socket.pause();
  });
  socket.on('error', () => {});
  socket.once('close', () => {
    clearInterval(look);
    stop();
    frames.end(take);
  });
}
