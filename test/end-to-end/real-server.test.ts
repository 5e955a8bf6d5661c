import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canRunDirectoryServer, DirectoryServer } from './directory-server/directory-server.ts';
import {
  bindGoodAndBad,
  type Expectation,
  prepare,
  searchMuch,
  useSocket,
  useTls,
  write,
} from './directory-server/drive.ts';
import { buildAgent, FleetHost, FleetServer, until } from './fleet-host.ts';
import { run } from './run-meridian.ts';

/** Sums of the same question asked in several places. */
function sumUp(expectations: readonly Expectation[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [query, count] of expectations) sums.set(query, (sums.get(query) ?? 0) + count);
  return sums;
}

describe.skipIf(!canRunDirectoryServer())('a real 389 Directory Server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-real-'));
  const fleet = new FleetServer();
  let directory: DirectoryServer;
  let host: FleetHost;

  beforeAll(async () => {
    const [program] = await Promise.all([buildAgent(folder), fleet.start()]);
    directory = await DirectoryServer.create();
    host = new FleetHost(program);
    host.configure([fleet.url], { allowedPaths: [directory.logs] });
  }, 240_000);

  afterAll(async () => {
    await host?.remove();
    await fleet.remove();
    await directory?.remove();
    rmSync(folder, { recursive: true, force: true });
  }, 120_000);

  async function found(queries: Iterable<string>): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    for (const query of queries) counts.set(query, await fleet.count(query));
    return counts;
  }

  test('what its clients did is what the questions find: by an agent, through a rotation, restarts and a kill', async () => {
    await directory.configure({ 'nsslapd-accesslog-maxlogsize': '1', 'nsslapd-auditlog-logging-enabled': 'on' });
    expect((await host.enroll(await fleet.token(['directory']))).status).toBe(0);
    await fleet.profile('directory', [join(directory.logs, '*')]);
    host.start();
    const expected: Expectation[] = [
      ...(await prepare(directory)),
      ...(await bindGoodAndBad(directory, 12, 7)),
      ...(await useTls(directory, 5)),
    ];
    await host.stop('SIGKILL');
    expected.push(...(await searchMuch(directory, 5000)));
    await directory.stop();
    await directory.start();
    host.start();
    expected.push(
      ...(await useSocket(directory, 4)),
      ...(await bindGoodAndBad(directory, 5, 3)),
      ...(await write(directory, 6)),
    );
    // A stop flushes what the server holds back.
    await directory.stop();
    const rotated = readdirSync(directory.logs).filter((name) => /^access\.\d{8}-\d{6}$/.test(name));
    expect(rotated.length).toBeGreaterThan(0);
    const wanted = sumUp(expected);
    let counts = await found(wanted.keys());
    const isThere = (): boolean => [...wanted].every(([query, count]) => (counts.get(query) ?? 0) >= count);
    await until(
      async () => {
        counts = await found(wanted.keys());
        return isThere();
      },
      () => JSON.stringify([...counts]),
      120_000,
    );
    expect(counts).toEqual(wanted);
  }, 300_000);

  test('all kinds of its logs came, whole; the same files read by hand add nothing', async () => {
    const logs = await fleet.ask('POST', '/events/group', { q: 'source: 389-directory-server', by: ['logName'] });
    expect(JSON.stringify(logs)).toMatch(/(?=.*"access")(?=.*"audit")(?=.*"error")(?=.*"security")/);
    await until(
      async () => {
        const { streams } = await fleet.ask('GET', '/completeness');
        return Array.isArray(streams) && streams.length > 3 && streams.every(({ complete }) => complete === true);
      },
      () => fleet.said,
    );
    // The last record of a log is whole when nothing followed for a while; a status may be older than what it tells of.
    const sizes = new Map(
      readdirSync(directory.logs)
        .filter((name) => !name.endsWith('.rotationinfo'))
        .map((name) => join(directory.logs, name))
        .map((place) => [place, statSync(place).size]),
    );
    let status: { files: { place: string; position: number }[]; spool: { batches: number } };
    await until(
      async () => {
        ({ status } = JSON.parse((await host.run(['status', '--format', 'json'])).out));
        const positions = new Map(status.files.map(({ place, position }) => [place, position]));
        return status.spool.batches === 0 && [...sizes].every(([place, size]) => positions.get(place) === size);
      },
      () => JSON.stringify([[...sizes], status]),
    );
    const before = await fleet.count('source: 389-directory-server');
    const again = await run(['ingest', directory.logs, '--server', fleet.url], {
      env: { MERIDIAN_TOKEN: fleet.accessToken },
    });
    expect(again.status, again.error).toBe(0);
    expect(await fleet.count('source: 389-directory-server')).toBe(before);
    await directory.start();
  }, 120_000);
});
