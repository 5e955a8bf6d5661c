import { Command, CommanderError } from 'commander';
import { asAppError } from '#error';
import { addAgentCommand } from './command-agent.ts';
import { addCompletionCommand } from './command-completion.ts';
import { addDoctorCommand } from './command-doctor.ts';
import { addGuideCommand } from './command-guide.ts';
import { addIngestCommand } from './command-ingest.ts';
import { addParseCommand } from './command-parse.ts';
import { addQueryCommand } from './command-query.ts';
import { addServeCommand } from './command-serve.ts';
import { createContext, type End, type RunContext } from './run-context.ts';
import { productVersion } from './version.ts';

/** Runs the command line; gives the exit status. */
export async function runProgram(words: readonly string[]): Promise<number> {
  const context = createContext();
  let status = 0;
  const program = createProgram(context, (ended) => {
    status = ended;
  });
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (thrown) {
    if (context.signal.aborted && asAppError(thrown).code === 'query-cancelled') return context.abortStatus();
    if (!(thrown instanceof CommanderError)) throw thrown;
    status = thrown.exitCode === 0 ? 0 : 2;
  }
  await context.out.end();
  return context.signal.aborted && status !== 0 ? context.abortStatus() : status;
}

/** Builds all commands. */
export function createProgram(context: RunContext, end: End): Command {
  const program = new Command('meridian')
    .description(
      'Open context XDR, directory servers first: reads their logs, joins every operation with its client, TLS and identity, and answers questions in QQL.',
    )
    .version(productVersion())
    .exitOverride()
    .showHelpAfterError('(add --help for what it takes)')
    .helpCommand(true)
    .configureHelp({ showGlobalOptions: false });
  for (const add of commands) add(program, context, end);
  for (const command of program.commands) command.exitOverride().showHelpAfterError('(add --help for what it takes)');
  program.addHelpText('after', afterHelp);
  return program;
}

const commands = [
  addIngestCommand,
  addQueryCommand,
  addParseCommand,
  addGuideCommand,
  addServeCommand,
  addAgentCommand,
  addDoctorCommand,
  addCompletionCommand,
];

const afterHelp = `
Examples:
  meridian ingest /var/log/dirsrv/slapd-corp        all logs of a server, rotated and compressed ones too
  meridian query 'outcome: failure' --count         how many operations failed
  meridian query 'eventSubType: BIND' --group-by sourceIp --from now-1d
  meridian serve --demo                             the API, with a log to try things on

Exit status: 0 done, 1 found nothing or finished with rejects, 2 wrong use, 3 could not.`;
