import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { defaultProfileLimits } from '#delivery';
import { buildAgent, FleetHost, FleetServer, until } from '../test/end-to-end/fleet-host.ts';
import type { BenchLog } from './logs.ts';
import { usageOf } from './process-usage.ts';
import { startRsyslog } from './rsyslog.ts';

/** What an agent, or a peer, uses while a log grows at one rate. */
export interface RateRun {
  readonly linesPerSecond: number;
  /** Share of one core. */
  readonly processor: number;
  readonly residentBytes: number;
  /** Milliseconds from writing a line to finding its event; of the peer none is known. */
  readonly delaysMs: { readonly p50: number; readonly p95: number; readonly p99: number } | undefined;
}

/** What was measured of the agent. */
export interface AgentRuns {
  readonly agent: readonly RateRun[];
  readonly rsyslog: RateRun | undefined;
  /** Lines a second from a backlog to stored events, and how large it was. */
  readonly catchUp: { readonly lines: number; readonly bytes: number; readonly linesPerSecond: number };
}

const rates = [500, 5_000, 50_000] as const;
const peerRate = 5_000;
const secondsPerRate = 15;
const tickMs = 100;

/** Records that fill one line each, so that as many events as lines can be waited for. */
const wholeRecord =
  /^\[[^\]]+\] conn=\d+ (?:fd=\d+ slot=\d+ (?:SSL )?connection from \S+ to \S+|op=\d+ (?:RESULT err=.*|UNBIND|SRCH base="[^"]*" scope=\d filter="[^"]*" attrs=(?:"[^"]*"|ALL)|BIND dn="[^"]*" method=128 version=3))$/;

/** Lines of a log, written again and again. */
class Lines {
  readonly #lines: readonly Buffer[];
  #at = 0;

  constructor(log: BenchLog) {
    const lines = log.bytes.toString('latin1').split('\n');
    this.#lines = lines.filter((line) => wholeRecord.test(line)).map((line) => Buffer.from(`${line}\n`, 'latin1'));
  }

  take(count: number): Buffer {
    const taken: Buffer[] = [];
    for (let number = 0; number < count; number++)
      taken.push(this.#lines[this.#at++ % this.#lines.length] ?? Buffer.alloc(0));
    return Buffer.concat(taken);
  }
}

/**
 * Measures the agent as users run it: one process, shipping to a server on the same machine. Each rate is held for as long
 * before it is measured: an agent runs for months, and what its first seconds cost, while its code is compiled, is over.
 */
export async function measureAgent(log: BenchLog): Promise<AgentRuns> {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-bench-'));
  const server = new FleetServer();
  const host = new FleetHost(await buildAgent(folder));
  try {
    await server.start();
    host.configure([server.url]);
    await host.enroll(await server.token(['bench']));
    await server.profile('bench', [join(host.logs, 'access*')], { limits: defaultProfileLimits });
    const lines = new Lines(log);
    host.append(lines.take(100));
    host.start();
    const count = (): Promise<number> => server.count('source: 389-directory-server');
    await until(
      async () => (await count()) > 0,
      () => host.said,
    );
    const agent: RateRun[] = [];
    for (const rate of rates) agent.push(await growAt(rate, lines, (bytes) => host.append(bytes), host.pid, count));
    const catchUp = await measureCatchUp(host, lines, count);
    return { agent, catchUp, rsyslog: await measurePeer(lines) };
  } finally {
    await host.remove();
    await server.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes lines at a rate, a few at a time. */
async function grow(
  rate: number,
  lines: Lines,
  append: (bytes: Buffer) => void,
  note: (added: number) => void = () => {},
): Promise<void> {
  const begun = performance.now();
  const perTick = Math.round((rate * tickMs) / 1000);
  for (let tick = 1; performance.now() - begun <= secondsPerRate * 1000; tick++) {
    append(lines.take(perTick));
    note(perTick);
    await wait(Math.max(1, begun + tick * tickMs - performance.now()));
  }
}

async function growAt(
  rate: number,
  lines: Lines,
  append: (bytes: Buffer) => void,
  pid: number,
  count: (() => Promise<number>) | undefined,
): Promise<RateRun> {
  await grow(rate, lines, append);
  await wait(3_000);
  let written = count === undefined ? 0 : await settled(count);
  const waiting: { readonly upTo: number; readonly at: number }[] = [];
  const delays: number[] = [];
  const before = usageOf(pid);
  const begun = performance.now();
  const isOver = (): boolean => performance.now() - begun > secondsPerRate * 1000;
  async function look(): Promise<void> {
    while (count !== undefined && (!isOver() || waiting.length > 0)) {
      const there = await count();
      const now = performance.now();
      while ((waiting[0]?.upTo ?? Number.POSITIVE_INFINITY) <= there) delays.push(now - (waiting.shift()?.at ?? now));
      if (now - begun > secondsPerRate * 4_000) break;
      await wait(25);
    }
  }
  const looking = look();
  await grow(rate, lines, append, (added) => {
    written += added;
    // The last record of a log is whole when the next begins.
    waiting.push({ upTo: written - 1, at: performance.now() });
  });
  const after = usageOf(pid);
  const seconds = (performance.now() - begun) / 1000;
  await looking;
  delays.sort((one, other) => one - other);
  const at = (share: number): number => delays[Math.min(delays.length - 1, Math.floor(delays.length * share))] ?? 0;
  return {
    linesPerSecond: rate,
    processor: ((after?.processorSeconds ?? 0) - (before?.processorSeconds ?? 0)) / seconds,
    residentBytes: after?.residentBytes ?? 0,
    delaysMs: count === undefined ? undefined : { p50: at(0.5), p95: at(0.95), p99: at(0.99) },
  };
}

/** The count when it no longer changes. */
async function settled(count: () => Promise<number>): Promise<number> {
  let last = -1;
  for (let now = await count(); now !== last; now = await count()) {
    last = now;
    await wait(3_000);
  }
  return last;
}

/** About a gigabyte. */
const backlogLines = 6_200_000;
const backlogMsMax = 900_000;

async function measureCatchUp(
  host: FleetHost,
  lines: Lines,
  count: () => Promise<number>,
): Promise<AgentRuns['catchUp']> {
  const before = await settled(count);
  await host.stop();
  let bytes = 0;
  for (let written = 0; written < backlogLines; written += 50_000) {
    const part = lines.take(50_000);
    bytes += part.length;
    host.append(part);
  }
  const begun = performance.now();
  host.start();
  while ((await count()) < before + backlogLines - 1) {
    if (performance.now() - begun > backlogMsMax) throw new Error(`the backlog is not read: ${host.said}`);
    // Asking costs the server, too.
    await wait(500);
  }
  const seconds = (performance.now() - begun) / 1000;
  return { lines: backlogLines, bytes, linesPerSecond: Math.round(backlogLines / seconds) };
}

/** Debian's rsyslog, which follows the same log at one of the rates and writes each line to a file as JSON. */
async function measurePeer(lines: Lines): Promise<RateRun | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-bench-'));
  const log = join(folder, 'access');
  writeFileSync(log, lines.take(100));
  const rsyslog = startRsyslog(log);
  try {
    await wait(2_000);
    if (rsyslog.pid === undefined || usageOf(rsyslog.pid) === undefined) return undefined;
    return await growAt(peerRate, lines, (bytes) => appendFileSync(log, bytes), rsyslog.pid, undefined);
  } finally {
    await rsyslog.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
