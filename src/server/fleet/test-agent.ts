import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import {
  type AgentHost,
  type AgentStatus,
  type EnrollmentAnswer,
  makeSigningKey,
  parseEnrollmentAnswer,
  type SigningKey,
  signRequest,
} from '#delivery';
import { type TestServer, testToken } from '../test-server.ts';

/** For tests: an agent that speaks with a test server, each request signed. */
export class TestAgent {
  readonly server: TestServer;
  readonly host: AgentHost;
  key: SigningKey = makeSigningKey();
  instance: string = newInstance();
  answer: EnrollmentAnswer = { agentId: '', serverId: '', serverKey: '', tags: [] };
  /** Milliseconds its clock is ahead. */
  aheadMs = 0;

  constructor(server: TestServer, name: string, change: Partial<AgentHost> = {}) {
    this.server = server;
    const plain = { os: 'Debian 12', kernel: '6.1', arch: 'x64', addresses: ['192.0.2.7'], version: '1.0.0', tags: [] };
    this.host = { name, machineId: `machine-${name}`, ...plain, ...change };
  }

  get id(): string {
    return this.answer.agentId;
  }

  /** A signed request as it would go out; `change` is made after signing. */
  signed(
    method: 'GET' | 'POST',
    url: string,
    body: Buffer | undefined,
    headers: Readonly<Record<string, string>> = {},
    enrolling = false,
  ): InjectOptions {
    const signer = { key: this.key, instance: this.instance, agentId: enrolling ? undefined : this.id };
    const now = this.server.now() + this.aheadMs;
    const request = { method, target: url, headers, body: body ?? Buffer.alloc(0) };
    return {
      method,
      url,
      headers: signRequest(request, signer, now),
      ...(body === undefined ? {} : { payload: body }),
    };
  }

  async send(options: InjectOptions): Promise<LightMyRequestResponse> {
    return this.server.app.inject(options);
  }

  async post(url: string, value: unknown): Promise<LightMyRequestResponse> {
    return this.send(
      this.signed('POST', url, Buffer.from(JSON.stringify(value)), { 'content-type': 'application/json' }),
    );
  }

  enrollment(token: string): InjectOptions {
    const body = Buffer.from(JSON.stringify({ token, publicKey: this.key.publicKey, host: this.host }));
    return this.signed('POST', '/api/v1/agents/enroll', body, { 'content-type': 'application/json' }, true);
  }

  /** Makes a token and enrolls with it. */
  async enroll(token: object = {}): Promise<this> {
    const { text } = (await ask(this.server, 'POST', '/enrollment/tokens', token)).json();
    const response = await this.send(this.enrollment(text));
    this.answer = parseEnrollmentAnswer(response.json());
    return this;
  }

  status(change: Partial<AgentStatus> = {}): AgentStatus {
    return {
      version: '1.0.0',
      instance: this.instance,
      host: this.host,
      startedAt: this.server.now(),
      time: this.server.now() + this.aheadMs,
      profile: { applied: 0 },
      files: [],
      filesMore: 0,
      sessionsOpen: 0,
      spool: { bytes: 0, batches: 0, oldestSeconds: 0, full: false },
      shipped: { batches: 0, records: 0, lines: 0, bytes: 0, deadLetters: 0 },
      errors: [],
      events: [],
      ...change,
    };
  }

  beat(change: Partial<AgentStatus> = {}): Promise<LightMyRequestResponse> {
    return this.post('/api/v1/agents/self/heartbeat', this.status(change));
  }

  claim(stream: string, change: object = {}): Promise<LightMyRequestResponse> {
    const claim = { stream, place: '/var/log/dirsrv/slapd-a/access', source: '389-directory-server', log: 'access' };
    return this.post('/api/v1/agents/self/streams', {
      ...claim,
      marks: [{ position: 256, hash: 'a'.repeat(16) }],
      ...change,
    });
  }

  /** A batch of records, as a signed request. */
  batch(
    stream: string,
    range: readonly [from: number, to: number],
    records: readonly unknown[],
    headers: Readonly<Record<string, string>> = {},
  ): InjectOptions {
    const body = gzipSync(
      records.map((record) => (typeof record === 'string' ? record : JSON.stringify(record))).join('\n'),
    );
    return this.signed('POST', '/api/v1/records', body, {
      'content-type': 'application/x-ndjson',
      'content-encoding': 'gzip',
      'meridian-stream': stream,
      'meridian-generation': '0',
      'meridian-range': `${range[0]}-${range[1]}`,
      'meridian-lines': String(records.length),
      'meridian-log': 'access',
      'meridian-place': encodeURIComponent('/var/log/dirsrv/slapd-a/access'),
      ...headers,
    });
  }
}

/** A new id of a process. */
export function newInstance(): string {
  return randomBytes(16).toString('base64url');
}

/** Asks as a person with the token. */
export function ask(
  server: TestServer,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<LightMyRequestResponse> {
  return server.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: { authorization: `Bearer ${testToken}`, ...headers },
    ...(body === undefined
      ? {}
      : {
          payload: JSON.stringify(body),
          headers: { authorization: `Bearer ${testToken}`, 'content-type': 'application/json', ...headers },
        }),
  });
}

/** Code of a refusal; the status when there is none. */
export function codeOf(response: LightMyRequestResponse): string {
  if (response.statusCode < 400) return String(response.statusCode);
  return response.json().error.code;
}
