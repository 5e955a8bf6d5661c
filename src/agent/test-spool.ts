import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createLogger } from '#log';
import { nodeFileSystem } from './node-file-system.ts';
import { Reports } from './reports.ts';
import { DiskSpool } from './spool/disk-spool.ts';
import type { SpoolFile } from './spool/spool.ts';

/** For tests: a real spool in a folder of its own. */
export interface TestSpool {
  readonly folder: string;
  readonly spool: DiskSpool;
  close(): Promise<void>;
}

/** The time, for tests. */
export const systemClock: { now(): number; steady(): number } = {
  now: () => Date.now(),
  steady: () => performance.now(),
};

/** Opens one. */
export async function openTestSpool(): Promise<TestSpool> {
  const folder = await mkdtemp(join(tmpdir(), 'meridian-spool-'));
  const reports = new Reports(systemClock, createLogger('silent'));
  const spool = new DiskSpool({ fileSystem: nodeFileSystem, folder: `${folder}/spool`, clock: systemClock, reports });
  await spool.open();
  return {
    folder,
    spool,
    async close() {
      await spool.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A batch as it lies in the spool. */
export interface SpooledBatch {
  readonly file: SpoolFile;
  readonly from: number;
  readonly to: number;
  readonly lines: number;
  readonly ended: boolean;
  readonly records: readonly Readonly<Record<string, unknown>>[];
}

/** Takes everything out of a spool, as a shipper would. */
export async function drainSpool(spool: DiskSpool): Promise<SpooledBatch[]> {
  const batches: SpooledBatch[] = [];
  for (;;) {
    const next = await spool.next();
    if (next === undefined) return batches;
    const { entry, body } = next;
    const file = spool.file(entry.fileId);
    if (file === undefined) return batches;
    const { from, to, lines, ended } = entry;
    batches.push({ file, from, to, lines, ended, records: recordsOf(body) });
    spool.acknowledge(entry);
  }
}

/** Records of a body. */
export function recordsOf(body: Buffer): Readonly<Record<string, unknown>>[] {
  return gunzipSync(body)
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** A file of a log, and batches of it with so many records each, of 100 bytes. */
export async function fillSpool(spool: DiskSpool, id: string, batches: number, records: number): Promise<void> {
  const file = {
    id,
    place: `/var/log/${id}`,
    source: '389-directory-server',
    log: 'access',
    stream: `stream-${id}`,
    marks: [],
  };
  for (let batch = 0; batch < batches; batch++) {
    const from = batch * records * 100;
    const lines = Array.from({ length: records }, (_, at) => sampleRecord(from + at * 100));
    const body = gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    await spool.append(file, { from, to: from + records * 100, lines: records, records, ended: false, body });
  }
  await spool.sync();
}

/** A record at a position, as the reader of a log makes one. */
export function sampleRecord(position: number): Record<string, unknown> {
  return {
    EventTime: 1_795_514_400_000 + position,
    DeviceModel: '389 Directory Server',
    DeviceType: 'Application',
    conn: 1,
    op: position,
    verb: 'SRCH',
    base: 'dc=example,dc=com',
    source: '389-directory-server',
    log: 'access',
    position,
    raw: `[24/Nov/2026:08:47:09 +0000] conn=1 op=${position} SRCH base="dc=example,dc=com" scope=2 filter="(uid=a)" attrs=ALL`,
  };
}
