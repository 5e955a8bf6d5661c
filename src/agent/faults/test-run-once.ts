import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { diskFull } from '../test-file-system.ts';
import { AgentHost } from './test-agent-host.ts';
import { comparable, expectedEvents } from './test-expected-events.ts';
import type { Farm } from './test-farm.ts';
import { FaultProxy } from './test-fault-proxy.ts';
import { Random } from './test-random.ts';
import { SimulatedServer } from './test-simulated-server.ts';
import { WrittenLog } from './test-written-log.ts';

/** What may come next in a run, and how often. */
const steps = {
  append: 30,
  round: 22,
  rotate: 9,
  compress: 4,
  rest: 6,
  pause: 6,
  kill: 5,
  powerLoss: 3,
  killWithin: 4,
  restart: 3,
  downWhileRotated: 3,
  diskFails: 4,
  logUnreadable: 2,
  slowSync: 2,
  clockJump: 3,
  serverAway: 3,
  serverRestart: 2,
  copyState: 2,
  oldState: 2,
} as const;
export type Step = keyof typeof steps;

/** What a run came to. */
export interface RunResult {
  readonly seed: number;
  readonly lines: number;
  readonly events: number;
  /** Raw lines that should be there and are not. */
  readonly lost: readonly string[];
  /** Events that are there more often than they should. */
  readonly doubled: readonly string[];
  /** Events that say something else than a one-shot reading. */
  readonly different: readonly string[];
  /** Lines whose client, identity or TLS is not what the server wrote the line under. */
  readonly untrue: readonly string[];
  readonly steps: ReadonlyMap<Step, number>;
  readonly faults: ReadonlyMap<string, number>;
  readonly rotations: number;
  readonly history: readonly string[];
}

const settleMs = 180_000;

/** Makes a run: a seed decides what is written, what fails and when. */
export async function runOnce(seed: number, farm: Farm): Promise<RunResult> {
  const folder = await mkdtemp(join(tmpdir(), 'meridian-fault-'));
  const run = new FaultRun(seed, folder, farm);
  try {
    return await run.run();
  } finally {
    await run.close();
    await rm(folder, { recursive: true, force: true });
  }
}

class FaultRun {
  readonly #seed: number;
  /** Chooses what is done. */
  readonly #random: Random;
  /** Chooses within what is done, where how often it is asked depends on the program. */
  readonly #noise: Random;
  readonly #farm: Farm;
  readonly #proxy: FaultProxy;
  readonly #folder: string;
  readonly #counts: Map<Step, number> = new Map();
  readonly #history: string[] = [];
  #host: AgentHost | undefined;
  #copies = 0;

  constructor(seed: number, folder: string, farm: Farm) {
    this.#seed = seed;
    this.#folder = folder;
    this.#farm = farm;
    this.#random = new Random(seed);
    this.#noise = new Random(seed ^ 0x9e3779b9);
    this.#proxy = new FaultProxy(new Random(seed ^ 0x5bd1e995));
  }

  async run(): Promise<RunResult> {
    const random = this.#random;
    const proxy = this.#proxy;
    const host = new AgentHost(this.#folder, await proxy.listen(), this.#farm.sources);
    this.#host = host;
    await mkdir(host.logs, { recursive: true });
    // A day of its own for each run, so that no two logs begin with the same record.
    const server = new SimulatedServer(new Random(seedOfLog(this.#seed)), Date.UTC(2026, 10, 24, 8) + this.#seed * 977);
    const log = new WrittenLog(join(host.logs, 'access'), random.pick(['dated', 'numbered']), random, server);
    const spoolBytes = random.chance(0.25) ? 200_000 : 64 * 1024 * 1024;
    host.limits = { ...host.limits, batchRecords: 8 + random.below(120), spoolBytes };
    proxy.targets = () => this.#farm.urls;
    proxy.isCalm = true;
    await host.enroll(await this.#farm.token());
    proxy.isCalm = random.chance(0.1);
    await host.start();
    const length = 25 + random.below(45);
    for (let at = 0; at < length; at++) await this.#step(random.weighed(steps), host, log);
    await this.#comeToRest(host, log);
    return this.#judge(host, log);
  }

  async close(): Promise<void> {
    await this.#host?.stop();
    await this.#proxy.settle();
    await this.#proxy.close();
  }

  async #comeToRest(host: AgentHost, log: WrittenLog): Promise<void> {
    await log.complete();
    host.fileSystem.refuse = () => undefined;
    host.fileSystem.before = () => {};
    this.#proxy.targets = () => this.#farm.urls;
    this.#proxy.isCalm = true;
    if (!(await host.settle(settleMs))) throw new Error(this.#tell(`does not come to rest: ${failures(host)}`));
    await this.#proxy.settle();
  }

  async #judge(host: AgentHost, log: WrittenLog): Promise<RunResult> {
    const expected = expectedEvents(log.contents, this.#farm);
    const found = await this.#farm.eventsOf(host.agentId);
    const wanted = countOf(expected.map(comparable));
    const there = countOf(found.map(comparable));
    const raws = countOf(expected.map((event) => String(event.rawEvent)));
    const rawsThere = countOf(found.map((event) => String(event.rawEvent)));
    const truth = new Map(log.lines.map((line) => [line.text.trimEnd(), line]));
    return {
      seed: this.#seed,
      lines: log.lines.length,
      events: found.length,
      lost: [...raws].filter(([raw, count]) => (rawsThere.get(raw) ?? 0) < count).map(([raw]) => raw),
      doubled: [...rawsThere].filter(([raw, count]) => (raws.get(raw) ?? 0) < count).map(([raw]) => raw),
      different: [...there].filter(([event, count]) => (wanted.get(event) ?? 0) < count).map(([event]) => event),
      untrue: found
        .filter((event) => {
          const line = truth.get(String(event.rawEvent));
          return (
            line === undefined ||
            event.sourceIp !== line.client ||
            (event.tlsVersion !== undefined) !== line.isSecure ||
            (line.verb !== 'RESULT' && event.boundDn !== line.boundDn)
          );
        })
        .map((event) => String(event.rawEvent)),
      steps: this.#counts,
      faults: this.#proxy.counts,
      rotations: log.rotations,
      history: [`seed ${this.#seed}`, ...this.#history],
    };
  }

  #tell(what: string): string {
    return `seed ${this.#seed} ${what}\n${this.#history.join('\n')}`;
  }

  async #step(step: Step, host: AgentHost, log: WrittenLog): Promise<void> {
    this.#counts.set(step, (this.#counts.get(step) ?? 0) + 1);
    this.#history.push(step);
    const random = this.#random;
    const { fileSystem } = host;
    switch (step) {
      case 'append':
        return log.append(1 + random.below(120));
      case 'round':
        return void (await host.round());
      case 'rotate':
        return log.rotate(random.pick(['renamed', 'renamed', 'copied', 'compressed', 'removed']));
      case 'compress':
        return log.compress();
      case 'rest':
        return this.#rest(host, log);
      case 'pause':
        return wait(random.below(40));
      case 'kill':
        await host.kill(undefined);
        return host.start();
      case 'powerLoss':
        await host.kill(this.#noise);
        return host.start();
      case 'killWithin':
        return this.#killWithin(host);
      case 'restart':
        await host.stop();
        return host.start();
      case 'downWhileRotated':
        return this.#downWhileRotated(host, log);
      case 'diskFails':
        return this.#diskFails(host);
      case 'logUnreadable':
        return this.#logUnreadable(host);
      case 'slowSync': {
        let left = 6;
        fileSystem.before = async ({ name }) => {
          if (name === 'sync' && left-- > 0) await wait(15);
        };
        return void (await host.round());
      }
      case 'clockJump':
        host.ahead += random.pick([-86_400_000, -3_600_000, -30_000, 30_000, 240_000]);
        return;
      case 'serverAway':
        this.#proxy.targets = () => [];
        await host.round();
        await wait(random.below(40));
        this.#proxy.targets = () => this.#farm.urls;
        return;
      case 'serverRestart':
        await this.#farm.restart(random.below(this.#farm.urls.length));
        return;
      case 'copyState':
        this.#copies += 1;
        await host.kill(undefined);
        await host.copyState('copy');
        return host.start();
      case 'oldState':
        if (this.#copies === 0) return;
        await host.kill(undefined);
        await host.restoreState('copy');
        return host.start();
    }
  }

  /** Time goes by, while what is written is whole. */
  async #rest(host: AgentHost, log: WrittenLog): Promise<void> {
    await log.complete();
    host.pass(3000 + this.#random.below(8000));
    await host.rounds();
  }

  /** Kills while a round is under way, at one of its operations on the disk. */
  async #killWithin(host: AgentHost): Promise<void> {
    let left = 1 + this.#random.below(60);
    let killed: () => void = () => {};
    const death = new Promise<void>((resolve) => {
      killed = resolve;
    });
    const { fileSystem } = host;
    fileSystem.before = async () => {
      left -= 1;
      if (left !== 0) return;
      await fileSystem.kill();
      killed();
    };
    await Promise.race([death, host.rounds()]);
    await host.kill(this.#random.chance(0.5) ? this.#noise : undefined);
    await host.start();
  }

  async #downWhileRotated(host: AgentHost, log: WrittenLog): Promise<void> {
    await host.kill(undefined);
    for (let times = 1 + this.#random.below(4); times > 0; times--) {
      await log.append(1 + this.#random.below(60));
      await log.rotate(this.#random.pick(['renamed', 'copied', 'compressed']));
    }
    await host.start();
  }

  /** For some rounds, the disk of the agent's own files takes nothing, or fails. */
  async #diskFails(host: AgentHost): Promise<void> {
    const random = this.#random;
    const names = random.pick<readonly string[]>([['write'], ['sync'], ['rename', 'syncFolder']]);
    let left = 1 + random.below(5);
    const { fileSystem } = host;
    fileSystem.refuse = ({ name, path }) => {
      if (!names.includes(name) || !path.startsWith(join(host.folder, 'agent'))) return undefined;
      left -= 1;
      return left < 0 ? undefined : diskFull(path);
    };
    for (let times = 0; times < 3; times++) await host.round();
    fileSystem.refuse = () => undefined;
  }

  async #logUnreadable(host: AgentHost): Promise<void> {
    const { fileSystem } = host;
    fileSystem.refuse = ({ name, path }) =>
      name === 'read' && path.startsWith(host.logs) && this.#noise.chance(0.5) ? diskFull(path) : undefined;
    await host.round();
    await host.round();
    fileSystem.refuse = () => undefined;
  }
}

function failures(host: AgentHost): string {
  return [...host.failures].map(([code, count]) => `${code} ${count}`).join(', ');
}

function seedOfLog(seed: number): number {
  return (seed * 2_654_435_761) >>> 0;
}

function countOf(values: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
