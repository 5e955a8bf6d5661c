import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { meridian, type Ran } from './run-meridian.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const waitMs = 50;

/** A server that runs, and what its administrator can do. */
export class FleetServer {
  readonly folder: string;
  url = '';
  #process: ChildProcess | undefined;
  readonly #env: Readonly<Record<string, string>>;
  said = '';

  constructor(env: Readonly<Record<string, string>> = {}) {
    this.folder = mkdtempSync(join(tmpdir(), 'meridian-fleet-'));
    this.#env = env;
  }

  get data(): string {
    return join(this.folder, 'data');
  }

  async start(port = 0): Promise<void> {
    this.said = '';
    const words = [meridian, 'serve', '--data', this.data, '--port', String(port)];
    const server = spawn(process.execPath, words, { stdio: 'pipe', env: { ...process.env, ...this.#env } });
    this.#process = server;
    await new Promise<void>((resolve, reject) => {
      server.on('close', () => reject(new Error(this.said)));
      server.stderr?.on('data', (part: Buffer) => {
        this.said += part.toString();
        if (this.said.includes('Ctrl-C')) resolve();
      });
    });
    this.url = /http:\/\/[0-9.:]+/.exec(this.said)?.[0] ?? '';
  }

  get accessToken(): string {
    return readFileSync(join(this.data, 'token'), 'utf8').trim();
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  async kill(): Promise<void> {
    await ended(this.#process, 'SIGKILL');
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Asks the API as its administrator. Throws what it answers when that is no success. */
  async ask(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.accessToken}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? {} : JSON.parse(text);
  }

  /** Number of events a question finds. */
  async count(query: string): Promise<number> {
    const { count } = await this.ask('POST', '/events/count', { q: query });
    return Number(count);
  }

  /** Text of a new enrollment token. */
  async token(tags: readonly string[] = []): Promise<string> {
    const { text } = await this.ask('POST', '/enrollment/tokens', { tags });
    return String(text);
  }

  /** Makes a profile for hosts with a tag; gives its id. */
  async profile(tag: string, paths: readonly string[], more: object = {}): Promise<string> {
    const { id } = await this.ask('POST', '/profiles', profileContent(tag, paths, more));
    return String(id);
  }
}

/** A profile that reads all logs of 389 Directory Server that patterns find. */
export function profileContent(tag: string, paths: readonly string[], more: object = {}): Record<string, unknown> {
  return {
    name: `Directory servers, ${tag}`,
    description: '',
    platform: 'linux',
    enabled: true,
    isDefault: false,
    priority: 100,
    assets: { tags: [tag], excludeTags: [], hosts: [], excludeHosts: [] },
    profile: {
      sources: [
        {
          source: '389-directory-server',
          logs: ['access', 'security', 'audit', 'auditfail', 'error'],
          paths,
          format: 'auto',
          start: 'beginning',
          zone: 'UTC',
          encoding: 'utf-8',
        },
      ],
      collectors: [],
      limits: {
        batchRecords: 1000,
        batchBytes: 1_048_576,
        intervalMs: 100,
        linesPerSecond: null,
        spoolBytes: 67_108_864,
        spoolAgeHours: 24,
      },
      blackouts: [],
      ...more,
    },
  };
}

/** A host with logs and an agent. The agent is the single file, as it is installed. */
export class FleetHost {
  readonly folder: string;
  readonly program: string;
  #process: ChildProcess | undefined;
  said = '';

  constructor(program: string) {
    this.program = program;
    this.folder = mkdtempSync(join(tmpdir(), 'meridian-host-'));
    mkdirSync(this.logs, { recursive: true });
  }

  get logs(): string {
    return join(this.folder, 'logs/slapd-one');
  }

  get state(): string {
    return join(this.folder, 'state');
  }

  get config(): string {
    return join(this.folder, 'agent.yaml');
  }

  configure(servers: readonly string[], more: object = {}): void {
    const settings = { servers, stateFolder: this.state, allowedPaths: [join(this.folder, 'logs')], ...more };
    writeFileSync(this.config, JSON.stringify(settings));
  }

  append(text: string | Buffer, log = 'access'): void {
    appendFileSync(join(this.logs, log), text);
  }

  /** Runs a command of the agent to its end. */
  async run(words: readonly string[], input = ''): Promise<Ran> {
    const child = spawn(process.execPath, [this.program, ...words, '--config', this.config], { stdio: 'pipe' });
    let out = '';
    let error = '';
    child.stdout.on('data', (part: Buffer) => {
      out += part.toString();
    });
    child.stderr.on('data', (part: Buffer) => {
      error += part.toString();
    });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const status = await new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
    return { status, out, error };
  }

  enroll(token: string): Promise<Ran> {
    return this.run(['enroll', '--token-file', '-'], token);
  }

  /** Starts it as its unit does. */
  start(): void {
    const { flags, environment } = unit();
    const child = spawn(process.execPath, [...flags, this.program, 'run', '--config', this.config], {
      stdio: 'pipe',
      env: { ...process.env, ...environment },
    });
    child.stderr.on('data', (part: Buffer) => {
      this.said += part.toString();
    });
    this.#process = child;
  }

  /** Process of the agent; 0 while it does not run. */
  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    await ended(this.#process, signal);
  }

  async remove(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What the unit tells the runtime, in words and by the environment. */
function unit(): { readonly flags: readonly string[]; readonly environment: Readonly<Record<string, string>> } {
  const text = readFileSync(join(root, 'packaging/meridian-agent.service'), 'utf8');
  const [, flags = ''] = /^ExecStart=\S+((?: --\S+)*)/m.exec(text) ?? [];
  const settings = [...text.matchAll(/^Environment=(\w+)=(.*)$/gm)];
  return {
    flags: flags.split(' ').filter((flag) => flag !== ''),
    environment: Object.fromEntries(settings.map(([, name = '', value = '']) => [name, value])),
  };
}

async function ended(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((resolve) => child.on('close', resolve));
  child.kill(signal);
  await closed;
}

/** Builds the agent as one file; gives its path. */
export async function buildAgent(folder: string): Promise<string> {
  const file = join(folder, 'meridian-agent.mjs');
  await promisify(execFile)(process.execPath, ['--import', 'tsx', join(root, 'scripts/build-agent.ts'), file], {
    cwd: root,
  });
  return file;
}

/** Resolves when something holds; throws what it was told when it does not in time. */
export async function until(
  what: () => Promise<boolean> | boolean,
  why: () => string,
  timeoutMs = 60_000,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await what())) {
    if (performance.now() > end) throw new Error(why());
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}
