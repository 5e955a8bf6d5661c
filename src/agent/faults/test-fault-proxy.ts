import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from './test-random.ts';

/** What may happen between an agent and its server. */
export const faults = {
  /** All goes well. */
  none: 60,
  /** The connection is lost before the server has anything. */
  lostRequest: 8,
  /** The server has committed; the answer is lost. */
  lostAnswer: 10,
  /** The answer breaks off. */
  halfAnswer: 5,
  /** The request arrives twice, one behind the other. */
  doubled: 6,
  /** The request arrives once more, long after it was answered. */
  echoed: 5,
  /** The request breaks off. */
  halfRequest: 5,
  /** What stands before the server has lost it. */
  badGateway: 4,
  /** The server is busy. */
  busy: 4,
  slow: 6,
} as const;
export type Fault = keyof typeof faults;

interface Taken {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

const faultMsMax = 60;

/** Stands before one or several servers, and does to what passes what a seed decides. */
export class FaultProxy {
  readonly #server: Server;
  readonly #random: Random;
  readonly counts: Map<Fault, number> = new Map();
  /** Base URLs of the servers behind it; each request goes to one of them. None: nobody is there. */
  targets: () => readonly string[] = () => [];
  /** Whether anything goes wrong. */
  isCalm = false;
  #echoes: Promise<unknown>[] = [];

  constructor(random: Random) {
    this.#random = random;
    this.#server = createServer((incoming, answer) => {
      this.#take(incoming, answer).catch(() => answer.destroy());
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Waits for what was sent late. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#echoes);
    this.#echoes = [];
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const isBatch = incoming.url?.startsWith('/api/v1/records') === true;
    const fault = this.isCalm ? 'none' : this.#random.weighed(faults);
    if (isBatch) this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
    const targets = this.targets();
    const target = targets[this.#random.below(Math.max(1, targets.length))];
    if (target === undefined || fault === 'lostRequest') return void answer.destroy();
    if (fault === 'badGateway') return void answer.writeHead(502).end('<html>bad gateway</html>');
    if (fault === 'busy') return void answer.writeHead(503, { 'retry-after': '0' }).end();
    if (fault === 'halfRequest') {
      await forward(target, incoming, body, Math.floor(body.length / 2)).catch(() => {});
      return void answer.destroy();
    }
    if (fault === 'slow') await wait(this.#random.below(faultMsMax));
    const taken = await forward(target, incoming, body);
    if (fault === 'lostAnswer') return void answer.destroy();
    const second = fault === 'doubled' ? await forward(target, incoming, body) : taken;
    if (fault === 'echoed') {
      const late = wait(this.#random.below(faultMsMax * 4)).then(() => forward(target, incoming, body));
      this.#echoes.push(late.catch(() => {}));
    }
    if (fault === 'halfAnswer') {
      answer.writeHead(taken.status, { 'content-length': String(taken.body.length) });
      answer.write(taken.body.subarray(0, Math.floor(taken.body.length / 2)), () => answer.destroy());
      return;
    }
    const headers = { ...second.headers };
    delete headers['transfer-encoding'];
    delete headers['connection'];
    answer.writeHead(second.status, { ...headers, 'content-length': String(second.body.length) }).end(second.body);
  }
}

/** Sends a request on; with `cut`, only so many bytes of its body arrive before the connection is gone. */
function forward(target: string, incoming: IncomingMessage, body: Buffer, cut?: number): Promise<Taken> {
  return new Promise((resolve, reject) => {
    const url = new URL(incoming.url ?? '/', target);
    const headers = { ...incoming.headers, 'content-length': String(body.length), connection: 'close' };
    const outgoing = request(url, { method: incoming.method ?? 'GET', headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
      );
    });
    outgoing.on('error', reject);
    if (cut === undefined) return void outgoing.end(body);
    outgoing.write(body.subarray(0, cut), () => outgoing.destroy(new Error('cut')));
  });
}
