import type { Command } from 'commander';
import type { End, RunContext } from './run-context.ts';
import { configOption, type OptionValues, settingOption } from './setting-options.ts';

/** Adds `meridian parse`. */
export function addParseCommand(program: Command, context: RunContext, end: End): void {
  program
    .command('parse')
    .argument('<file...>', 'files and folders, compressed ones too; - for stdin')
    .description('Shows what would be stored, as JSON lines; stores nothing.')
    .option('--source <id>', 'looks for logs of this source only')
    .option('--complete', 'takes a last line without line break for complete')
    .addOption(settingOption('zone', 'zone'))
    .addOption(settingOption('enrich.folder', 'folder'))
    .addOption(configOption())
    .addHelpText('after', help)
    .action(async (paths: string[], options: OptionValues) => {
      const { runParse } = await import('./run-parse.ts');
      end(await runParse(paths, options, context));
    });
}

const help = `
Events go to stdout, one JSON object a line, with the names of the field dictionary. What cannot be read is told on
stderr, and the exit status is then 1.

Examples:
  meridian parse access | head -3
  zcat access.20261124-*.gz | meridian parse -
  meridian parse access | jq -r 'select(.resultCode == 49) | .sourceIp' | sort | uniq -c`;
