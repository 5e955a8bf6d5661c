import { type ChildProcess, spawn } from 'node:child_process';
import { createReadStream, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Rules for the most frequent lines of the access log, as an operator of rsyslog would write them; the rest keeps its
 * time and connection. No correlation: mmnormalize sees one line at a time.
 */
const rulebase = `version=2
rule=:[%time:char-to{"extradata":"]"}%] conn=%conn:number% op=%op:number% RESULT err=%err:number% tag=%tag:number% nentries=%nentries:number% wtime=%wtime:float% optime=%optime:float% etime=%etime:float%%tail:rest%
rule=:[%time:char-to{"extradata":"]"}%] conn=%conn:number% op=%op:number% SRCH base="%base:char-to{"extradata":"\\""}%" scope=%scope:number% filter="%filter:char-to{"extradata":"\\""}%" attrs=%attrs:rest%
rule=:[%time:char-to{"extradata":"]"}%] conn=%conn:number% op=%op:number% BIND dn="%dn:char-to{"extradata":"\\""}%" method=%method:word% version=%version:number%%tail:rest%
rule=:[%time:char-to{"extradata":"]"}%] conn=%conn:number% op=%op:number% %verb:word%%tail:rest%
rule=:[%time:char-to{"extradata":"]"}%] conn=%conn:number% fd=%fd:number% slot=%slot:number% %what:char-to{"extradata":" "}% from %client:word% to %server:word%
rule=:[%time:char-to{"extradata":"]"}%] conn=%conn:number% %tail:rest%
`;

function configuration(folder: string, log: string): string {
  return `global(workDirectory="${folder}" maxMessageSize="64k")
module(load="imfile")
module(load="mmnormalize")
main_queue(queue.type="LinkedList" queue.size="200000" queue.dequeueBatchSize="1024" queue.workerThreads="1")
template(name="json" type="list") { property(name="$!all-json") constant(value="\\n") }
ruleset(name="access") {
  action(type="mmnormalize" rulebase="${folder}/access.rules" useRawMsg="off")
  action(type="omfile" file="${folder}/events.json" template="json" ioBufferSize="256k" asyncWriting="on")
}
input(type="imfile" file="${log}" tag="access" ruleset="access" freshStartTail="off")
`;
}

const pollMs = 50;
/** Without a new event for this long, the last one has been written. */
const restMs = 3_000;

async function countLines(path: string, from: number): Promise<{ lines: number; end: number }> {
  let lines = 0;
  let end = from;
  for await (const chunk of createReadStream(path, { start: from })) {
    if (!Buffer.isBuffer(chunk)) continue;
    end += chunk.length;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines += 1;
  }
  return { lines, end };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await Promise.race([gone, wait(5_000)]);
  child.kill('SIGKILL');
}

/** An rsyslog that runs, and the file it writes events to. */
export interface Rsyslog {
  readonly pid: number | undefined;
  readonly events: string;
  /** True when it could not be started. */
  readonly isMissing: () => boolean;
  stop(): Promise<void>;
}

/** Starts rsyslog on a log: imfile, mmnormalize, omfile. */
export function startRsyslog(log: string): Rsyslog {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-rsyslog-'));
  writeFileSync(join(folder, 'access.rules'), rulebase);
  writeFileSync(join(folder, 'rsyslog.conf'), configuration(folder, log));
  const child = spawn('rsyslogd', ['-n', '-C', '-f', join(folder, 'rsyslog.conf'), '-i', join(folder, 'pid')], {
    stdio: 'ignore',
  });
  let missing = false;
  child.on('error', () => {
    missing = true;
  });
  return {
    pid: child.pid,
    events: join(folder, 'events.json'),
    isMissing: () => missing,
    async stop() {
      if (!missing) await stop(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Seconds rsyslog takes to turn a log into JSON lines, from its start to the last one; undefined when it is not on this
 * machine or loses more than a hundredth of the lines.
 */
export async function measureRsyslog(log: string, lines: number): Promise<number | undefined> {
  const begun = performance.now();
  const rsyslog = startRsyslog(log);
  try {
    const { events } = rsyslog;
    let last = performance.now();
    let seen = { lines: 0, end: 0 };
    while (
      !rsyslog.isMissing() &&
      seen.lines < lines &&
      performance.now() - last < restMs * (seen.lines === 0 ? 5 : 1)
    ) {
      await wait(pollMs);
      if (!existsSync(events) || statSync(events).size === seen.end) continue;
      const more = await countLines(events, seen.end);
      seen = { lines: seen.lines + more.lines, end: more.end };
      last = performance.now();
    }
    return seen.lines < lines * 0.99 ? undefined : (last - begun) / 1000;
  } finally {
    await rsyslog.stop();
  }
}
