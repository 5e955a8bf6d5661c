import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '#error';
import { FolderLock } from '#folder-lock';
import type { Logger } from '#log';
import type { Source } from '#source';
import { AgentRun } from './agent-run.ts';
import type { AgentConfig } from './config/agent-config.ts';
import { type AgentIdentity, IdentityFile } from './enroll/identity.ts';
import type { FileSystem } from './file-system.ts';
import { shipLimits } from './limits.ts';
import type { Clock } from './reading/reading.ts';
import { type LocalState, writeLocalStatus } from './status/local-status.ts';

/** What an agent needs. */
export interface AgentOptions {
  readonly config: AgentConfig;
  readonly version: string;
  /** All data sources of the program. */
  readonly sources: readonly Source[];
  readonly fileSystem: FileSystem;
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborted: the agent ends in good order. */
  readonly signal: AbortSignal;
}

/**
 * Runs the agent until the signal ends it: reads what the profile says into the spool, ships it, tells how it is. An
 * agent that is not enrolled waits until it is. Throws `agent-running`, and what keeps it from reading at all.
 */
export async function runAgent(options: AgentOptions): Promise<void> {
  const { config, fileSystem, log, signal } = options;
  await fileSystem.makeFolder(config.stateFolder);
  const file = new IdentityFile(fileSystem, config.stateFolder);
  const identity = await waitForIdentity(file, options);
  if (identity === undefined) return;
  const lock = lockStateFolder(config.stateFolder);
  try {
    const run = new AgentRun(options, identity, file);
    await run.run();
  } finally {
    lock.release();
  }
  if (signal.aborted) log.info('stopped');
}

/** Takes the state folder for this process alone. Throws `agent-running`. */
export function lockStateFolder(folder: string): FolderLock {
  return FolderLock.take(folder, (pid) => {
    const who = pid === undefined ? 'others' : `process ${pid}`;
    return new AppError('agent-running', `The state folder ${folder} is used by ${who}.`, { place: { file: folder } });
  });
}

async function waitForIdentity(file: IdentityFile, options: AgentOptions): Promise<AgentIdentity | undefined> {
  const { log, signal } = options;
  let told = false;
  while (!signal.aborted) {
    const identity = await file.load();
    if (identity !== undefined) return identity;
    if (!told) log.warn('this agent is not enrolled yet; waiting for: meridian agent enroll');
    told = true;
    await writeIdleStatus('not-enrolled', options);
    await delay(shipLimits.enrollmentMs, undefined, { signal }).catch(() => {});
  }
  await writeIdleStatus('stopped', options);
  return undefined;
}

/** A status of an agent that does nothing. What keeps it from being written is no reason to stop. */
async function writeIdleStatus(state: LocalState, { config, clock, log }: AgentOptions): Promise<void> {
  try {
    await writeLocalStatus(config.statusFile, {
      format: 1,
      agentId: undefined,
      server: config.servers[0],
      pid: process.pid,
      written: clock.now(),
      state,
      refusal: undefined,
      reading: undefined,
      profile: undefined,
      collect: undefined,
      status: undefined,
    });
  } catch (thrown) {
    log.warn({ err: thrown }, 'the status cannot be written');
  }
}
