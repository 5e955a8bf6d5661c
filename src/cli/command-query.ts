import { type Command, Option } from 'commander';
import { outputFormats, tableRows } from './output-formats.ts';
import type { End, RunContext } from './run-context.ts';
import { configOption, type OptionValues, settingOption } from './setting-options.ts';

/** Adds `meridian query`. */
export function addQueryCommand(program: Command, context: RunContext, end: End): void {
  program
    .command('query')
    .argument('[qql]', 'the question; empty matches everything', '')
    .description('Answers a question in QQL.')
    .option('--from <time>', 'events from this time on: a QQL date (now-1d, 2026-11-24, 2026-11-24T10:00:00Z)')
    .option('--to <time>', 'events before this time; a whole day counts to its end')
    .option('--fields <labels>', 'labels to show, with commas')
    .option('--group-by <labels>', 'counts events per combination of these labels')
    .option('--count', 'prints how many events match, one number')
    .option(
      '--sort <label>',
      'sorts by a label; a - in front is descending (--sort=-duration); newest first unless set',
    )
    .option('--limit <n>', `most rows; 0 is without end (${tableRows} for a table, else without end; groups: 100)`)
    .addOption(new Option('--format <form>', 'form of the answer').choices([...outputFormats]).default('table'))
    .option('--explain', 'prints the SQL and its parameters; asks nothing')
    .addOption(settingOption('data', 'dir'))
    .addOption(settingOption('server', 'url'))
    .addOption(settingOption('zone', 'zone'))
    .addOption(configOption())
    .addHelpText('after', help)
    .action(async (text: string, options: OptionValues) => {
      const { runQuery } = await import('./run-query.ts');
      end(await runQuery(text, options, context));
    });
}

const help = `
Examples:
  meridian query 'outcome: failure' --from now-1h
  meridian query 'eventSubType: BIND' --count
  meridian query 'resultCode: 49' --group-by sourceIp,distinguishedName
  meridian query 'distinguishedName under "ou=people,dc=example,dc=com" and eventSubType: (MOD or DEL)'
  meridian query 'duration: [1 .. ]' --sort=-duration --fields eventTime,duration,boundDn,searchFilter
  meridian query 'sourceIp: 198.51.100.0/24' --format csv > rows.csv`;
