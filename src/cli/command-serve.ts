import type { Command } from 'commander';
import type { End, RunContext } from './run-context.ts';
import { configOption, type OptionValues, settingOption } from './setting-options.ts';

/** Adds `meridian serve`. */
export function addServeCommand(program: Command, context: RunContext, end: End): void {
  program
    .command('serve')
    .description('Serves the API on the store.')
    .option('--demo', 'loads a small real log first, to try things on')
    .addOption(settingOption('data', 'dir'))
    .addOption(settingOption('listen.host', 'address'))
    .addOption(settingOption('listen.port', 'port'))
    .addOption(settingOption('enrich.folder', 'folder'))
    .addOption(configOption())
    .addHelpText('after', help)
    .action(async (options: OptionValues) => {
      const { runServe } = await import('./run-serve.ts');
      end(await runServe(options, context));
    });
}

const help = `
The access token is made at the first start and kept in the file "token" of the data directory. While it runs, query and
ingest over the same data directory go to it by themselves. Ctrl-C ends it: what was acknowledged is stored.

Examples:
  meridian serve --demo
  meridian serve --data /var/lib/meridian --host 0.0.0.0 --port 8420`;
