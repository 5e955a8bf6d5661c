/** What a run came to. */
interface ToldRun {
  readonly seed: number;
  readonly lines: number;
  readonly events: number;
  readonly rotations: number;
  readonly lost: number;
  readonly doubled: number;
  readonly different: number;
  readonly untrue: number;
  readonly steps: readonly (readonly [string, number])[];
  readonly faults: readonly (readonly [string, number])[];
}

/** What a run told: what it came to, or why it came to nothing. */
export type Told = ToldRun | { readonly seed: number; readonly failure: string };

const stepNames: Readonly<Record<string, string>> = {
  kill: 'agent killed (`kill -9`)',
  powerLoss: 'agent killed, and what was not synced torn or lost',
  killWithin: 'agent killed within an operation on the disk',
  restart: 'agent restarted in good order',
  downWhileRotated: 'log written and rotated, up to four times, while the agent was down',
  diskFails: 'disk of the agent refuses writes, syncs or renames',
  logUnreadable: 'log cannot be read for a while',
  slowSync: 'slow syncs',
  clockJump: 'clock of the host set ahead or back, by seconds up to a day',
  serverAway: 'no server there',
  serverRestart: 'one of the two servers restarted',
  oldState: 'old copy of the state and the spool put back',
  rotate: 'log rotated while the agent runs',
  compress: 'rotated file compressed',
};
const faultNames: Readonly<Record<string, string>> = {
  lostRequest: 'request lost',
  lostAnswer: 'answer lost after the commit',
  halfAnswer: 'answer breaks off',
  halfRequest: 'request breaks off',
  doubled: 'request arrives twice',
  echoed: 'request arrives again, later',
  badGateway: 'answer of something that stands before the server',
  busy: 'server busy',
  slow: 'slow',
};

function whole(value: number): string {
  return value.toLocaleString('en');
}

function countTable(names: Readonly<Record<string, string>>, counts: ReadonlyMap<string, number>): string {
  const rows = Object.entries(names).map(([name, text]) => `| ${text} | ${whole(counts.get(name) ?? 0)} |`);
  return ['| what | times |', '| --- | ---: |', ...rows].join('\n');
}

/** Writes the page. */
export function reliabilityPage(told: readonly Told[], from: number, minutes: number): string {
  const runs = told.filter((one): one is ToldRun => !('failure' in one));
  const failed = told.filter((one) => 'failure' in one);
  const sum = (key: 'lines' | 'events' | 'rotations' | 'lost' | 'doubled' | 'different' | 'untrue'): number =>
    runs.reduce((total, one) => total + one[key], 0);
  const steps = new Map<string, number>();
  const faults = new Map<string, number>();
  for (const one of runs) {
    for (const [name, number] of one.steps) steps.set(name, (steps.get(name) ?? 0) + number);
    for (const [name, number] of one.faults) faults.set(name, (faults.get(name) ?? 0) + number);
  }
  const wrong = runs.filter((one) => one.lost + one.doubled + one.different + one.untrue > 0).map(({ seed }) => seed);
  const sections = [
    '# Reliability',
    'Written by `npm run faults`; do not edit. What is promised is that nothing is lost and nothing is doubled between a log and the store. Each run below writes an access log as a directory server does (many connections at once, answers behind later operations, restarts), has an agent read and ship it to two servers over one store, and makes things fail at moments that its seed decides. When everything has come to rest, the store is held against a one-shot reading of the same files, label for label, and against what the simulated server knows of each line: client, identity, TLS.',
    `**${whole(told.length)} runs** (seeds ${whole(from)} to ${whole(from + told.length - 1)}), ${whole(sum('lines'))} lines, ${whole(sum('rotations'))} rotations, ${minutes.toFixed(0)} minutes.`,
    [
      '| found | number |',
      '| --- | ---: |',
      `| events in the store | ${whole(sum('events'))} |`,
      `| lost | ${whole(sum('lost'))} |`,
      `| doubled | ${whole(sum('doubled'))} |`,
      `| different from a one-shot reading | ${whole(sum('different'))} |`,
      `| against what the server knows | ${whole(sum('untrue'))} |`,
      `| runs that did not come to rest | ${whole(failed.length)} |`,
    ].join('\n'),
    ...(wrong.length + failed.length === 0
      ? []
      : [`Seeds to look at: ${[...wrong, ...failed.map(({ seed }) => seed)].join(', ')}.`]),
    '## What happened to agents, disks and logs',
    countTable(stepNames, steps),
    '## What happened to batches on their way',
    countTable(faultNames, faults),
    '## Not simulated here',
    'A server that is killed with its store in the middle of a commit, and an agent killed as a process: `test/end-to-end` does both with real processes. A disk that returns wrong bytes without an error is noticed in the spool and the state (checksums), not in the log itself.',
  ];
  return `${sections.join('\n\n')}\n`;
}
