import { LineOutput } from './line-output.ts';
import { loadSettings, type SettingSources, type Settings } from './settings.ts';
import { terminalText } from './terminal-text.ts';

/** What a command works with: its streams, and a signal that asks it to end. */
export interface RunContext {
  /** Results, for programs. */
  readonly out: LineOutput;
  readonly isTerminal: boolean;
  /** Columns of the terminal. */
  readonly columns: number;
  /** Says something to a person, on stderr; the text is made safe for a terminal. */
  readonly say: (sentence: string) => void;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  readonly settings: (flags: SettingSources['flags'], file: string | undefined) => Promise<Settings>;
}

/** Takes the status a command ends with. */
export type End = (status: number) => void;

/** Makes the context of this process. The first SIGINT or SIGTERM asks to end, the second ends. */
export function createContext(): RunContext {
  const ending = new AbortController();
  const stop = (): void => {
    if (ending.signal.aborted) process.exit(interrupted);
    ending.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    out: new LineOutput(process.stdout),
    isTerminal: process.stdout.isTTY === true,
    columns: process.stdout.columns ?? 80,
    say: (sentence) => {
      process.stderr.write(`${sentence.split('\n').map(terminalText).join('\n')}\n`);
    },
    signal: ending.signal,
    settings: (flags, file) => loadSettings({ file, env: process.env, flags }),
  };
}

/** Exit status of a command that was interrupted, as shells give it. */
export const interrupted: number = 130;
