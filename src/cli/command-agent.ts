import { type Command, Option } from 'commander';
import type { End, RunContext } from './run-context.ts';
import type { OptionValues } from './setting-options.ts';

/** Adds `meridian agent`, with its own commands. */
export function addAgentCommand(program: Command, context: RunContext, end: End): void {
  const agent = program
    .command('agent')
    .description("The agent on a log's host: reads what its profile says, and ships it to a server.");
  addAgentCommands(agent, context, end);
}

/** Adds `run`, `enroll` and `status`; the agent's own program has them without a word before. */
export function addAgentCommands(parent: Command, context: RunContext, end: End): void {
  for (const add of [addRun, addEnroll, addStatus]) add(parent, context, end);
  for (const command of parent.commands) command.exitOverride().showHelpAfterError('(add --help for what it takes)');
}

function configOption(): Option {
  return new Option(
    '--config <file>',
    "The agent's own settings, YAML. ($MERIDIAN_AGENT_CONFIG) Default /etc/meridian/agent.yaml.",
  );
}

function addRun(parent: Command, context: RunContext, end: End): void {
  parent
    .command('run')
    .description('Runs the agent until it is told to stop; waits while it is not enrolled.')
    .addOption(configOption())
    .action(async (options: OptionValues) => {
      const { runAgentRun } = await import('./run-agent-run.ts');
      end(await runAgentRun(options, context));
    });
}

function addEnroll(parent: Command, context: RunContext, end: End): void {
  parent
    .command('enroll')
    .description('Makes this host known to a server, with a token the server made; or asks for a new key.')
    .addOption(configOption())
    .option('--server <url...>', "Servers to enroll at, in the place of the configuration's.")
    .option('--token-file <file>', 'File with the enrollment token; "-" for standard input.')
    .option('--replace', 'Take the agent away from the server it is enrolled at. Only root may.', false)
    .option('--new-key', 'Ask the agent that runs for a new key; needs no token.', false)
    .addHelpText('after', afterEnroll)
    .action(async (options: OptionValues) => {
      const { runAgentEnroll } = await import('./run-agent-enroll.ts');
      end(await runAgentEnroll(options, context));
    });
}

const afterEnroll = `
The token comes from --token-file, else from $MERIDIAN_ENROLLMENT_TOKEN, else from standard input; never as an argument,
which every user of the host could read. The key is made here and never leaves the host.

Examples:
  meridian agent enroll --server https://meridian.example.com --token-file token
  meridian agent enroll --new-key`;

function addStatus(parent: Command, context: RunContext, end: End): void {
  parent
    .command('status')
    .description('Tells how the agent of this host is: each log, how far it was read, what waits, what is wrong.')
    .addOption(configOption())
    .addOption(new Option('--format <format>', 'How to write it.').choices(['table', 'json']).default('table'))
    .addHelpText(
      'after',
      '\nExit status: 0 all is well, 1 something is not, 3 no agent runs or its status cannot be read.',
    )
    .action(async (options: OptionValues) => {
      const { runAgentStatus } = await import('./run-agent-status.ts');
      end(await runAgentStatus(options, context));
    });
}
