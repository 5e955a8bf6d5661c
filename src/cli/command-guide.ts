import { type Command, Option } from 'commander';
import { guideFormat, guideFormats, loadSources, renderGuide } from '#source';
import { chooseSources } from './choose-sources.ts';
import { wrongUse } from './print-error.ts';
import type { End } from './program.ts';
import type { RunContext } from './run-context.ts';
import { type OptionValues, textOption } from './setting-options.ts';

/** Adds `meridian guide`. */
export function addGuideCommand(program: Command, context: RunContext, end: End): void {
  program
    .command('guide')
    .argument('[source]', 'id of a data source; may be left out while there is one')
    .description('Prints the mapping guide of a data source: which field of its logs becomes which label.')
    .addOption(new Option('--format <form>', 'form of the guide').choices([...guideFormats]).default('md'))
    .addHelpText('after', help)
    .action(async (id: string | undefined, options: OptionValues) => {
      await printGuide(id, textOption(options, 'format') ?? 'md', context);
      end(0);
    });
}

const help = `
Examples:
  meridian guide 389-directory-server
  meridian guide --format html > guide.html`;

async function printGuide(id: string | undefined, format: string, context: RunContext): Promise<void> {
  const [source, ...more] = id === undefined ? await loadSources() : await chooseSources(id);
  if (source === undefined) throw wrongUse('There is no data source.');
  if (more.length > 0) {
    const ids = [source, ...more].map((one) => one.id).join(', ');
    throw wrongUse('Which data source?', `Name one of: ${ids}.`);
  }
  context.out.write(renderGuide(source, guideFormat(format)));
}
