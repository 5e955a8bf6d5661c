import { loadAgentConfig, nodeFileSystem, runAgent } from '#agent';
import { createLogger } from '#log';
import { loadSources } from '#source';
import type { RunContext } from './run-context.ts';
import { type OptionValues, textOption } from './setting-options.ts';
import { productVersion } from './version.ts';

/** Runs `meridian agent run`; gives the exit status. */
export async function runAgentRun(options: OptionValues, { signal }: RunContext): Promise<number> {
  const config = await loadAgentConfig({ file: textOption(options, 'config'), env: process.env });
  await runAgent({
    config,
    version: productVersion(),
    sources: await loadSources(),
    fileSystem: nodeFileSystem,
    clock: { now: Date.now, steady: () => performance.now() },
    log: createLogger(config.logLevel),
    signal,
  });
  return 0;
}
