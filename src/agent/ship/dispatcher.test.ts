import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { AppError } from '#error';
import { testCertificate } from '../test-certificate.ts';
import { type OtherServer, startOtherServer, testAgentKey } from '../test-other-server.ts';
import { systemClock } from '../test-spool.ts';
import { createDispatcher } from './dispatcher.ts';
import { ServerClient } from './server-client.ts';

const key = new X509Certificate(testCertificate).publicKey.export({ type: 'spki', format: 'der' });
const pin = createHash('sha256').update(key).digest('base64');
const otherPin = createHash('sha256').update('another').digest('base64');

let folder: string;
let ca: string;
let server: OtherServer;
const open: { close(): unknown }[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-trust-'));
  ca = join(folder, 'ca.pem');
  await writeFile(ca, testCertificate);
  server = await startOtherServer(undefined, true);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** What becomes of a request: its status, or the code of its error. */
async function ask(trust: Partial<Parameters<typeof createDispatcher>[0]>, url = server.url): Promise<string> {
  const dispatcher = createDispatcher({ ca: undefined, pins: [], proxy: undefined, ...trust });
  open.push(dispatcher);
  const client = new ServerClient({
    servers: [url],
    dispatcher,
    signer: () => ({ agentId: 'agent-1', instance: 'instance-0123456789', key: testAgentKey }),
    clock: systemClock,
    signal: new AbortController().signal,
  });
  try {
    return String((await client.ask('/agents/self/streams', {})).status);
  } catch (thrown) {
    return thrown instanceof AppError ? thrown.code : String(thrown);
  }
}

/** A proxy that opens tunnels, or answers as it is told to. */
async function startProxy(status = 200): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const proxy: Server = createServer((_, response) => response.writeHead(405).end());
  proxy.on('connect', (request, socket: Socket) => {
    asked.push(String(request.url));
    sockets.add(socket);
    socket.on('error', () => {});
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const behind = connect(server.port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      behind.pipe(socket).pipe(behind);
    });
    behind.on('error', () => socket.destroy());
    sockets.add(behind);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    },
  });
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/`, asked };
}

test('a server whose certificate nobody known has signed is not spoken with', async () => {
  const before = server.requests.length;
  expect(await ask({})).toBe('server-unreachable');
  expect(server.requests.length).toBe(before);
});

test('a private authority makes it trusted', async () => {
  expect(await ask({ ca })).toBe('200');
});

test('so does the pin of its key, and no other pin', async () => {
  expect(await ask({ pins: [otherPin, pin] })).toBe('200');
  const before = server.requests.length;
  expect(await ask({ pins: [otherPin] })).toBe('server-certificate-unexpected');
  expect(await ask({ ca, pins: [otherPin] })).toBe('server-certificate-unexpected');
  expect(server.requests.length).toBe(before);
});

test('through a proxy trust is the same', async () => {
  const proxy = await startProxy();
  expect(await ask({ ca, proxy: proxy.url })).toBe('200');
  expect(await ask({ pins: [pin], proxy: proxy.url })).toBe('200');
  expect(await ask({ pins: [otherPin], proxy: proxy.url })).toBe('server-certificate-unexpected');
  expect(await ask({ proxy: proxy.url })).toBe('server-unreachable');
  expect(new Set(proxy.asked)).toEqual(new Set([`127.0.0.1:${server.port}`]));
});

test('a proxy that refuses is told apart', async () => {
  const proxy = await startProxy(403);
  expect(await ask({ ca, proxy: proxy.url })).toBe('server-unreachable');
});

test('a file that holds no certificate is refused', async () => {
  const file = join(folder, 'nothing.pem');
  await writeFile(file, 'nothing');
  expect(() => createDispatcher({ ca: file, pins: [], proxy: undefined })).toThrow('holds no certificate');
});
