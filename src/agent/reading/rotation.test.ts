import { appendFile, copyFile, mkdir, readFile, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { diskFull } from '../test-file-system.ts';
import { createTestHost, readAtOnce, type Spooled, type TestHost } from '../test-reading.ts';

const sample = new URL('../../../sources/389-directory-server/samples/access-text.log', import.meta.url);

let host: TestHost;
let clean: () => Promise<void>;
let path = '';
/** The log, cut into parts of whole records that follow one another. */
let parts: Buffer[] = [];

beforeEach(async () => {
  ({ host, clean } = await createTestHost());
  await mkdir(host.logs);
  path = join(host.logs, 'access');
  const lines = (await readFile(sample, 'latin1')).split(/(?<=\n)(?=\[)/);
  const size = Math.ceil(lines.length / 6);
  parts = Array.from({ length: 6 }, (_, at) => Buffer.from(lines.slice(at * size, (at + 1) * size).join(''), 'latin1'));
});
afterEach(() => clean());

/** Compares all records spooled with what a one-shot reading of the files gives. */
async function expectAllOf(files: readonly Buffer[]): Promise<void> {
  await host.settle();
  await host.take();
  const [source] = host.sources.filter(({ id }) => id === '389-directory-server');
  if (source === undefined) throw new Error('no source');
  const expected = readAtOnce(source, 'access', files).flat();
  const inOrder = (records: readonly Spooled[]): unknown[] =>
    [...records].sort(
      (one, other) => String(one['raw']).localeCompare(String(other['raw'])) || one.position - other.position,
    );
  expect(inOrder(host.records)).toEqual(inOrder(expected));
  // Ranges follow one another, and no line is missing in them.
  for (const ranges of host.lines.values()) {
    for (const [at, range] of ranges.entries()) expect(range.from).toBe(at === 0 ? 0 : ranges[at - 1]?.to);
  }
  const lines = [...host.lines.values()].flat().reduce((sum, range) => sum + range.lines, 0);
  expect(lines).toBe(files.reduce((sum, file) => sum + file.toString('latin1').split('\n').length - 1, 0));
}

function part(...numbers: number[]): Buffer {
  return Buffer.concat(numbers.map((number) => parts[number] ?? Buffer.alloc(0)));
}

test('a growing log is read as it grows', async () => {
  await host.start();
  for (const number of [0, 1, 2, 3, 4, 5]) {
    const bytes = part(number);
    await appendFile(path, bytes.subarray(0, 100));
    await host.rounds();
    await appendFile(path, bytes.subarray(100));
    await host.rounds();
  }
  await expectAllOf([part(0, 1, 2, 3, 4, 5)]);
});

test('the last record of a quiet log does not wait for the next', async () => {
  await host.start();
  await writeFile(path, part(0));
  await host.rounds();
  await host.take();
  const before = host.records.length;
  host.ahead += 3000;
  await host.rounds();
  await host.take();
  expect(host.records.length).toBe(before + 1);
});

test('half a line waits', async () => {
  await host.start();
  await writeFile(path, part(0).subarray(0, -20));
  await host.rounds();
  host.ahead += 30_000;
  await host.rounds();
  await appendFile(path, part(0).subarray(-20));
  await expectAllOf([part(0)]);
});

/** Ways in which logs are rotated; each makes `access` new. */
const rotations: Readonly<Record<string, (to: string) => Promise<void>>> = {
  'renamed by the server': async (to) => rename(path, `${path}.${to}`),
  'copied and truncated': async (to) => {
    await copyFile(path, `${path}.${to}`);
    await truncate(path, 0);
  },
  'renamed and compressed': async (to) => {
    const content = await readFile(path);
    await writeFile(`${path}.${to}.gz`, gzipSync(content));
    await rm(path);
  },
  'copied, compressed and truncated': async (to) => {
    await writeFile(`${path}.${to}.gz`, gzipSync(await readFile(path)));
    await truncate(path, 0);
  },
};
const moments = ['while it is read', 'before the last bytes are read', 'while the agent is down', 'after all is read'];

test.each(Object.keys(rotations).flatMap((kind) => moments.map((moment) => [kind, moment] as const)))(
  'a log is %s %s',
  async (kind, moment) => {
    const rotate = rotations[kind];
    if (rotate === undefined) throw new Error(kind);
    await host.start();
    await writeFile(path, part(0));
    if (moment === 'after all is read') await host.settle();
    else await host.rounds();
    if (moment === 'while the agent is down') await host.kill(undefined);
    if (moment !== 'after all is read') await appendFile(path, part(1));
    if (moment === 'while it is read') await host.rounds();
    await rotate('20261124-101500');
    if (moment === 'while it is read') await host.rounds();
    await appendFile(path, part(2));
    if (moment === 'while the agent is down') await host.start();
    await host.rounds();
    await appendFile(path, part(3));
    const first = moment === 'after all is read' ? part(0) : part(0, 1);
    await expectAllOf([first, part(2, 3)]);
  },
);

test('logrotate numbers files anew with each rotation', async () => {
  await host.start();
  for (const number of [0, 1, 2]) {
    await writeFile(path, part(number));
    await host.rounds();
    if (number === 2) break;
    if (number === 1) await rename(`${path}.1`, `${path}.2`);
    await rename(path, `${path}.1`);
    await host.rounds();
  }
  await expectAllOf([part(0), part(1), part(2)]);
});

test('many rotations while the agent is down are read in order', async () => {
  await writeFile(path, part(0));
  await host.start();
  await host.rounds();
  await host.kill(undefined);
  await appendFile(path, part(1));
  await rename(path, `${path}.20261124-101500`);
  await writeFile(`${path}.20261124-101600.gz`, gzipSync(part(2)));
  await writeFile(`${path}.20261124-101700`, part(3));
  await writeFile(path, part(4));
  await host.start();
  await host.rounds();
  await appendFile(path, part(5));
  await expectAllOf([part(0, 1), part(2), part(3), part(4, 5)]);
});

test('a file that is deleted while it is open is read to its end', async () => {
  await host.start();
  await writeFile(path, part(0));
  await host.rounds();
  await appendFile(path, part(1));
  await rm(path);
  await host.rounds();
  await writeFile(path, part(2));
  await expectAllOf([part(0, 1), part(2)]);
});

test('a log that is made anew in place, longer than before, is another one', async () => {
  await host.start();
  await writeFile(path, part(0));
  await host.settle();
  await truncate(path, 0);
  await writeFile(path, part(1, 2, 3));
  await expectAllOf([part(0), part(1, 2, 3)]);
});

test('a log that shrinks, and no copy of it is there, is told', async () => {
  await host.start();
  await writeFile(path, part(0, 1));
  await host.settle();
  await truncate(path, 0);
  await host.rounds();
  await appendFile(path, part(2));
  await host.rounds();
  expect(host.reading?.status().events.map(({ kind }) => kind)).toEqual(['log-shrank']);
  await expectAllOf([part(0, 1), part(2)]);
});

test('neighbours are no logs', async () => {
  await host.start();
  await writeFile(path, part(0));
  await writeFile(`${path}.rotationinfo`, 'LOGINFO:Log file created at: 07/Mar/2025:09:00:00 (1741334400)\n');
  await writeFile(join(host.logs, 'core'), Buffer.alloc(10_000));
  await expectAllOf([part(0)]);
});

test('a name of the live log finds its rotated files', async () => {
  host.source = { paths: [path] };
  await writeFile(`${path}.20261124-101500`, part(0));
  await writeFile(path, part(1));
  await host.start();
  await expectAllOf([part(0), part(1)]);
});

test('reading begins at the end, and knows the sessions before it', async () => {
  host.source = { start: 'end' };
  await writeFile(`${path}.20261124-101500`, part(0));
  await writeFile(path, part(1, 2));
  await host.start();
  await host.rounds();
  await appendFile(path, part(3));
  await host.settle();
  await rename(path, `${path}.20261124-101600`);
  await writeFile(path, part(4));
  await host.settle();
  await host.take();
  const source = host.sources.find(({ id }) => id === '389-directory-server');
  if (source === undefined) throw new Error('no source');
  const [one = [], two = []] = readAtOnce(source, 'access', [part(1, 2, 3), part(4)]);
  const expected = [...one.filter(({ position }) => position >= part(1, 2).length), ...two];
  expect(host.records.map((record) => record['raw'])).toEqual(expected.map((record) => record['raw']));
});

test('reading begins at a date', async () => {
  const source = host.sources.find(({ id }) => id === '389-directory-server');
  if (source === undefined) throw new Error('no source');
  const [all = []] = readAtOnce(source, 'access', [part(0, 1, 2, 3)]);
  const times = all.map((record) => Number(record['EventTime']));
  const middle = times[Math.floor(times.length / 2)] ?? 0;
  host.source = { start: new Date(middle).toISOString() };
  await writeFile(`${path}.20200101-101500`, part(5));
  await utimes(`${path}.20200101-101500`, new Date('2020-01-01'), new Date('2020-01-01'));
  await writeFile(path, part(0, 1, 2, 3));
  await host.start();
  await host.settle();
  await host.take();
  const at = times.findIndex((time) => time >= middle);
  expect(host.records.map(({ position }) => position)).toEqual(all.slice(at).map(({ position }) => position));
});

test('a link to a file outside the allowed folders is refused', async () => {
  const { symlink } = await import('node:fs/promises');
  await symlink('/etc/passwd', path);
  await host.start();
  await host.rounds();
  expect(host.reading?.status().files).toMatchObject([{ place: path, state: 'failed', code: 'file-not-allowed' }]);
});

test.each([[240_000], [-3_600_000], [86_400_000]])(
  'a clock that is set by %i ms makes no half line whole, of a known log or of a new one',
  async (jump) => {
    await host.start();
    const first = part(0);
    const cut = Math.floor(first.length * 0.4) + 7;
    await writeFile(path, first.subarray(0, 40));
    await host.rounds();
    host.setAhead += jump;
    await host.rounds();
    await appendFile(path, first.subarray(40, cut));
    await host.rounds();
    host.setAhead += jump;
    await host.rounds();
    await appendFile(path, first.subarray(cut));
    await expectAllOf([first]);
  },
);

test('a rotated file of one record is read before its successor, however young it is', async () => {
  const lines = part(0, 1, 2)
    .toString('latin1')
    .split(/(?<=\n)(?=\[)/);
  const short = Buffer.from(lines.slice(0, 2).join(''), 'latin1');
  const rest = Buffer.from(lines.slice(2).join(''), 'latin1');
  await writeFile(`${path}.20261124-100001`, short);
  await writeFile(path, rest);
  await host.start();
  await host.rounds();
  await expectAllOf([short, rest]);
});

test('a rotated file of nothing but a title holds up nothing', async () => {
  const text = part(0, 1).toString('latin1');
  const title = text.slice(0, text.indexOf('['));
  await writeFile(`${path}.20261124-100001`, title);
  await writeFile(path, part(1, 2));
  await host.start();
  await host.rounds();
  await host.take();
  expect(host.records.length).toBeGreaterThan(0);
});

test('a log waits for an older file of its own that the disk does not give at once, and not for ever', async () => {
  await writeFile(`${path}.20261124-100001`, part(0, 1));
  await writeFile(path, part(2));
  let isAway = true;
  host.fileSystem.refuse = ({ name, path: of }) =>
    isAway && name === 'read' && of.endsWith('-100001') ? diskFull(of) : undefined;
  await host.start();
  await host.rounds();
  await host.take();
  expect(host.records).toEqual([]);
  isAway = false;
  await expectAllOf([part(0, 1), part(2)]);
  await writeFile(`${path}.20261124-100000`, part(3));
  await appendFile(path, part(4));
  isAway = true;
  host.fileSystem.refuse = ({ name, path: of }) =>
    name === 'read' && of.endsWith('-100000') ? diskFull(of) : undefined;
  await host.settle();
  const before = host.records.length;
  await host.take();
  expect(host.records.length).toBeGreaterThan(before);
});

test('a copy that the disk does not give at once is waited for before half a line counts as whole, and not for ever', async () => {
  const first = part(0, 1);
  const cut = Math.floor(first.length * 0.6) + 7;
  await writeFile(path, first.subarray(0, cut));
  await host.start();
  await host.rounds();
  let isAway = true;
  host.fileSystem.refuse = ({ name, path: of }) =>
    isAway && name === 'read' && of.endsWith('-100001') ? diskFull(of) : undefined;
  await appendFile(path, first.subarray(cut));
  await copyFile(path, `${path}.20261124-100001`);
  await truncate(path);
  await host.rounds();
  await host.rounds();
  await appendFile(path, part(2));
  await host.rounds();
  isAway = false;
  await expectAllOf([first, part(2)]);
  isAway = true;
  await copyFile(path, `${path}.20261124-100002`);
  host.fileSystem.refuse = ({ name, path: of }) =>
    name === 'read' && of.endsWith('-100002') ? diskFull(of) : undefined;
  await truncate(path);
  await writeFile(path, part(3));
  await host.settle();
  const before = host.records.length;
  await host.take();
  expect(host.records.length).toBeGreaterThan(before);
});
