import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import {
  type AgentFile,
  type AgentHost,
  type AgentStatus,
  makeSigningKey,
  parseEnrollmentAnswer,
  parseHeartbeatAnswer,
  parseStreamClaimAnswer,
  type SigningKey,
  signRequest,
} from '#delivery';
import { hostileName } from './browser.ts';

const addressLengthMax = 60;

/** Speaks to a running server as the agent of a host that there is not: what hosts say may be anything. */
export class SpokenAgent {
  readonly #url: string;
  readonly #key: SigningKey = makeSigningKey();
  readonly #instance: string = randomBytes(16).toString('base64url');
  readonly host: AgentHost;
  id = '';

  constructor(url: string, host: Partial<AgentHost> & Pick<AgentHost, 'name'>) {
    this.#url = url;
    this.host = {
      machineId: randomBytes(16).toString('hex'),
      os: 'Debian GNU/Linux 12',
      kernel: '6.1.0-18-amd64',
      arch: 'x64',
      addresses: ['192.0.2.7'],
      version: '0.1.0',
      tags: [],
      ...host,
    };
  }

  async enroll(token: string): Promise<this> {
    const answer = await this.#post('/agents/enroll', { token, publicKey: this.#key.publicKey, host: this.host }, true);
    this.id = parseEnrollmentAnswer(answer).agentId;
    return this;
  }

  /** Tells how it is; gives the revision of the profile that it should have. */
  async beat(change: Partial<AgentStatus> = {}): Promise<number> {
    const status: AgentStatus = {
      version: this.host.version,
      instance: this.#instance,
      host: this.host,
      startedAt: Date.now() - 3_600_000,
      time: Date.now(),
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
    return parseHeartbeatAnswer(await this.#post('/agents/self/heartbeat', status)).revision;
  }

  /** Asks for its profile, and says that it follows it. */
  async follow(change: Partial<AgentStatus> = {}): Promise<void> {
    const applied = await this.beat();
    await this.beat({ profile: { applied }, ...change });
  }

  /** Sends records as those of a stretch of a log. */
  async ship(place: string, range: readonly [from: number, to: number], records: readonly object[]): Promise<void> {
    const stream = `${this.host.machineId}-${place.length}`;
    const claim = { stream, place, source: '389-directory-server', log: 'access' };
    const marks = [{ position: 256, hash: this.host.machineId.slice(0, 16) }];
    const answer = await this.#post('/agents/self/streams', { ...claim, marks });
    // Where nothing else is said, each is a byte behind the one before.
    const placed = records.map((record, at) => ({ position: range[0] + at, ...record }));
    const body = gzipSync(placed.map((record) => JSON.stringify(record)).join('\n'));
    await this.#send('POST', '/records', body, {
      'content-type': 'application/x-ndjson',
      'content-encoding': 'gzip',
      'meridian-stream': stream,
      'meridian-generation': String(parseStreamClaimAnswer(answer).generation),
      'meridian-range': `${range[0]}-${range[1]}`,
      'meridian-lines': String(records.length),
      'meridian-log': 'access',
      'meridian-place': encodeURIComponent(place),
    });
  }

  #post(path: string, value: unknown, enrolling = false): Promise<unknown> {
    const headers = { 'content-type': 'application/json' };
    return this.#send('POST', path, Buffer.from(JSON.stringify(value)), headers, enrolling);
  }

  async #send(
    method: 'POST',
    path: string,
    body: Buffer<ArrayBuffer>,
    headers: Readonly<Record<string, string>>,
    enrolling = false,
  ): Promise<unknown> {
    const target = `/api/v1${path}`;
    const signer = { key: this.#key, instance: this.#instance, agentId: enrolling ? undefined : this.id };
    const response = await fetch(`${this.#url}${target}`, {
      method,
      headers: signRequest({ method, target, headers, body }, signer, Date.now()),
      body,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  }
}

/** A host that says what it can in everything that it may choose freely. */
export function hostileHost(name: string): Partial<AgentHost> & Pick<AgentHost, 'name'> {
  const short = hostileName.slice(0, addressLengthMax);
  return { name, os: `<b>${name}</b>`, kernel: name, arch: name, version: name, addresses: [short, `${short} 2`] };
}

/** A file as an agent tells of it. */
export function fileOf(place: string, change: Partial<AgentFile> = {}): AgentFile {
  return {
    place,
    source: '389-directory-server',
    log: 'access',
    size: 1_000_000,
    position: 1_000_000,
    lagBytes: 0,
    lagSeconds: 0,
    state: 'waiting',
    ...change,
  };
}
