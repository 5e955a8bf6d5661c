import { type Dispatcher, request } from 'undici';
import { type RequestSigner, signRequest } from '#delivery';
import { AppError, asAppError } from '#error';
import { shipLimits } from '../limits.ts';
import type { Clock } from '../reading/reading.ts';
import { type Answer, serverTimeOf } from './judge-answer.ts';
import { withDeadline } from './with-deadline.ts';

/** What is asked of a server. */
export interface ServerRequest {
  readonly method: 'GET' | 'POST';
  /** Below `/api/v1`, with the query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Milliseconds until the answer begins. */
  readonly answerMs?: number;
}

/** What a {@link ServerClient} needs. */
export interface ServerClientOptions {
  /** Base URLs, in the order of preference. */
  readonly servers: readonly string[];
  readonly dispatcher: Dispatcher;
  /** Who signs; asked anew for each request, as keys change. */
  readonly signer: () => RequestSigner;
  readonly clock: Clock;
  /** Aborted: whatever is under way ends. */
  readonly signal: AbortSignal;
}

/**
 * Speaks with the servers of an agent. Each request is signed when it is sent. A server that cannot be reached, or that
 * is busy with itself, makes room for the next of the list; the first is tried again after a while.
 */
export class ServerClient {
  readonly #options: ServerClientOptions;
  #current = 0;
  #leftAt = 0;
  /** What the agent's clock is ahead of the server's, in milliseconds, as far as that is known. */
  #offsetMs = 0;

  constructor(options: ServerClientOptions) {
    this.#options = options;
  }

  /** The server that is spoken with now. */
  get server(): string {
    return this.#options.servers[this.#current] ?? '';
  }

  get servers(): readonly string[] {
    return this.#options.servers;
  }

  /** Signatures are dated by the server's clock from now on: a host's wrong one must not hold up its logs. */
  set clockOffsetMs(offset: number) {
    this.#offsetMs = offset;
  }

  get clockOffsetMs(): number {
    return this.#offsetMs;
  }

  /** Sends JSON. */
  ask(path: string, value: unknown, answerMs?: number): Promise<Answer> {
    return this.send({
      method: 'POST',
      path,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(value)),
      ...(answerMs === undefined ? {} : { answerMs }),
    });
  }

  /** Sends a request, to the servers of the list in turn until one answers. Throws `server-unreachable`, `server-certificate-unexpected`. */
  async send(asked: ServerRequest): Promise<Answer> {
    this.#preferFirst();
    let failure: AppError | undefined;
    let busy: Answer | undefined;
    for (let turn = 0; turn < this.#options.servers.length; turn++) {
      try {
        const answer = await this.#sendTo(this.server, asked);
        if (!isAway(answer)) return answer;
        busy ??= answer;
      } catch (thrown) {
        failure ??= asAppError(thrown);
        if (this.#options.signal.aborted) throw failure;
      }
      this.#goOn();
    }
    if (busy !== undefined) return busy;
    throw failure ?? new AppError('server-unreachable', 'The agent has no server: "servers" is empty.');
  }

  async #sendTo(server: string, asked: ServerRequest): Promise<Answer> {
    const answer = await this.#sendOnce(server, asked);
    const time = serverTimeOf(answer);
    if (time === undefined) return answer;
    this.#offsetMs = this.#options.clock.now() - time;
    return this.#sendOnce(server, asked);
  }

  async #sendOnce(
    server: string,
    { method, path, headers = {}, body = Buffer.alloc(0), answerMs }: ServerRequest,
  ): Promise<Answer> {
    const { clock, dispatcher, signal, signer } = this.#options;
    const url = new URL(`${server}/api/v1${path}`);
    const target = url.pathname + url.search;
    const signed = signRequest({ method, target, headers, body }, signer(), clock.now() - this.#offsetMs);
    const headersTimeout = answerMs ?? shipLimits.answerMs;
    try {
      return await withDeadline(signal, headersTimeout + shipLimits.pieceMs, async (ending) => {
        const response = await request(url, {
          dispatcher,
          method,
          headers: signed,
          body: method === 'GET' ? null : body,
          headersTimeout,
          bodyTimeout: shipLimits.pieceMs,
          signal: ending,
        });
        const text = await readText(response.body);
        return {
          status: response.statusCode,
          json: parseJson(text),
          retryAfterMs: retryAfter(response.headers['retry-after'], clock),
          server,
        };
      });
    } catch (thrown) {
      throw unreachable(server, thrown);
    }
  }

  #goOn(): void {
    const { servers, clock } = this.#options;
    if (this.#current === 0) this.#leftAt = clock.now();
    this.#current = (this.#current + 1) % Math.max(1, servers.length);
  }

  #preferFirst(): void {
    const since = this.#options.clock.now() - this.#leftAt;
    if (this.#current !== 0 && (since >= shipLimits.preferMs || since < 0)) this.#current = 0;
  }
}

/** Whether another server may do better: this one is closing, overloaded, or what stands before it has lost it. */
function isAway({ status }: Answer): boolean {
  return status === 502 || status === 503 || status === 504;
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > shipLimits.answerBytes) throw new AppError('server-answer', 'The answer of the server is too long.');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** RFC 9110 §10.2.3: seconds, or a date. */
function retryAfter(value: string | string[] | undefined, clock: Clock): number {
  if (typeof value !== 'string') return 0;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? 0 : Math.max(0, date - clock.now());
}

function unreachable(server: string, thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof Error && thrown.cause instanceof AppError) return thrown.cause;
  const reason = thrown instanceof Error && thrown.message !== '' ? thrown.message : 'the connection failed';
  return new AppError('server-unreachable', `${server} does not answer: ${reason}.`, {
    cause: thrown,
    hint: 'Check that it runs, that servers names it, and that a firewall lets the agent through.',
  });
}
