import type { AgentRuns, RateRun } from './agent.ts';
import type { ConsoleRun } from './console.ts';
import type { IngestRun } from './ingest.ts';
import type { PeerRun } from './peers.ts';
import type { QueryRuns } from './queries.ts';
import type { StageRates } from './stages.ts';

/** Everything measured in one run. */
export interface Measured {
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly memoryBytes: number;
    readonly node: string;
  };
  readonly stages: readonly StageRates[];
  readonly peers: readonly PeerRun[];
  readonly ingest: IngestRun;
  readonly queries: readonly QueryRuns[];
  readonly agent: AgentRuns;
}

interface Target {
  readonly what: string;
  readonly target: string;
  readonly found: string;
  readonly met: boolean;
}

const mebibyte = 1024 * 1024;

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [row(head), row(head.map((_, at) => (at === 0 ? '---' : '---:'))), ...rows.map(row)].join('\n');
}

/** What was aimed at, and what came of it. */
function targets({ stages, peers, ingest, queries, agent }: Measured): readonly Target[] {
  const text = stages[0];
  const logconv = peers.find((peer) => peer.name === 'logconv')?.linesPerSecond;
  const large = queries.at(-1);
  const first = large?.queries[0];
  const painted = large?.console?.paints[0];
  const steady = agent.agent.find(({ linesPerSecond }) => linesPerSecond === 5_000);
  const ratio = logconv === undefined || text === undefined ? undefined : text.decode / logconv;
  return [
    {
      what: 'decode and correlate text, one core',
      target: '≥ 500,000 lines/s',
      found: `${whole(text?.decode ?? 0)} lines/s`,
      met: (text?.decode ?? 0) >= 500_000,
    },
    {
      what: 'the same against logconv, in this run',
      target: '≥ 5 times',
      found: ratio === undefined ? 'logconv is not here' : `${ratio.toFixed(1)} times`,
      met: (ratio ?? 0) >= 5,
    },
    {
      what: 'and normalize, enrich, categorize',
      target: '≥ 250,000 lines/s',
      found: `${whole(text?.whole ?? 0)} lines/s`,
      met: (text?.whole ?? 0) >= 250_000,
    },
    {
      what: 'file to durable, queryable events',
      target: '≥ 150,000 lines/s',
      found: `${whole(ingest.linesPerSecond)} lines/s`,
      met: ingest.linesPerSecond >= 150_000,
    },
    {
      what: 'stored bytes per event',
      target: '≤ 40',
      found: (large?.bytesPerEvent ?? ingest.bytesPerEvent).toFixed(1),
      met: (large?.bytesPerEvent ?? ingest.bytesPerEvent) <= 40,
    },
    {
      what: 'memory of ingest',
      target: '≤ 600 MB',
      found: `${whole(ingest.peakBytes / 1e6)} MB`,
      met: ingest.peakBytes <= 600e6,
    },
    {
      what: 'agent at 5,000 lines/s: processor',
      target: '≤ 5 % of a core',
      found: `${(100 * (steady?.processor ?? 1)).toFixed(1)} %`,
      met: (steady?.processor ?? 1) <= 0.05,
    },
    {
      what: 'agent at 5,000 lines/s: memory',
      target: '≤ 80 MB',
      found: `${whole((steady?.residentBytes ?? 0) / 1e6)} MB`,
      met: (steady?.residentBytes ?? Number.POSITIVE_INFINITY) <= 80e6,
    },
    {
      what: `filter, histogram, first page at ${whole(large?.events ?? 0)} events, p95`,
      target: '≤ 200 ms',
      found: `${(first?.p95Ms ?? 0).toFixed(0)} ms`,
      met: (first?.p95Ms ?? Number.POSITIVE_INFINITY) <= 200,
    },
    {
      what: `Hunt opened at ${whole(large?.events ?? 0)} events, first paint, p95`,
      target: '≤ 1 s',
      found: secondsOf(painted?.first.p95),
      met: (painted?.first.p95 ?? Number.POSITIVE_INFINITY) <= 1_000,
    },
    {
      what: 'the same until rows, histogram and fields are painted',
      target: '≤ 1 s',
      found: secondsOf(painted?.whole.p95),
      met: (painted?.whole.p95 ?? Number.POSITIVE_INFINITY) <= 1_000,
    },
  ];
}

function secondsOf(ms: number | undefined): string {
  return ms === undefined ? 'no browser is here' : `${(ms / 1000).toFixed(2)} s`;
}

/** Cells of the table of where the time goes. */
function timePerLine(text: StageRates | undefined, ingest: IngestRun): readonly string[] {
  const all = (ingest.processorSeconds / ingest.lines) * 1e6;
  if (text === undefined) return ['', '', '', all.toFixed(1)];
  const [decode, whole] = [1e6 / text.decode, 1e6 / text.whole];
  return [decode, whole - decode, all - whole, all].map((value) => value.toFixed(1));
}

function rateRow(name: string, { linesPerSecond, processor, residentBytes, delaysMs }: RateRun): readonly string[] {
  const delays = delaysMs === undefined ? ['', '', ''] : [delaysMs.p50, delaysMs.p95, delaysMs.p99].map(whole);
  return [
    name,
    whole(linesPerSecond),
    `${(processor * 100).toFixed(1)} %`,
    `${whole(residentBytes / 1e6)} MB`,
    ...delays,
  ];
}

function consoleLines(run: ConsoleRun | undefined): readonly string[] {
  if (run === undefined) return [];
  const { paints, scroll } = run;
  return [
    'Hunt in Chromium over the same store, 20 times each in a page that starts anew, milliseconds from going there.',
    table(
      ['opened with', 'first paint p50', 'p95', 'rows, histogram, fields p50', 'p95'],
      paints.map(({ name, first, whole }) => [name, ...[first.p50, first.p95, whole.p50, whole.p95].map(Math.round)]),
    ),
    `Scrolled by the wheel, further pages of events fetched on the way: a picture every ${scroll.p50.toFixed(0)} ms (p50), ${scroll.p95.toFixed(0)} ms (p95), at longest ${scroll.longest.toFixed(0)} ms, of ${whole(scroll.frames)} pictures, drawn without a graphics card.`,
  ];
}

/** Writes the page. */
export function benchmarksPage(measured: Measured): string {
  const { machine, stages, peers, ingest, queries, agent } = measured;
  const sections = [
    '# Benchmarks',
    'Written by `npm run bench`; do not edit. Everything on this page was measured in one run on one machine, so compare within the page.',
    `Machine: ${machine.cores} × ${machine.processor}, ${whole(machine.memoryBytes / mebibyte / 1024)} GiB, Node ${machine.node}.`,
    '## Targets',
    table(
      ['what', 'target', 'found', ''],
      targets(measured).map(({ what, target, found, met }) => [what, target, found, met ? 'met' : '**missed**']),
    ),
    '## Stages of the pipeline',
    'Lines a second on one core, by processor time, best of five rounds. JSON records are longer than text lines; a pretty one takes a dozen lines.',
    table(
      ['access log', 'lines', 'records', 'decode, correlate', '+ normalize', '+ enrich, categorize'],
      stages.map((one) => [
        one.format,
        whole(one.lines),
        whole(one.records),
        whole(one.decode),
        whole(one.normalize),
        whole(one.whole),
      ]),
    ),
    '## Beside other programs',
    `One text access log of ${whole(ingest.lines)} lines, whole programs from start to end, by the clock.`,
    table(
      ['program', 'what it makes of the log', 'seconds', 'lines/s'],
      [
        [
          '`meridian ingest`',
          'typed events with client, TLS and identity, stored and indexed',
          ingest.wallSeconds.toFixed(1),
          whole(ingest.linesPerSecond),
        ],
        ...peers.map((peer) => [
          `\`${peer.name}\``,
          peer.what,
          peer.wallSeconds?.toFixed(1) ?? 'not here',
          peer.linesPerSecond === undefined ? '' : whole(peer.linesPerSecond),
        ]),
      ],
    ),
    `\`meridian ingest\` held at most ${whole(ingest.peakBytes / 1e6)} MB in memory, and its store takes ${ingest.bytesPerEvent.toFixed(1)} bytes per event with raw lines and indexes.`,
    '### Where the time of ingest goes',
    'Microseconds of processor time per line. What is left after the stages is filling columns, the engine (sorting, compressing, writing), and the start of the program.',
    table(
      ['decode, correlate', 'normalize, enrich, categorize', 'columns, engine, start', 'all'],
      [timePerLine(stages[0], ingest)],
    ),
    '## The agent',
    `A log that grows for a quarter of a minute at each rate, after it has done so for as long before, read and shipped by \`meridian agent run\` to a server on the same machine. The delay is from writing a line to finding its event by a question, in milliseconds. rsyslog follows the same log and writes JSON lines to a file; it joins nothing, and ships nothing.`,
    table(
      ['program', 'lines/s', 'of a core', 'resident', 'delay p50', 'p95', 'p99'],
      [
        ...agent.agent.map((run) => rateRow('`meridian agent`', run)),
        ...(agent.rsyslog === undefined ? [] : [rateRow('`rsyslog`', agent.rsyslog)]),
      ],
    ),
    `A backlog of ${whole(agent.catchUp.lines)} lines (${whole(agent.catchUp.bytes / 1e6)} MB) is read, shipped and stored at ${whole(agent.catchUp.linesPerSecond)} lines/s.`,
    '## Questions to the embedded store',
    'Milliseconds, hot, 20 runs each (fewer of what takes seconds), once the days are merged (a running server merges a day that rests for a minute). Events are those of a real log, spread over seven days.',
    ...queries.flatMap((one) => [
      `### ${whole(one.events)} events`,
      `Filled in ${one.fillSeconds.toFixed(0)} s (${whole(one.events / one.fillSeconds)} events/s through the writer), ${one.bytesPerEvent.toFixed(1)} bytes per event, ${whole(one.residentBytes / 1e6)} MB resident.`,
      table(
        ['question', 'p50', 'p95'],
        one.queries.map((query) => [query.name, query.p50Ms.toFixed(0), query.p95Ms.toFixed(0)]),
      ),
      ...consoleLines(one.console),
    ]),
  ];
  return `${sections.join('\n\n')}\n`;
}
