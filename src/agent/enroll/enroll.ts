import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type AgentStatus, type EnrollmentAnswer, makeSigningKey, parseEnrollmentAnswer } from '#delivery';
import { AppError } from '#error';
import type { AgentConfig } from '../config/agent-config.ts';
import type { FileSystem } from '../file-system.ts';
import type { Clock } from '../reading/reading.ts';
import { createDispatcher } from '../ship/dispatcher.ts';
import { errorOf, judgeAnswer } from '../ship/judge-answer.ts';
import { ServerClient } from '../ship/server-client.ts';
import { describeHost, readMachineId } from './host.ts';
import { type AgentIdentity, giveToOwner, IdentityFile } from './identity.ts';

/** What enrolling needs. */
export interface EnrollOptions {
  readonly config: AgentConfig;
  /** Base URLs; those of the configuration unless others are named. */
  readonly servers: readonly string[];
  readonly token: string;
  /** Takes the agent away from the server it has. */
  readonly replace: boolean;
  readonly isRoot: boolean;
  readonly version: string;
  readonly fileSystem: FileSystem;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What came of enrolling. */
export interface Enrolled {
  readonly agentId: string;
  readonly serverId: string;
  readonly tags: readonly string[];
  /** Server the agent had before. */
  readonly before: string | undefined;
  /** Whether that one was told. */
  readonly beforeTold: boolean;
  /** Folder in which what was read for that one lies now. */
  readonly setAside: string | undefined;
}

/** Milliseconds the old server is given to be told. */
const farewellMs = 10_000;

/**
 * Makes a key, shows a server the token and the key, and keeps the identity it gives. Throws `agent-enrolled-already`,
 * `enrollment-needs-root`, and what the server says.
 */
export async function enroll(options: EnrollOptions): Promise<Enrolled> {
  const { config, fileSystem, replace, isRoot, servers } = options;
  const file = new IdentityFile(fileSystem, config.stateFolder);
  const before = await previous(file, replace);
  if (before !== undefined && !replace) {
    throw new AppError('agent-enrolled-already', `This agent is enrolled as ${before.agentId}.`, {
      place: { file: file.path },
    });
  }
  if (before !== undefined && !isRoot) {
    throw new AppError('enrollment-needs-root', 'The agent is enrolled; only root may take it to another server.');
  }
  await fileSystem.makeFolder(config.stateFolder);
  const { answer, key, server } = await askToEnroll(options);
  const isOther = before !== undefined && before.serverId !== answer.serverId;
  const beforeTold = isOther ? await sayFarewell(before, options) : false;
  const setAside = isOther ? await setReadingAside(before, options) : undefined;
  if (before !== undefined) await fileSystem.remove(`${config.stateFolder}/profile`);
  const now = options.clock.now();
  await file.save({
    agentId: answer.agentId,
    serverId: answer.serverId,
    serverKey: answer.serverKey,
    servers: [server, ...servers.filter((one) => one !== server)],
    key,
    keyMade: now,
    nextKey: undefined,
    enrolledAt: now,
  });
  return {
    agentId: answer.agentId,
    serverId: answer.serverId,
    tags: answer.tags,
    before: before?.serverId,
    beforeTold,
    setAside,
  };
}

/** The identity there is; a damaged one is no obstacle to replace it. */
async function previous(file: IdentityFile, replace: boolean): Promise<AgentIdentity | undefined> {
  try {
    return await file.load();
  } catch (thrown) {
    if (replace && thrown instanceof AppError && thrown.code === 'agent-identity-damaged') return undefined;
    throw thrown;
  }
}

async function askToEnroll(options: EnrollOptions): Promise<{
  readonly answer: EnrollmentAnswer;
  readonly key: AgentIdentity['key'];
  readonly server: string;
}> {
  const { config, fileSystem, servers, token, version, clock, signal } = options;
  const key = makeSigningKey();
  const instance = randomBytes(16).toString('base64url');
  const dispatcher = createDispatcher(config);
  try {
    const client = new ServerClient({ servers, dispatcher, signer: () => ({ instance, key }), clock, signal });
    const machineId = await readMachineId(fileSystem, config.stateFolder);
    const host = describeHost(machineId, version, config.tags);
    const answer = await client.ask('/agents/enroll', { token, publicKey: key.publicKey, host });
    if (judgeAnswer(answer) !== 'done') throw errorOf(answer);
    return { answer: parseEnrollmentAnswer(answer.json), key, server: answer.server };
  } finally {
    await dispatcher.close();
  }
}

/** Tells the server the agent had that it will be silent from now on, and why; true when that was heard. */
async function sayFarewell(before: AgentIdentity, options: EnrollOptions): Promise<boolean> {
  const { config, clock, fileSystem, version } = options;
  const dispatcher = createDispatcher(config);
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(farewellMs)]);
  const instance = randomBytes(16).toString('base64url');
  try {
    const client = new ServerClient({
      servers: before.servers,
      dispatcher,
      signer: () => ({ agentId: before.agentId, instance, key: before.key }),
      clock,
      signal,
    });
    const machineId = await readMachineId(fileSystem, config.stateFolder);
    const answer = await client.ask('/agents/self/heartbeat', farewell(instance, machineId, version, config, clock));
    return judgeAnswer(answer) === 'done';
  } catch {
    return false;
  } finally {
    await Promise.race([dispatcher.destroy(), delay(farewellMs)]);
  }
}

function farewell(
  instance: string,
  machineId: string,
  version: string,
  config: AgentConfig,
  clock: Clock,
): AgentStatus {
  const time = clock.now();
  return {
    version,
    instance,
    host: describeHost(machineId, version, config.tags),
    startedAt: time,
    time,
    profile: { applied: 0 },
    files: [],
    filesMore: 0,
    sessionsOpen: 0,
    spool: { bytes: 0, batches: 0, oldestSeconds: 0, full: false },
    shipped: { batches: 0, records: 0, lines: 0, bytes: 0, deadLetters: 0 },
    errors: [],
    events: [
      {
        sequence: 1,
        kind: 'server-changed',
        time,
        sentence: 'Root of the host has enrolled the agent at another server.',
      },
    ],
  };
}

/**
 * What was read for one server means nothing to another: positions and unsent batches are put aside, so that the new
 * server gets everything and nobody loses anything unseen.
 */
async function setReadingAside(
  before: AgentIdentity,
  { config, fileSystem, clock }: EnrollOptions,
): Promise<string | undefined> {
  const folder = `${config.stateFolder}/former-${before.serverId.replace(/[^A-Za-z0-9_-]/g, '')}-${clock.now()}`;
  const parts = ['spool', 'state', 'senders'];
  const found: string[] = [];
  for (const part of parts) {
    if ((await fileSystem.facts(`${config.stateFolder}/${part}`)) !== undefined) found.push(part);
  }
  if (found.length === 0) return undefined;
  await fileSystem.makeFolder(folder);
  giveToOwner(config.stateFolder, folder);
  for (const part of found) await fileSystem.rename(`${config.stateFolder}/${part}`, `${folder}/${part}`);
  return folder;
}
