import { spawnSync } from 'node:child_process';
import { measureRsyslog } from './rsyslog.ts';

/** What a program took to read a log. */
export interface PeerRun {
  readonly name: string;
  readonly what: string;
  /** Undefined when the program is not on this machine. */
  readonly linesPerSecond: number | undefined;
  readonly wallSeconds: number | undefined;
}

/** One reading; undefined when the program is not on this machine or did not read the log. */
type Measure = (log: string, lines: number) => Promise<number | undefined>;

interface Peer {
  readonly name: string;
  readonly what: string;
  readonly seconds: Measure;
}

function logconv(log: string): Promise<number | undefined> {
  const before = performance.now();
  const { status } = spawnSync('logconv', [log], { stdio: 'ignore', timeout: 300_000 });
  return Promise.resolve(status === 0 ? (performance.now() - before) / 1000 : undefined);
}

/**
 * Programs that people read these logs with, as Debian packages them. Viewers such as lnav know no format for them and
 * see plain text, so there is nothing to compare.
 */
const peers: readonly Peer[] = [
  { name: 'logconv', what: "the server's own analyser (389-ds-base): a report", seconds: logconv },
  {
    name: 'rsyslog',
    what: 'imfile, mmnormalize with rules for this log, omfile: JSON lines, each line on its own',
    seconds: measureRsyslog,
  },
];

/** Runs every peer over a log, a few times each; the best counts. */
export async function measurePeers(log: string, lines: number, rounds: number): Promise<readonly PeerRun[]> {
  const runs: PeerRun[] = [];
  for (const { name, what, seconds } of peers) {
    let best: number | undefined;
    for (let round = 0; round < rounds; round++) {
      const taken = await seconds(log, lines);
      if (taken !== undefined) best = Math.min(best ?? taken, taken);
    }
    runs.push({
      name,
      what,
      linesPerSecond: best === undefined ? undefined : Math.round(lines / best),
      wallSeconds: best,
    });
  }
  return runs;
}
