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
  /** Aborted by the first Ctrl-C, and when the reader of stdout has left. */
  readonly signal: AbortSignal;
  /** Why the signal was aborted, as an exit status: 0 when the reader had seen enough. */
  readonly abortStatus: () => number;
  readonly settings: (flags: SettingSources['flags'], file: string | undefined) => Promise<Settings>;
}

/** Takes the status a command ends with. */
export type End = (status: number) => void;

/** Makes the context of this process. The first SIGINT or SIGTERM asks to end, the second ends. */
export function createContext(): RunContext {
  const ending = new AbortController();
  let abortStatus = interrupted;
  const stop = (): void => {
    if (ending.signal.aborted) process.exit(interrupted);
    ending.abort();
  };
  // Somebody who has seen enough (`| head`) is no failure: what is open is closed, and that is all.
  const seenEnough = (): void => {
    abortStatus = 0;
    ending.abort();
  };
  // Words nobody reads are no failure either.
  process.stderr.on('error', () => {});
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    out: new LineOutput(process.stdout, seenEnough),
    abortStatus: () => abortStatus,
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
const interrupted = 130;
