import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEmbedded } from './embedded.ts';
import type { Engine } from './engine.ts';
import { Reading } from './reading.ts';
import { run } from './schema.ts';
import { clusterStatements, tableStatements } from './tables.ts';

const directory: string = mkdtempSync(join(tmpdir(), 'meridian-reading-'));
let engine: Engine;
let reading: Reading;

beforeAll(async () => {
  mkdirSync(directory, { recursive: true });
  engine = await openEmbedded({ kind: 'embedded', directory }, { seconds: 4, memoryBytes: 64 * 1024 ** 2, rows: 1000 });
  reading = new Reading(engine.readers, engine.killer);
});
afterAll(async () => {
  await reading.close();
  await engine.close();
  rmSync(directory, { recursive: true, force: true });
});

const doing = 'try something';
const endless = 'SELECT max(sipHash64(number)) AS x FROM numbers(1000000000000)';

test('an aborted question ends in the engine, too, and its connection comes back', async () => {
  const controller = new AbortController();
  // As many as there are connections, and more that wait.
  const work = Array.from({ length: 5 }, () =>
    reading.ask({ sql: endless, signal: controller.signal, doing }).catch((thrown: { code: string }) => thrown.code),
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  const before = performance.now();
  controller.abort();
  expect(await Promise.all(work)).toEqual(Array.from({ length: 5 }, () => 'query-cancelled'));
  expect(performance.now() - before).toBeLessThan(500);
  // All connections answer again long before the limit would have freed them, and the processor is idle.
  await Promise.all(engine.readers.map(() => reading.ask({ sql: 'SELECT sleep(0.1) AS x', doing })));
  expect(performance.now() - before).toBeLessThan(2500);
  const used = process.cpuUsage();
  await new Promise((resolve) => setTimeout(resolve, 500));
  const { user, system } = process.cpuUsage(used);
  expect((user + system) / 1000).toBeLessThan(250);
});

test.each([
  ['takes too long', endless, 'query-too-slow'],
  ['takes too much memory', 'SELECT groupArray(number) AS x FROM numbers(100000000)', 'query-out-of-memory'],
  ['answers with too many rows', 'SELECT number FROM numbers(2000)', 'query-out-of-memory'],
  ['wants to write', 'CREATE DATABASE x', 'store-failed'],
  ['wants a file', "SELECT * FROM file('/etc/passwd', LineAsString)", 'store-failed'],
  ['wants the network', "SELECT * FROM url('http://127.0.0.1:9/', LineAsString)", 'store-failed'],
  ['lifts a limit', 'SELECT 1 SETTINGS max_execution_time = 1000', 'store-failed'],
])('a question that %s is refused', async (_, sql, code) => {
  await expect(reading.ask({ sql, doing })).rejects.toMatchObject({ code });
  expect(await reading.rows({ sql: 'SELECT 1 AS one', doing })).toEqual([{ one: 1 }]);
});

describe('tables', () => {
  const own = tableStatements('meridian');
  const cluster = clusterStatements('meridian', 'logs');

  test.each([...own, ...cluster].map((sql) => [sql.slice(0, 70), sql]))('the engine reads %s…', async (_, sql) => {
    const rows = await reading.rows({ sql: 'SELECT formatQuery({sql:String}) AS sql', params: { sql }, doing });
    expect(rows[0]?.['sql']).toContain('CREATE');
  });

  test('those of a cluster are replicated by the macros of each server, and distributed', () => {
    const text = cluster.join('\n');
    expect(text).toContain('CREATE TABLE IF NOT EXISTS meridian.events_local ON CLUSTER logs');
    expect(text).toContain("ReplicatedMergeTree('/clickhouse/tables/{shard}/meridian/events', '{replica}')");
    expect(text).toContain(
      "ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/meridian/streams', '{replica}', updated)",
    );
    expect(text).toContain(
      'meridian.events ON CLUSTER logs AS meridian.events_local ENGINE = Distributed(logs, meridian, events_local, cityHash64(stream, generation))',
    );
    expect(text).not.toContain('non_replicated');
  });

  test('the engine makes those of one server', async () => {
    for (const sql of own) await run(engine, sql, doing);
    const rows = await reading.rows({
      sql: "SELECT name FROM system.tables WHERE database = 'meridian' ORDER BY name",
      doing,
    });
    expect(rows.map(({ name }) => name)).toEqual(['coverage', 'dead_letters', 'events', 'meta', 'streams']);
  });
});
