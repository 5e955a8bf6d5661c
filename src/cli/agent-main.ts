import { Command, CommanderError } from 'commander';
import { asAppError } from '#error';
import { addAgentCommands } from './command-agent.ts';
import { printError } from './print-error.ts';
import { createContext } from './run-context.ts';
import { productVersion } from './version.ts';

/** The agent as a program of its own: what `meridian agent` does, and nothing else. */
async function runAgentProgram(words: readonly string[]): Promise<number> {
  const context = createContext();
  let status = 0;
  const program = new Command('meridian-agent')
    .description("The Meridian agent: reads a host's logs as its profile says, and ships them to a server.")
    .version(productVersion())
    .exitOverride()
    .showHelpAfterError('(add --help for what it takes)');
  addAgentCommands(program, context, (ended) => {
    status = ended;
  });
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    status = thrown.exitCode === 0 ? 0 : 2;
  }
  await context.out.end();
  return status;
}

try {
  process.exitCode = await runAgentProgram(process.argv.slice(2));
} catch (thrown) {
  const error = asAppError(thrown);
  process.stderr.write(printError(error));
  process.exitCode = error.exit;
}
process.exit();
