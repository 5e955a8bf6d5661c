import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
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
import { run } from './run-meridian.ts';

/** Sums of the same question asked in several places. */
function sumUp(expectations: readonly Expectation[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [query, count] of expectations) sums.set(query, (sums.get(query) ?? 0) + count);
  return sums;
}

describe.skipIf(!canRunDirectoryServer())('a real 389 Directory Server', () => {
  let server: DirectoryServer;
  const data = mkdtempSync(join(tmpdir(), 'meridian-data-'));

  beforeAll(async () => {
    server = await DirectoryServer.create();
  }, 120_000);

  afterAll(async () => {
    await server?.remove();
    rmSync(data, { recursive: true, force: true });
  }, 120_000);

  test('what its clients did is what the questions find, through a rotation and a restart', async () => {
    await server.configure({ 'nsslapd-accesslog-maxlogsize': '1', 'nsslapd-auditlog-logging-enabled': 'on' });
    const expected: Expectation[] = [
      ...(await prepare(server)),
      ...(await bindGoodAndBad(server, 12, 7)),
      ...(await useTls(server, 5)),
      ...(await searchMuch(server, 6000)),
    ];
    await server.stop();
    await server.start();
    expected.push(
      ...(await useSocket(server, 4)),
      ...(await bindGoodAndBad(server, 5, 3)),
      ...(await write(server, 6)),
    );
    await server.stop();
    await server.start();
    expect(readdirSync(server.logs).filter((name) => /^access\.\d{8}-\d{6}$/.test(name)).length).toBeGreaterThan(0);
    const ingested = await run(['ingest', '--data', data, server.logs]);
    expect(ingested.status, ingested.error).toBe(0);
    const wanted = sumUp(expected);
    const found = new Map<string, number>();
    for (const query of wanted.keys()) {
      const asked = await run(['query', query, '--count', '--data', data]);
      found.set(query, Number(asked.out));
    }
    expect(found).toEqual(wanted);
  }, 300_000);
});
