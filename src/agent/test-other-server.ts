import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { makeSigningKey, type SigningKey, verifyRequest } from '#delivery';
import { testCertificate, testKey } from './test-certificate.ts';
import { recordsOf } from './test-spool.ts';

/** For tests: what stands between an agent and a server, or is none at all. It answers as a test tells it to. */
export interface OtherServer {
  readonly url: string;
  readonly port: number;
  /** All requests that came, with their signatures verified. */
  readonly requests: readonly OtherRequest[];
  /** Positions of all records that were stored, in the order they came. */
  readonly stored: readonly { readonly stream: string; readonly position: number }[];
  close(): Promise<void>;
}

/** A request that came. */
export interface OtherRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What a test answers: nothing for the usual, or an answer of its own. */
export type Answering = (
  request: OtherRequest,
  response: ServerResponse,
  socket: Socket,
) => boolean | undefined | Promise<boolean | undefined>;

/** The agent of these tests. */
export const testAgentKey: SigningKey = makeSigningKey();

/** Starts one; `answering` gives true when it has dealt with a request itself. */
export async function startOtherServer(answering: Answering = () => undefined, tls = false): Promise<OtherServer> {
  const requests: OtherRequest[] = [];
  const stored: { stream: string; position: number }[] = [];
  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const pieces: Buffer[] = [];
    for await (const piece of incoming) pieces.push(piece);
    const body = Buffer.concat(pieces);
    const { method = '', url: path = '', headers } = incoming;
    const request = { method, path, headers, body };
    verifyRequest({ method, target: path, headers, body }, testAgentKey.publicKey, Date.now());
    requests.push(request);
    if ((await answering(request, response, incoming.socket)) === true) return;
    if (path.endsWith('/agents/self/streams')) {
      answer(response, 200, { generation: 3, position: 0 });
      return;
    }
    for (const { position } of recordsOf(body)) {
      stored.push({ stream: String(headers['meridian-stream']), position: Number(position) });
    }
    answer(response, 200, { records: 1, deadLetters: 0 });
  };
  const listener = (incoming: IncomingMessage, response: ServerResponse): void => {
    handle(incoming, response).catch((thrown: unknown) => response.destroy(asError(thrown)));
  };
  const server: Server = tls
    ? createTlsServer({ cert: testCertificate, key: testKey }, listener)
    : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    requests,
    stored,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with JSON. */
export function answer(
  response: ServerResponse,
  status: number,
  json: unknown,
  headers: Record<string, string> = {},
): true {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(json));
  return true;
}

/** Answers as the API does when it refuses. */
export function refuse(response: ServerResponse, status: number, code: string, place: object = {}): true {
  return answer(response, status, { error: { code, message: `It is ${code}.`, hint: '', place } });
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
