import { type LocalStatus, loadAgentConfig, readLocalStatus } from '#agent';
import type { AgentStatus } from '#delivery';
import { AppError } from '#error';
import { formatBytes, formatCount, formatSeconds } from './read-progress.ts';
import type { RunContext } from './run-context.ts';
import { type OptionValues, textOption } from './setting-options.ts';
import { showTime } from './show-value.ts';
import { type Column, TableOutput } from './table-output.ts';
import { terminalText } from './terminal-text.ts';

/** A status that was not renewed for so long is that of an agent that does not run, in milliseconds. */
const staleMs = 30_000;
/** Seconds a log may lie behind before it is told as a problem. */
const lagSecondsMax = 60;
/** Problems told of one kind. */
const problemsMax = 20;

/** Runs `meridian agent status`; gives the exit status. */
export async function runAgentStatus(options: OptionValues, context: RunContext): Promise<number> {
  const config = await loadAgentConfig({ file: textOption(options, 'config'), env: process.env });
  const local = await readLocalStatus(config.statusFile);
  const isStale = local.state === 'stopped' || Math.abs(Date.now() - local.written) > staleMs;
  const problems = problemsOf(local);
  if (textOption(options, 'format') === 'json') {
    context.out.write(`${JSON.stringify({ ...local, stale: isStale, problems })}\n`);
  } else {
    writeTable(local, context);
    for (const problem of problems) context.say(`! ${problem}`);
  }
  if (isStale) {
    throw new AppError(
      'status-missing',
      `No agent runs: the last one wrote its status at ${showTime(local.written, 'UTC')} UTC.`,
    );
  }
  return problems.length > 0 ? 1 : 0;
}

/** What is not as it should be, one sentence each. */
function problemsOf({ state, refusal, reading, collect, status }: LocalStatus): string[] {
  const problems: string[] = [];
  if (state === 'not-enrolled') problems.push('the agent is not enrolled: meridian agent enroll');
  if (refusal !== undefined) problems.push(`the server refuses this agent: ${refusal.sentence} (${refusal.code})`);
  const refused = status?.profile.refused;
  if (refused !== undefined)
    problems.push(`profile revision ${refused.revision} is refused: ${refused.sentence} (${refused.code})`);
  if (reading !== undefined && reading !== 'reading' && reading !== 'blackout')
    problems.push(`nothing is read: ${reading}`);
  const files = status?.files ?? [];
  for (const file of files.filter((one) => one.state === 'refused' || one.state === 'unreadable').slice(0, problemsMax))
    problems.push(`${file.place} is ${file.state}${file.code === undefined ? '' : ` (${file.code})`}`);
  for (const file of files.filter(({ lagSeconds }) => lagSeconds > lagSecondsMax).slice(0, problemsMax))
    problems.push(`${file.place} lies ${formatSeconds(file.lagSeconds)} behind`);
  for (const port of (collect?.ports ?? []).filter((one) => one.state !== 'open'))
    problems.push(`${port.kind} at ${port.listen} is ${port.state} (${port.code ?? ''})`);
  const counts = collect?.counts;
  if (counts !== undefined && counts.dropped + counts.kernelDropped > 0)
    problems.push(`${formatCount(counts.dropped + counts.kernelDropped)} messages that came by UDP were lost`);
  return problems.map(terminalText);
}

const columns: readonly Column[] = [
  { title: 'log', right: false, optional: true },
  { title: 'state', right: false, optional: false },
  { title: 'position', right: true, optional: false },
  { title: 'size', right: true, optional: false },
  { title: 'behind', right: true, optional: false },
  { title: 'for', right: true, optional: false },
  { title: 'place', right: false, optional: false },
];

function writeTable(local: LocalStatus, context: RunContext): void {
  const { agentId, server, state, profile, status } = local;
  const line = (name: string, text: string): void => {
    context.out.write(`${name.padEnd(10)}${terminalText(text)}\n`);
  };
  const version = status === undefined ? '' : `, version ${status.version}`;
  line('agent', `${agentId ?? 'not enrolled'}, ${state}, process ${local.pid}${version}`);
  line('server', server ?? 'none');
  if (status === undefined) return;
  line(
    'profile',
    profile === undefined ? 'none' : `${profile.name}, version ${profile.version} (revision ${profile.revision})`,
  );
  writeCounts(local, status, line);
  writeFiles(status, context);
}

function writeCounts(
  { reading, collect }: LocalStatus,
  { sessionsOpen, spool, shipped, clockOffsetMs, errors }: AgentStatus,
  line: (name: string, text: string) => void,
): void {
  const oldest = spool.batches > 0 ? `, the oldest for ${formatSeconds(spool.oldestSeconds)}` : '';
  line('reading', `${reading ?? 'not yet'}, ${formatCount(sessionsOpen)} sessions open`);
  line(
    'spool',
    `${formatBytes(spool.bytes)}, ${formatCount(spool.batches)} batches wait${oldest}${spool.full ? ', FULL' : ''}`,
  );
  line(
    'shipped',
    `${formatCount(shipped.records)} records of ${formatCount(shipped.lines)} lines in ${formatCount(shipped.batches)} batches`,
  );
  line('clock', describeOffset(clockOffsetMs));
  for (const { kind, listen, state, connections } of collect?.ports ?? [])
    line('receives', `${kind} at ${listen}: ${state}, ${connections} connections`);
  for (const { code, count, last, sentence } of errors.slice(-problemsMax))
    line('error', `${showTime(last, 'UTC')} UTC, ${formatCount(count)} times: ${sentence} (${code})`);
}

function describeOffset(offsetMs: number | undefined): string {
  if (offsetMs === undefined) return 'not compared yet';
  return `${formatCount(Math.abs(Math.round(offsetMs)))} ms ${offsetMs < 0 ? 'behind' : 'ahead of'} the server's`;
}

function writeFiles({ files, filesMore }: AgentStatus, { out, isTerminal, columns: width }: RunContext): void {
  if (files.length === 0) return;
  out.write('\n');
  const table = new TableOutput(columns, out, isTerminal ? width : undefined);
  for (const file of files) {
    table.row(
      [
        file.log,
        file.state,
        formatCount(file.position),
        formatCount(file.size),
        formatCount(file.lagBytes),
        formatSeconds(file.lagSeconds),
        file.place,
      ].map(terminalText),
    );
  }
  table.end();
  if (filesMore > 0) out.write(`and ${formatCount(filesMore)} more\n`);
}
