import type { Command } from 'commander';
import type { End, RunContext } from './run-context.ts';
import { configOption, type OptionValues, settingOption } from './setting-options.ts';

/** Adds `meridian doctor`. */
export function addDoctorCommand(program: Command, context: RunContext, end: End): void {
  program
    .command('doctor')
    .description('Looks what is wrong here, and says what to do.')
    .addOption(settingOption('data', 'dir'))
    .addOption(settingOption('server', 'url'))
    .addOption(configOption())
    .addHelpText(
      'after',
      '\nThe exit status is 1 when something is wrong.\n\nExamples:\n  meridian doctor\n  meridian doctor --data /var/lib/meridian',
    )
    .action(async (options: OptionValues) => {
      const { runDoctor } = await import('./run-doctor.ts');
      end(await runDoctor(options, context));
    });
}
