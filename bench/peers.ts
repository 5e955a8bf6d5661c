import { spawnSync } from 'node:child_process';

/** What a program took to read a log. */
export interface PeerRun {
  readonly name: string;
  readonly what: string;
  /** Undefined when the program is not on this machine. */
  readonly linesPerSecond: number | undefined;
  readonly wallSeconds: number | undefined;
}

interface Peer {
  readonly name: string;
  readonly what: string;
  readonly command: string;
  readonly args: (log: string) => readonly string[];
}

/**
 * Programs that people read these logs with, as Debian packages them. General viewers such as lnav know no format for
 * them and see plain text, so there is nothing to compare.
 */
const peers: readonly Peer[] = [
  {
    name: 'logconv',
    what: "the server's own analyser (389-ds-base): a report",
    command: 'logconv',
    args: (log) => [log],
  },
];

/** Runs every peer over a log, a few times each; the best counts. */
export function measurePeers(log: string, lines: number, rounds: number): readonly PeerRun[] {
  return peers.map(({ name, what, command, args }) => {
    let seconds = Number.POSITIVE_INFINITY;
    for (let round = 0; round < rounds; round++) {
      const before = process.hrtime.bigint();
      const { status } = spawnSync(command, args(log), { stdio: 'ignore', timeout: 300_000 });
      if (status === 0) seconds = Math.min(seconds, Number(process.hrtime.bigint() - before) / 1e9);
    }
    const known = Number.isFinite(seconds);
    return {
      name,
      what,
      linesPerSecond: known ? Math.round(lines / seconds) : undefined,
      wallSeconds: known ? seconds : undefined,
    };
  });
}
