import type { Command } from 'commander';
import type { End, RunContext } from './run-context.ts';
import { configOption, type OptionValues, settingOption } from './setting-options.ts';

/** Adds `meridian ingest`. */
export function addIngestCommand(program: Command, context: RunContext, end: End): void {
  program
    .command('ingest')
    .argument('<file...>', 'files and folders, rotated and compressed ones too; - for stdin')
    .description('Reads logs into the store. The same log again, grown, renamed or compressed, adds only what is new.')
    .option('--source <id>', 'looks for logs of this source only')
    .option('--complete', 'takes a last line without line break for complete')
    .option('--format <form>', 'text: a summary in words on stderr; json: one object on stdout', 'text')
    .addOption(settingOption('data', 'dir'))
    .addOption(settingOption('server', 'url'))
    .addOption(settingOption('zone', 'zone'))
    .addOption(settingOption('enrich.folder', 'folder'))
    .addOption(configOption())
    .addHelpText('after', help)
    .action(async (paths: string[], options: OptionValues) => {
      const { runIngest } = await import('./run-ingest.ts');
      end(await runIngest(paths, options, context));
    });
}

const help = `
Logs are recognized by their content, not by their names. Files of one log are read in the order of their rotation, so
that sessions go on from file to file. What no rule understands is kept raw as a dead letter, and the exit status is 1.

Examples:
  meridian ingest /var/log/dirsrv/slapd-corp
  meridian ingest access.20261123-* access
  zcat old/access.*.gz | meridian ingest -
  MERIDIAN_TOKEN=... meridian ingest --server http://siem.example.com:8420 /var/log/dirsrv/slapd-corp`;
