import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AgentConfig,
  type Enrolled,
  enroll,
  loadAgentConfig,
  lockStateFolder,
  newKeyFile,
  nodeFileSystem,
  readEnrollmentToken,
} from '#agent';
import { fileError } from '#delivery';
import { AppError } from '#error';
import { wrongUse } from './print-error.ts';
import type { RunContext } from './run-context.ts';
import { type OptionValues, textOption } from './setting-options.ts';
import { productVersion } from './version.ts';

/** Runs `meridian agent enroll`; gives the exit status. */
export async function runAgentEnroll(options: OptionValues, context: RunContext): Promise<number> {
  const config = await loadAgentConfig(configSources(options));
  if (options['newKey'] === true) {
    askForNewKey(config);
    context.say('the agent makes itself a new key with its next heartbeat');
    return 0;
  }
  if (config.servers.length === 0) {
    throw wrongUse('No server is named.', 'Add --server https://…, or set servers in the configuration of the agent.');
  }
  const token = await readEnrollmentToken({
    file: textOption(options, 'tokenFile'),
    env: process.env,
    stdin: process.stdin,
  });
  await nodeFileSystem.makeFolder(config.stateFolder);
  const lock = lockStateFolder(config.stateFolder);
  try {
    const enrolled = await enroll({
      config,
      servers: config.servers,
      token,
      replace: options['replace'] === true,
      isRoot: process.geteuid?.() === 0,
      version: productVersion(),
      fileSystem: nodeFileSystem,
      clock: { now: Date.now, steady: () => performance.now() },
      signal: context.signal,
    });
    report(enrolled, context);
  } finally {
    lock.release();
  }
  return 0;
}

/** Servers of the command line are read as those of the environment are, so that they are checked alike. */
function configSources(options: OptionValues): Parameters<typeof loadAgentConfig>[0] {
  const servers = options['server'];
  const named = Array.isArray(servers) ? { MERIDIAN_AGENT_SERVERS: servers.join(',') } : {};
  return { file: textOption(options, 'config'), env: { ...process.env, ...named } };
}

function askForNewKey({ stateFolder }: AgentConfig): void {
  const path = join(stateFolder, newKeyFile);
  try {
    writeFileSync(path, '', { mode: 0o600 });
  } catch (thrown) {
    const error = fileError(path, thrown);
    throw new AppError(error.code, error.message, {
      hint: 'Run it as the user of the agent, or as root.',
      cause: thrown,
    });
  }
}

function report({ agentId, serverId, tags, before, beforeTold, setAside }: Enrolled, { say }: RunContext): void {
  say(`enrolled as ${agentId} at server ${serverId}${tags.length === 0 ? '' : `, with the tags ${tags.join(', ')}`}`);
  if (before !== undefined && before !== serverId) {
    say(`taken from server ${before}, which ${beforeTold ? 'was told' : 'could not be told'}`);
  }
  if (setAside !== undefined) say(`what was read for that server lies in ${setAside}`);
  say('start the agent: systemctl enable --now meridian-agent');
}
