import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { buildAgent, FleetHost, FleetServer, profileContent, until } from './fleet-host.ts';
import { run } from './run-meridian.ts';

// Each test starts several processes; a busy machine takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const demo = fileURLToPath(new URL('../../demo/slapd-corp/', import.meta.url));
const allLines = gunzipSync(readFileSync(join(demo, 'access.gz')))
  .toString()
  .split(/(?<=\n)/);

let built: string;
let program: string;
let server: FleetServer;
let host: FleetHost;
/** What the host of a test logs: each another part of the log, for all hosts are this machine. */
let lines: readonly string[];
let tests = 0;
/** What its agent has sent. */
let isAgents = '';
beforeAll(async () => {
  built = mkdtempSync(join(tmpdir(), 'meridian-agent-'));
  program = await buildAgent(built);
  server = new FleetServer();
  await server.start();
});
afterAll(async () => {
  await server.remove();
  rmSync(built, { recursive: true, force: true });
});
beforeEach(() => {
  host = new FleetHost(program);
  host.configure([server.url]);
  lines = allLines.slice(tests);
  tests += 1;
});
afterEach(() => host.remove());

const explain = (): string => `${host.said}\n${server.said}`;

async function untilCount(count: number): Promise<void> {
  await until(async () => (await server.count(isAgents)) >= count, explain);
  expect(await server.count(isAgents)).toBe(count);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Events that one reading of a log gives. */
async function eventsOf(log: string): Promise<number> {
  const { out } = await run(['parse', log]);
  return out.trimEnd().split('\n').length;
}

/** What the profile of a test chooses its host by. */
function tag(): string {
  return `test-${tests}`;
}

async function enroll(): Promise<void> {
  const enrolled = await host.enroll(await server.token([tag()]));
  expect(enrolled.error).toContain('enrolled as');
  expect(enrolled.status).toBe(0);
  isAgents = `agentId: "${/enrolled as (\S+)/.exec(enrolled.error)?.[1]}" and source: 389-directory-server`;
}

test('a host is enrolled, told what to read, and all that it logs is found: as often as one reading finds it', async () => {
  await enroll();
  await server.profile(tag(), [join(host.logs, 'access*')]);
  host.start();
  // A log that grows in pieces that are no lines, and is rotated on the way.
  const text = lines.join('');
  const half = text.length >> 1;
  for (let at = 0; at < half; at += 50_001) {
    host.append(text.slice(at, Math.min(half, at + 50_001)));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await host.stop('SIGKILL');
  host.append(text.slice(half));
  host.start();
  const whole = join(host.folder, 'whole');
  writeFileSync(whole, text);
  const expected = await eventsOf(whole);
  await untilCount(expected);
  // The same log by hand adds nothing: it is the same stream.
  const again = await run(['ingest', host.logs, '--data', server.data]);
  expect(again.error).toContain('in the store already');
  expect(await server.count(isAgents)).toBe(expected);
  // The file it reads is written every few seconds.
  let status = await host.run(['status']);
  await until(async () => {
    status = await host.run(['status']);
    return status.out.includes(join(host.logs, 'access')) && status.out.includes('version 1');
  }, explain);
  expect(status.out).toMatch(/^agent +\S+, running, process \d+/);
  expect(status.out).toContain('Directory servers, test-1, version 1');
  expect(status.out).toContain(join(host.logs, 'access'));
  expect(status.status).toBe(0);
  const size = Buffer.byteLength(text);
  await until(async () => {
    const { profile, status: told } = JSON.parse((await host.run(['status', '--format', 'json'])).out);
    expect(profile).toMatchObject({ name: 'Directory servers, test-1', version: 1 });
    expect(told.files[0].size).toBe(size);
    return told.files[0].position === size && told.files[0].lagBytes === 0;
  }, explain);
  await until(async () => {
    const { agents } = await server.ask('GET', '/agents');
    return JSON.stringify(agents).includes('"applied"');
  }, explain);
});

test('while the server is away the agent reads on, through its own end and a rotation; then all of it arrives, once', async () => {
  await enroll();
  await server.profile(tag(), [join(host.logs, 'access*')]);
  host.start();
  const part = Math.floor(lines.length / 3);
  host.append(lines.slice(0, part).join(''));
  await until(async () => (await server.count(isAgents)) > 0, explain);
  const { port } = server;
  await server.kill();
  host.append(lines.slice(part, 2 * part).join(''));
  renameSync(join(host.logs, 'access'), join(host.logs, 'access.20261124-090000'));
  host.append(lines.slice(2 * part).join(''));
  await until(async () => (await host.run(['status'])).out.includes('server-unreachable'), explain);
  await host.stop();
  // The profile that was kept is enough to go on.
  host.start();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await server.start(port);
  const folder = join(host.folder, 'copy/slapd-one');
  mkdirSync(folder, { recursive: true });
  for (const name of ['access', 'access.20261124-090000']) copyFileSync(join(host.logs, name), join(folder, name));
  await untilCount(await eventsOf(folder));
});

test('a profile that reaches beyond what the host allows is refused as a whole, and told', async () => {
  await enroll();
  const id = await server.profile(tag(), [join(host.logs, 'access*')]);
  host.append(lines.slice(0, 100).join(''));
  host.start();
  await until(async () => (await server.count(isAgents)) > 0, explain);
  const wrong = profileContent(tag(), [join(host.logs, 'access*'), '/etc/shadow']);
  await server.ask('PUT', `/profiles/${id}`, wrong);
  const begun = performance.now();
  await until(async () => (await host.run(['status'])).error.includes('is refused'), explain);
  expect(performance.now() - begun).toBeLessThan(15_000);
  const status = await host.run(['status']);
  expect(status.status).toBe(1);
  expect(status.error).toContain('path-forbidden');
  // What was applied before goes on.
  const before = await server.count(isAgents);
  host.append(lines.slice(100, 300).join(''));
  await until(async () => (await server.count(isAgents)) > before, explain);
  await until(async () => JSON.stringify(await server.ask('GET', '/agents')).includes('path-forbidden'), explain);
});

test('an agent that was un-enrolled stops shipping at once, and says so', async () => {
  await enroll();
  await server.profile(tag(), [join(host.logs, 'access*')]);
  host.append(lines.slice(0, 100).join(''));
  host.start();
  await until(async () => (await server.count(isAgents)) > 0, explain);
  await server.ask('DELETE', `/agents/${/"(.*?)"/.exec(isAgents)?.[1]}`);
  const before = await server.count(isAgents);
  host.append(lines.slice(100, 300).join(''));
  await until(async () => (await host.run(['status'])).error.includes('agent-revoked'), explain);
  expect(await server.count(isAgents)).toBe(before);
});

test("the token is never shown, the key is its owner's alone, and a second enrollment must be meant", async () => {
  const token = await server.token();
  const first = await host.enroll(token);
  expect(first.status).toBe(0);
  expect(first.out + first.error).not.toContain(token.slice(20));
  expect(statSync(join(host.state, 'identity')).mode & 0o777).toBe(0o600);
  expect(await host.enroll(await server.token())).toMatchObject({
    status: 2,
    error: expect.stringContaining('agent-enrolled-already'),
  });
  expect(await host.run(['enroll', '--replace', '--token-file', '-'], token)).toMatchObject({
    status: 2,
    error: expect.stringContaining('enrollment-token-spent'),
  });
  expect(await host.run(['enroll', '--replace', '--token-file', '-'], 'mde_nonsense')).toMatchObject({
    status: 2,
    error: expect.stringContaining('enrollment-token-wrong'),
  });
});

test('an agent taken to another server leaves the old one in order, and brings the new one everything', async () => {
  await enroll();
  await server.profile(tag(), [join(host.logs, 'access*')]);
  host.append(lines.slice(0, 200).join(''));
  host.start();
  await until(async () => (await server.count(isAgents)) > 0, explain);
  const expected = await eventsOf(host.logs);
  await untilCount(expected);
  const other = new FleetServer();
  try {
    await other.start();
    await other.profile(tag(), [join(host.logs, 'access*')]);
    host.configure([other.url]);
    const token = await other.token([tag()]);
    expect(await host.run(['enroll', '--replace', '--token-file', '-'], token)).toMatchObject({
      error: expect.stringContaining('agent-running'),
    });
    await host.stop();
    const replaced = await host.run(['enroll', '--replace', '--token-file', '-'], token);
    expect(replaced.error).toContain('which was told');
    expect(existsSync(join(host.state, 'spool'))).toBe(false);
    host.start();
    await until(
      async () => (await other.count('source: 389-directory-server')) >= expected,
      () => host.said,
    );
    expect(await other.count('source: 389-directory-server')).toBe(expected);
    expect(JSON.stringify(await server.ask('GET', '/agents'))).toContain('another server');
  } finally {
    await other.remove();
  }
});

test('the agent has a new key when asked for one, and goes on', async () => {
  await enroll();
  await server.profile(tag(), [join(host.logs, 'access*')]);
  host.append(lines.slice(0, 100).join(''));
  const before = readFileSync(join(host.state, 'identity'), 'utf8');
  expect((await host.run(['enroll', '--new-key'])).status).toBe(0);
  host.start();
  await until(() => host.said.includes('has a new key'), explain);
  expect(readFileSync(join(host.state, 'identity'), 'utf8')).not.toBe(before);
  const seen = await server.count(isAgents);
  host.append(lines.slice(100, 300).join(''));
  await until(async () => (await server.count(isAgents)) > seen, explain);
});

test('what a host without an agent sends by syslog is found, correlated', async () => {
  const port = await freePort();
  host.configure([server.url], { collect: { listen: [`127.0.0.1:${port}`] } });
  await enroll();
  const collector = {
    kind: 'syslog-tcp',
    listen: `127.0.0.1:${port}`,
    source: '389-directory-server',
    log: 'access',
    zone: 'UTC',
    senders: ['127.0.0.0/8'],
  };
  await server.profile(tag(), [join(host.logs, 'access*')], { collectors: [collector] });
  host.start();
  await until(async () => (await host.run(['status'])).out.includes('syslog-tcp at'), explain);
  const sent = lines.slice(0, 2000).filter((line) => line.startsWith('['));
  const socket = connect(port, '127.0.0.1');
  for (const line of sent) socket.write(`<134>1 2026-11-24T08:47:09Z ldap9 dirsrv - - - ${line}`);
  const same = join(host.folder, 'same');
  writeFileSync(same, sent.join(''));
  const expected = await eventsOf(same);
  await untilCount(expected);
  socket.destroy();
  expect(await server.count(`${isAgents} and deviceHostName: ldap9`)).toBe(expected);
  expect(
    await server.count(`${isAgents} and eventSubType: RESULT and requestType: BIND and sourceIp: *`),
  ).toBeGreaterThan(0);
});

test('the single file holds the agent and nothing of a server', async () => {
  const text = readFileSync(program, 'utf8');
  const foreign = ['chdb', 'fastify', 'kysely', 'libsql', 'ENGINE = MergeTree', 'normalizer'];
  expect(foreign.filter((word) => text.includes(word))).toEqual([]);
  const help = await host.run(['--help']);
  expect(help.status).toBe(0);
  expect(help.out).toContain('enroll');
  expect(await host.run(['status'])).toMatchObject({ status: 3, error: expect.stringContaining('status-missing') });
});
