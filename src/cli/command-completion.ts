import type { Command } from 'commander';
import { labels } from '#event';
import { wrongUse } from './print-error.ts';
import type { End, RunContext } from './run-context.ts';

/** Adds `meridian completion`. */
export function addCompletionCommand(program: Command, context: RunContext, end: End): void {
  program
    .command('completion')
    .argument('[shell]', 'the shell; bash is the one there is', 'bash')
    .description('Prints a script that completes commands, options and field names in a shell.')
    .addHelpText('after', help)
    .action((shell: string) => {
      if (shell !== 'bash') throw wrongUse(`There is no completion for "${shell}".`, 'Use: meridian completion bash.');
      context.out.write(bashCompletion(program));
      end(0);
    });
}

const help = `
Examples:
  source <(meridian completion bash)
  meridian completion bash > ~/.local/share/bash-completion/completions/meridian`;

/** Options whose values are labels, or labels with commas. */
const labelOptions = ['--fields', '--group-by', '--sort'];
/** Options whose values are directories. */
const directoryOptions = ['--data', '--enrich'];

/** Writes the script for bash, from the commands as they are. */
export function bashCompletion(program: Command): string {
  const commands = program.commands.map((command) => command.name());
  const cases = program.commands.map((command) => {
    const options = [...command.options.flatMap((option) => option.long ?? []), '--help'];
    return `    ${command.name()}) options="${options.join(' ')}" ;;`;
  });
  const choices = program.commands.flatMap((command) =>
    command.options.flatMap((option) =>
      option.argChoices === undefined
        ? []
        : [`    ${command.name()}${option.long}) words="${option.argChoices.join(' ')}" ;;`],
    ),
  );
  return `# Completion of meridian for bash.
_meridian() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}"
  local options="" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.join(' ')} help --help --version" -- "$word"))
    return
  fi
  case "$before" in
    ${labelOptions.join('|')})
      local prefix=""
      case "$word" in *,*) prefix="\${word%,*}," ;; esac
      COMPREPLY=($(compgen -P "$prefix" -W "${labels.join(' ')}" -- "\${word##*,}"))
      return ;;
    ${directoryOptions.join('|')}) COMPREPLY=($(compgen -d -- "$word")); return ;;
  esac
  case "$command$before" in
${choices.join('\n')}
  esac
  if [ -n "$words" ]; then COMPREPLY=($(compgen -W "$words" -- "$word")); return; fi
  case "$command" in
${cases.join('\n')}
  esac
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
    *) COMPREPLY=($(compgen -f -- "$word")) ;;
  esac
}
complete -o filenames -F _meridian meridian ./meridian
`;
}
