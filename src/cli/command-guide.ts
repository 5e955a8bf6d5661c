import type { Command } from 'commander';
import type { End, RunContext } from './run-context.ts';
import { type OptionValues, textOption } from './setting-options.ts';

/** Adds `meridian guide`. */
export function addGuideCommand(program: Command, context: RunContext, end: End): void {
  program
    .command('guide')
    .argument('[source]', 'id of a data source; may be left out while there is one')
    .description('Prints the mapping guide of a data source: which field of its logs becomes which label.')
    .option('--format <form>', 'md, html or json', 'md')
    .addHelpText('after', help)
    .action(async (id: string | undefined, options: OptionValues) => {
      const { printGuide } = await import('./run-guide.ts');
      await printGuide(id, textOption(options, 'format') ?? 'md', context);
      end(0);
    });
}

const help = `
Examples:
  meridian guide 389-directory-server
  meridian guide --format html > guide.html`;
