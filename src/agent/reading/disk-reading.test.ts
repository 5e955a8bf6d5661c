import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '#error';
import { diskFull } from '../test-file-system.ts';
import { createTestHost, readAtOnce, type TestHost } from '../test-reading.ts';

const demo = new URL('../../../demo/slapd-corp/', import.meta.url);

let host: TestHost;
let clean: () => Promise<void>;
let path = '';
let content: Buffer = Buffer.alloc(0);

beforeEach(async () => {
  ({ host, clean } = await createTestHost());
  await mkdir(host.logs);
  path = join(host.logs, 'access');
  content = gunzipSync(await readFile(new URL('access.gz', demo)));
  content = content.subarray(0, content.lastIndexOf(10, 200_000) + 1);
});
afterEach(() => clean());

function expectedPositions(): readonly number[] {
  const source = host.sources.find(({ id }) => id === '389-directory-server');
  if (source === undefined) throw new Error('no source');
  return readAtOnce(source, 'access', [content]).flatMap((records) => records.map(({ position }) => position));
}

function positions(): readonly number[] {
  return host.records.map(({ position }) => position).sort((one, other) => one - other);
}

function status(): NonNullable<ReturnType<NonNullable<TestHost['reading']>['status']>> {
  if (host.reading === undefined) throw new Error('no agent');
  return host.reading.status();
}

test('a small spool stops reading, says so, and goes on when there is room', async () => {
  host.limits = { ...host.limits, spoolBytes: 30_000, batchRecords: 50 };
  await writeFile(path, content);
  await host.start();
  await host.rounds();
  expect(status()).toMatchObject({ state: 'spool-full', spool: { full: true } });
  expect(status().files[0]?.lagBytes).toBeGreaterThan(0);
  expect(status().events.map(({ kind }) => kind)).toEqual(['spool-full']);
  for (let times = 0; times < 10; times++) {
    await host.take();
    await host.settle();
  }
  await host.take();
  expect(positions()).toEqual(expectedPositions());
  expect(status()).toMatchObject({ state: 'reading', files: [{ lagBytes: 0, lagSeconds: 0 }] });
  host.reading?.confirmEvents(status().events.at(-1)?.sequence ?? 0);
  expect(status().events).toEqual([]);
});

test('a full disk stops reading, and loses and doubles nothing', async () => {
  host.limits = { ...host.limits, batchRecords: 50 };
  await writeFile(path, content.subarray(0, 100_000));
  await host.start();
  await host.rounds();
  await appendFile(path, content.subarray(100_000));
  host.fileSystem.refuse = ({ name, path: where }) =>
    name === 'write' && where.includes('/agent/') ? diskFull(where) : undefined;
  await host.rounds();
  expect(status().state).toBe('disk-failed');
  expect(status().errors[0]).toMatchObject({ code: 'file-unreadable' });
  host.fileSystem.refuse = () => undefined;
  await host.settle();
  await host.take();
  expect(positions()).toEqual(expectedPositions());
});

test('a pattern that fits no file is in the status, until one is there', async () => {
  await writeFile(path, content);
  const missing = join(host.folder, 'slapd-test2', 'access');
  host.source = { paths: [`${host.folder}/slapd-test/access`, missing] };
  await host.start();
  await host.rounds();
  const told = (): readonly object[] => status().files.filter(({ code }) => code === 'pattern-matches-nothing');
  expect(told()).toMatchObject([{ place: missing, state: 'empty', size: 0 }]);
  await mkdir(join(host.folder, 'slapd-test2'));
  await writeFile(missing, content.subarray(content.indexOf(10, 1_000) + 1));
  await host.rounds();
  expect(told()).toEqual([]);
  expect(
    status()
      .files.map(({ place }) => place)
      .sort(),
  ).toEqual([path, missing]);
});

test('a log that cannot be read for a while fails alone, and is read when it can be', async () => {
  await writeFile(path, content);
  await writeFile(join(host.logs, 'audit'), gunzipSync(await readFile(new URL('audit.gz', demo))));
  await host.start();
  host.fileSystem.refuse = ({ name, path: where }) =>
    name === 'read' && where === path ? new AppError('file-unreadable', 'EIO') : undefined;
  await host.settle();
  await host.take();
  expect(status().files.find(({ place }) => place === path)).toMatchObject({
    state: 'failed',
    code: 'file-unreadable',
  });
  expect(host.records.every((record) => record['log'] === 'audit')).toBe(true);
  host.fileSystem.refuse = () => undefined;
  await host.settle();
  await host.take();
  expect(host.records.filter((record) => record['log'] === 'access')).toHaveLength(expectedPositions().length);
});

test('a damaged state is set aside and told; what the spool holds is not read again', async () => {
  await writeFile(path, content);
  await host.start();
  await host.settle();
  await host.stop();
  const states = join(host.folder, 'agent', 'state');
  const [name = ''] = (await readdir(states)).filter((one) => one.endsWith('.log'));
  await writeFile(join(states, name), 'meridian log-state 1 00000000 3\n{}{');
  await host.start();
  await host.settle();
  await host.take();
  expect(status().events.map(({ kind }) => kind)).toEqual(['state-damaged']);
  expect((await readdir(states)).some((one) => one.endsWith('.damaged'))).toBe(true);
  expect(positions()).toEqual(expectedPositions());
});

test('what the server says it has of a file is not shipped again', async () => {
  host.limits = { ...host.limits, batchRecords: 50 };
  await writeFile(path, content.subarray(0, 100_000));
  await host.start();
  await host.rounds();
  const [file] = host.reading?.spool.files() ?? [];
  const all = expectedPositions();
  // The server is ahead of the agent, whose state was lost: what is not read yet is known there, too.
  const known = 150_000;
  expect(file?.marks.length).toBeGreaterThan(5);
  host.reading?.spool.setGeneration(file?.id ?? '', { generation: 2, position: known });
  await appendFile(path, content.subarray(100_000));
  await host.settle();
  await host.take();
  expect(positions()).toEqual(all.filter((position) => position >= known));
  expect(host.reading?.spool.file(file?.id ?? '')?.generation).toBe(2);
});

test('a rate is kept, and a blackout stops reading', async () => {
  host.limits = { ...host.limits, linesPerSecond: 100 };
  await writeFile(path, content);
  await host.start();
  await host.rounds();
  const { lines } = status().counts;
  expect(lines).toBeLessThan(1200);
  host.ahead += 1000;
  await host.rounds();
  expect(status().counts.lines - lines).toBeLessThan(1200);
  const always = [{ days: [], from: '00:00', to: '24:00', zone: 'UTC' }];
  await host.reading?.apply({ ...host.profile, blackouts: always });
  const before = status().counts.bytes;
  host.ahead += 60_000;
  await host.reading?.round();
  expect(status()).toMatchObject({ state: 'blackout', counts: { bytes: before } });
  await host.reading?.apply(undefined);
  await host.reading?.round();
  expect(status().state).toBe('no-profile');
});

test('what an error log tells of a server start ends the sessions before it', async () => {
  const when = '[24/Nov/2026:10:00';
  await writeFile(
    path,
    `${when}:00.100000000 +0000] conn=7 fd=64 slot=64 connection from 192.0.2.1 to 192.0.2.2\n` +
      `${when}:00.200000000 +0000] conn=7 op=0 BIND dn="cn=a" method=128 version=3\n` +
      `${when}:00.300000000 +0000] conn=7 op=0 RESULT err=0 tag=97 nentries=0 etime=0.1 dn="cn=a"\n` +
      `${when}:40.300000000 +0000] conn=7 op=1 SRCH base="" scope=0 filter="(objectClass=*)" attrs=ALL\n`,
  );
  await writeFile(
    join(host.logs, 'errors'),
    `${when}:30.000000000 +0000] - INFO - slapd_daemon - slapd started.  Listening on All Interfaces port 389 for LDAP requests\n` +
      `${when}:30.000000001 +0000] - INFO - main - 389-Directory/2.6.1 B2025.034.0512 starting up\n`,
  );
  await host.start();
  await host.settle();
  await host.take();
  const search = host.records.find((record) => record['verb'] === 'SRCH');
  expect(search).toMatchObject({ correlation: 'partial' });
});

test('the loop by itself reads what is written, soon', async () => {
  await writeFile(path, content.subarray(0, 50_000));
  const reading = await host.start();
  await host.stop();
  expect(reading.status().state).toBe('closed');
  host.fileSystem = new (await import('../test-file-system.ts')).TestFileSystem();
  const again = await host.start();
  await again.close();
  const { createReading } = await import('./create-reading.ts');
  const { createLogger } = await import('#log');
  const loop = createReading({
    fileSystem: host.fileSystem,
    folder: join(host.folder, 'agent'),
    allowedFolders: [host.folder],
    sources: host.sources,
    profile: host.profile,
    clock: { now: () => Date.now(), steady: () => performance.now() },
    log: createLogger('silent'),
  });
  await loop.start();
  const waitFor = async (bytes: number): Promise<void> => {
    for (let tries = 0; tries < 100; tries++) {
      if ((loop.status().files[0]?.position ?? 0) >= bytes) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  await waitFor(40_000);
  await appendFile(path, content.subarray(50_000));
  await waitFor(content.length);
  expect(loop.status().files[0]).toMatchObject({ position: content.length, lagBytes: 0 });
  await loop.close();
});
