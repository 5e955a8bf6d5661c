import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Ran, run } from './run-meridian.ts';

// Each test starts several processes; a busy machine takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const demo = fileURLToPath(new URL('../../demo/slapd-corp/', import.meta.url));
const log = gunzipSync(readFileSync(join(demo, 'access.gz')));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-ingest-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What `ingest --format json` says. */
interface Summary {
  lines: number;
  glued: number;
  events: number;
  dropped: number;
  deadLetters: number;
  continuations: number;
  balanced: boolean;
  known: number;
  files: {
    path: string;
    from: number;
    stream: string;
    generation: number;
    waiting: number;
    counts: { lines: number };
    error?: { code: string };
  }[];
  ignored: { path: string; why: string }[];
}

async function ingest(data: string, files: readonly string[], input?: Buffer): Promise<Summary & Ran> {
  const ran = await run(['ingest', '--format', 'json', '--data', data, ...files], input === undefined ? {} : { input });
  if (ran.out === '') throw new Error(ran.error);
  return { ...(JSON.parse(ran.out) as Summary), ...ran };
}

async function count(data: string, query = ''): Promise<number> {
  return Number((await run(['query', query, '--count', '--data', data])).out);
}

/** A file as it lay there for a while: complete, also without a line break at its end. */
function resting(name: string, bytes: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  utimesSync(path, 1_000_000_000, 1_000_000_000);
  return path;
}

/** Cuts the log behind the line that ends next after an offset. */
function cutAfter(offset: number): number {
  return log.indexOf('\n', offset) + 1;
}

test('the same log again, grown, renamed, compressed and piped adds only what is new, exactly', async () => {
  const data = join(folder, 'same-log');
  const whole = await ingest(join(folder, 'whole'), [resting('whole-access', log)]);
  expect(whole).toMatchObject({ status: 0, balanced: true, deadLetters: 0, known: 0 });
  expect(whole.lines).toBe(log.toString('latin1').split('\n').length - 1);
  expect(await count(join(folder, 'whole'))).toBe(whole.events);

  const path = join(folder, 'access');
  // The first piece ends in the middle of a line, as a server's buffer leaves it.
  writeFileSync(path, log.subarray(0, cutAfter(300_000) + 17));
  const first = await ingest(data, [path]);
  expect(first).toMatchObject({ status: 0, balanced: true });
  expect(first.files[0]?.waiting).toBeGreaterThan(0);

  appendFileSync(path, log.subarray(cutAfter(300_000) + 17, cutAfter(600_000)));
  const grown = await ingest(data, [path]);
  expect(grown.files[0]).toMatchObject({ stream: first.files[0]?.stream, generation: 0 });
  expect(grown.files[0]?.from).toBeGreaterThan(0);

  renameSync(path, join(folder, 'access.20261124-084700'));
  appendFileSync(join(folder, 'access.20261124-084700'), log.subarray(cutAfter(600_000)));
  const renamed = await ingest(data, [join(folder, 'access.20261124-084700')]);
  expect(first.events + grown.events + renamed.events - renamed.known - grown.known).toBe(whole.events);
  expect(await count(data)).toBe(whole.events);

  writeFileSync(join(folder, 'access.20261124-084700.gz'), gzipSync(log));
  const compressed = await ingest(data, [join(folder, 'access.20261124-084700.gz')]);
  expect(compressed).toMatchObject({ status: 0, lines: 0, events: 0, balanced: true });
  const piped = await ingest(data, ['-'], log);
  expect(piped).toMatchObject({ status: 0, events: 0 });
  expect(await count(data)).toBe(whole.events);

  // What correlation knew went on across the pieces.
  const known = 'eventSubType: RESULT and boundDn: * and sourceIp: *';
  expect(await count(data, known)).toBe(await count(join(folder, 'whole'), known));
  expect(await count(data, known)).toBeGreaterThan(100);
  expect(await count(data, 'correlation: partial')).toBe(await count(join(folder, 'whole'), 'correlation: partial'));
});

test('another log that begins with the same records is another generation, and loses nothing', async () => {
  const data = join(folder, 'generations');
  const half = cutAfter(400_000);
  const one = resting('one', log.subarray(0, half));
  // The second half, with other numbers in it, behind the same beginning.
  const other = Buffer.concat([
    log.subarray(0, cutAfter(100_000)),
    Buffer.from(log.subarray(cutAfter(100_000), half).toString('latin1').replaceAll('127.0.', '198.51.'), 'latin1'),
  ]);
  const first = await ingest(data, [one]);
  const second = await ingest(data, [resting('two', other)]);
  expect(second.files[0]).toMatchObject({ stream: first.files[0]?.stream, generation: 1, from: 0 });
  expect(second.known).toBe(0);
  expect(await count(data)).toBe(first.events + second.events);
  // Each is known again by its content.
  expect((await ingest(data, [one])).events).toBe(0);
  expect((await ingest(data, [join(folder, 'two')])).events).toBe(0);
  // So is an older, shorter copy.
  const older = await ingest(data, [resting('older', log.subarray(0, cutAfter(350_000)))]);
  expect(older).toMatchObject({ events: 0 });
});

test('a rotated set is read in order as one log', async () => {
  const data = join(folder, 'rotated');
  const set = mkdtempSync(join(folder, 'set-'));
  const cuts = [0, cutAfter(200_000), cutAfter(500_000), log.length];
  const names = ['access.20261124-084708', 'access.20261124-084730.gz', 'access'];
  for (const [at, name] of names.entries()) {
    const part = log.subarray(cuts[at], cuts[at + 1]);
    writeFileSync(join(set, name), name.endsWith('.gz') ? gzipSync(part) : part);
  }
  writeFileSync(join(set, 'access.rotationinfo'), 'LOGINFO:log file rotationinfo\n');
  const summary = await ingest(data, [set]);
  expect(summary.files.map((file) => file.path.slice(set.length + 1))).toEqual(names);
  expect(summary).toMatchObject({ status: 0, balanced: true, ignored: [{ why: 'neighbour' }] });
  const partial = await count(data, 'correlation: partial');
  expect(partial).toBe(await count(join(folder, 'whole'), 'correlation: partial'));
  // A later file goes on from what was known at the end of the ones before, in another process.
  const later = join(folder, 'later');
  await ingest(later, [join(set, 'access.20261124-084708')]);
  await ingest(later, [
    join(set, 'access.20261124-084708'),
    join(set, 'access.20261124-084730.gz'),
    join(set, 'access'),
  ]);
  expect(await count(later)).toBe(await count(data));
  expect(await count(later, 'correlation: partial')).toBe(partial);
});

test('bad input has answers', async () => {
  const data = join(folder, 'bad');
  const empty = await run(['ingest', '--data', data, resting('empty', Buffer.alloc(0))]);
  expect(empty).toMatchObject({ status: 0 });
  expect(empty.error).toContain('not read (empty)');

  const missing = await run(['ingest', '--data', data, join(folder, 'nowhere')]);
  expect(missing).toMatchObject({ status: 3, out: '' });
  expect(missing.error).toContain('file-missing');

  const nothing = mkdtempSync(join(folder, 'nothing-'));
  expect(await run(['ingest', '--data', data, nothing])).toMatchObject({
    status: 1,
    error: expect.stringContaining('no-logs'),
  });

  const binary = resting('binary', Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 97) % 256)));
  expect(await run(['ingest', '--data', data, binary])).toMatchObject({
    status: 1,
    error: expect.stringContaining('is no text'),
  });

  const apache = resting(
    'apache',
    Buffer.from('192.0.2.1 - - [24/Nov/2026:08:47:08 +0000] "GET / HTTP/1.1" 200 12\n'.repeat(20)),
  );
  expect(await run(['ingest', '--data', data, apache])).toMatchObject({
    status: 1,
    error: expect.stringContaining('no log that can be recognized'),
  });

  const cut = resting('cut.gz', gzipSync(log).subarray(0, 60_000));
  const truncated = await ingest(data, [cut]);
  expect(truncated).toMatchObject({ status: 1, balanced: true, files: [{ error: { code: 'gzip-truncated' } }] });
  expect(truncated.events).toBeGreaterThan(1000);
  // The whole file goes on from there.
  const whole = await ingest(data, [resting('cut.gz', gzipSync(log))]);
  expect(whole.files[0]?.from).toBeGreaterThan(0);
  expect(await count(data)).toBe(await count(join(folder, 'whole')));
});

test('what cannot be read is kept as a dead letter, and the status says so', async () => {
  const data = join(folder, 'dead');
  const lines = log.subarray(0, cutAfter(20_000)).toString('latin1').trimEnd().split('\n');
  lines.splice(20, 0, '[not a time at all] conn=1 op=1 SRCH', '{"local_time":');
  const summary = await ingest(data, [resting('with-garbage', Buffer.from(`${lines.join('\n')}\n`, 'latin1'))]);
  expect(summary.balanced).toBe(true);
  expect(summary.events + summary.deadLetters + summary.continuations).toBe(summary.lines + summary.glued);
  if (summary.deadLetters > 0) expect(summary.status).toBe(1);
});

test('a last line without line break waits in a file that is being written, and is taken when asked', async () => {
  const data = join(folder, 'waiting');
  const path = join(folder, 'fresh');
  writeFileSync(path, log.subarray(0, cutAfter(5000) - 1));
  const waiting = await ingest(data, [path]);
  expect(waiting.files[0]?.waiting).toBeGreaterThan(0);
  const complete = await ingest(data, ['--complete', path]);
  expect(complete.files[0]).toMatchObject({ waiting: 0 });
  expect(complete.events).toBeGreaterThan(0);
  expect(complete.events + waiting.events).toBe(await count(data));
});

test('a server start that only the error log tells of ends the sessions before it', async () => {
  const server = mkdtempSync(join(folder, 'slapd-'));
  const start = '- INFO - main - 389-Directory/2.6.1 B2025.034.0512 starting up';
  writeFileSync(
    join(server, 'errors'),
    `[07/Mar/2025:09:00:00.1 +0100] ${start}\n[07/Mar/2025:10:00:00.1 +0100] ${start}\n`.replaceAll(
      '.1 ',
      '.100000000 ',
    ),
  );
  writeFileSync(
    join(server, 'access'),
    [
      '[07/Mar/2025:09:15:02.004512345 +0100] conn=5 fd=66 slot=66 connection from 192.0.2.10 to 192.0.2.1',
      '[07/Mar/2025:09:15:03.004512345 +0100] conn=5 op=0 BIND dn="uid=alice,dc=example,dc=com" method=128 version=3',
      '[07/Mar/2025:09:15:03.104512345 +0100] conn=5 op=0 RESULT err=0 tag=97 nentries=0 etime=0.1 dn="uid=alice,dc=example,dc=com"',
      '[07/Mar/2025:10:15:03.104512345 +0100] conn=5 op=1 SRCH base="" scope=0 filter="(objectClass=*)" attrs=ALL',
      '',
    ].join('\n'),
  );
  const { out } = await run(['parse', server]);
  const search = out.split('\n').find((line) => line.includes('SRCH')) ?? '{}';
  expect(JSON.parse(search)).toMatchObject({ eventSubType: 'SRCH', correlation: 'partial' });
  expect(search).not.toContain('alice');
});

test('wrong use is told with status 2', async () => {
  for (const words of [
    ['ingest'],
    ['ingest', '--nonsense', 'x'],
    ['frobnicate'],
    ['ingest', '--zone', 'Mars/Olympus', demo],
  ]) {
    const ran = await run(words);
    expect(ran, words.join(' ')).toMatchObject({ status: 2, out: '' });
    expect(ran.error).not.toBe('');
  }
  expect(await run(['ingest', '--source', 'nonsense', demo])).toMatchObject({
    status: 2,
    error: expect.stringContaining('389-directory-server'),
  });
});

test('a copy of a file of a folder that is in it twice is stored once', async () => {
  const data = join(folder, 'twice');
  const set = mkdtempSync(join(folder, 'twice-'));
  writeFileSync(join(set, 'access.20261124-084708'), log.subarray(0, cutAfter(50_000)));
  writeFileSync(join(set, 'access.20261124-084708.gz'), gzipSync(log.subarray(0, cutAfter(50_000))));
  copyFileSync(join(set, 'access.20261124-084708'), join(set, 'copy-of-access'));
  const summary = await ingest(data, [set]);
  expect(await count(data)).toBe(summary.events - summary.known);
  const alone = await run(['parse', join(set, 'access.20261124-084708')]);
  expect(await count(data)).toBe(alone.out.trimEnd().split('\n').length);
});
