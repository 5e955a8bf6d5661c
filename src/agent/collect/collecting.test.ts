import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultProfileLimits, type ProfileCollector } from '#delivery';
import { loadSources } from '#source';
import { nodeFileSystem } from '../node-file-system.ts';
import { testCertificate, testKey } from '../test-certificate.ts';
import { drainSpool, fillSpool, openTestSpool, type SpooledBatch, systemClock, type TestSpool } from '../test-spool.ts';
import { type Collecting, startCollecting } from './collecting.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 5);
const sources = await loadSources();
const limits = { ...defaultProfileLimits, intervalMs: 50 };

let place: TestSpool;
let collecting: Collecting;
beforeEach(async () => {
  place = await openTestSpool();
  collecting = await start();
});
afterEach(async () => {
  await collecting.close();
  await place.close();
});

async function start(listen: readonly string[] = ['*:0']): Promise<Collecting> {
  const certificate = `${place.folder}/certificate.pem`;
  const key = `${place.folder}/key.pem`;
  await writeFile(certificate, testCertificate);
  await writeFile(key, testKey);
  return startCollecting({
    config: { listen, certificate, key, clients: undefined },
    fileSystem: nodeFileSystem,
    folder: place.folder,
    spool: place.spool,
    sources,
    clock: systemClock,
    failed: () => {},
  });
}

function collector(kind: ProfileCollector['kind'], more: Partial<ProfileCollector> = {}): ProfileCollector {
  return {
    kind,
    listen: '127.0.0.1:0',
    source: '389-directory-server',
    log: 'access',
    zone: 'UTC',
    senders: [],
    ...more,
  };
}

function portOf(at = 0): number {
  return Number(collecting.status().ports[at]?.listen.split(':').at(-1));
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

async function until(what: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !what(); tries++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(what()).toBe(true);
}

/** A session as its server logs it. */
function session(conn: number, client: string): string[] {
  const time = '[24/Nov/2026:08:47:09.338000000 +0000]';
  return [
    `${time} conn=${conn} fd=64 slot=64 connection from ${client} to 198.51.100.1`,
    `${time} conn=${conn} op=0 BIND dn="uid=a,dc=example,dc=com" method=128 version=3`,
    `${time} conn=${conn} op=0 RESULT err=0 tag=97 nentries=0 wtime=0.000100 optime=0.000200 etime=0.000300 dn="uid=a,dc=example,dc=com"`,
    `${time} conn=${conn} op=1 UNBIND`,
    `${time} conn=${conn} op=1 fd=64 closed - U1`,
  ];
}

function framed(hostname: string, lines: readonly string[]): string {
  return lines.map((line) => `<134>1 2026-11-24T08:47:09Z ${hostname} dirsrv-access - - - ${line}\n`).join('');
}

/** Raw lines by sender, in their order. */
function linesBySender(batches: readonly SpooledBatch[]): Record<string, unknown[]> {
  const found: Record<string, unknown[]> = {};
  for (const { file, records } of batches) {
    const lines = found[file.place.replace(/:\d+ /, ' ')] ?? [];
    lines.push(...records.map(({ raw }) => raw));
    found[file.place.replace(/:\d+ /, ' ')] = lines;
  }
  return found;
}

test('two servers that send over one connection are told apart, with one correlation each', async () => {
  await collecting.apply([collector('syslog-tcp')], limits);
  const socket = await open(portOf());
  const one = session(7, '192.0.2.1');
  const other = session(7, '192.0.2.2');
  for (const [at, line] of one.entries()) socket.write(framed('ldap1', [line]) + framed('ldap2', [other[at] ?? '']));
  await until(() => collecting.status().counts.messages === 10);
  socket.end();
  await collecting.close();
  const batches = await drainSpool(place.spool);
  expect(linesBySender(batches)).toEqual({
    'syslog-tcp 127.0.0.1 127.0.0.1 ldap1 dirsrv-access': one,
    'syslog-tcp 127.0.0.1 127.0.0.1 ldap2 dirsrv-access': other,
  });
  const closing = batches.flatMap(({ records }) => records).filter(({ verb }) => verb === 'DISCONNECT');
  expect(closing.map(({ client, boundDn, host }) => ({ client, boundDn, host }))).toEqual([
    { client: '192.0.2.1', boundDn: 'uid=a,dc=example,dc=com', host: 'ldap1' },
    { client: '192.0.2.2', boundDn: 'uid=a,dc=example,dc=com', host: 'ldap2' },
  ]);
  // Connection numbers are alike, sessions are not.
  expect(new Set(closing.map((record) => record['session'])).size).toBe(2);
});

test('a last message waits for no other', async () => {
  await collecting.apply([collector('syslog-tcp')], limits);
  const socket = await open(portOf());
  socket.write(framed('ldap1', session(7, '192.0.2.1').slice(0, 1)));
  await until(() => place.spool.files().length === 1);
  const [batch] = await drainSpool(place.spool);
  expect(batch).toMatchObject({ from: 0, ended: true, lines: 1 });
  socket.destroy();
});

test('streams go on after an end in good order, and begin anew after any other', async () => {
  const port = collector('syslog-tcp');
  const send = async (lines: readonly string[]): Promise<void> => {
    const socket = await open(portOf());
    const before = collecting.status().counts.messages;
    socket.write(framed('ldap1', lines));
    await until(() => collecting.status().counts.messages === before + lines.length);
    socket.destroy();
  };
  const lines = session(7, '192.0.2.1');
  await collecting.apply([port], limits);
  await send(lines.slice(0, 2));
  await collecting.close();
  const first = await drainSpool(place.spool);
  collecting = await start();
  await collecting.apply([port], limits);
  await send(lines.slice(2));
  await collecting.close();
  const second = await drainSpool(place.spool);
  expect(second[0]?.file.stream).toBe(first[0]?.file.stream);
  expect(second[0]?.from).toBe(first.at(-1)?.to);
  expect(second.flatMap(({ records }) => records).at(-1)).toMatchObject({
    verb: 'DISCONNECT',
    correlation: 'complete',
  });
  // What is saved is used once: this end is as good as a kill.
  collecting = await start();
  const killed = collecting;
  collecting = await start();
  await collecting.apply([port], limits);
  await send(lines.slice(0, 1));
  await collecting.close();
  const third = await drainSpool(place.spool);
  expect(third[0]?.file.stream).not.toBe(first[0]?.file.stream);
  expect(third[0]?.from).toBe(0);
  await killed.close();
});

test('JSON lines, what a forwarder wrapped, UDP and TLS', async () => {
  const kinds = ['json-tcp', 'syslog-udp', 'syslog-tls'] as const;
  await collecting.apply(
    kinds.map((kind) => collector(kind)),
    limits,
  );
  const [line = ''] = session(7, '192.0.2.1');
  const json = await open(portOf(0));
  json.write(`${JSON.stringify({ message: line, host: 'ldap3' })}\n`);
  const udp = createSocket('udp4');
  udp.send(framed('ldap4', [line]), portOf(1), '127.0.0.1');
  const tls = connectTls({ port: portOf(2), host: '127.0.0.1', ca: testCertificate, servername: 'localhost' });
  await once(tls, 'secureConnect');
  tls.write(framed('ldap5', [line]));
  await until(() => collecting.status().counts.messages === 3);
  json.destroy();
  udp.close();
  tls.destroy();
  await collecting.close();
  expect(linesBySender(await drainSpool(place.spool))).toEqual({
    'json-tcp 127.0.0.1 127.0.0.1 ldap3': [line],
    'syslog-udp 127.0.0.1 127.0.0.1 ldap4 dirsrv-access': [line],
    'syslog-tls 127.0.0.1 127.0.0.1 ldap5 dirsrv-access': [line],
  });
});

test('what is no line of the log is kept as a dead letter', async () => {
  await collecting.apply([collector('syslog-tcp')], limits);
  const socket = await open(portOf());
  socket.write(framed('ldap1', ['something else altogether', '\u001b[2J"; DROP TABLE events']));
  await until(() => collecting.status().counts.messages === 2);
  socket.destroy();
  await collecting.close();
  const records = (await drainSpool(place.spool)).flatMap((batch) => batch.records);
  expect(records.map(({ raw }) => raw)).toEqual(['something else altogether', '\u001b[2J"; DROP TABLE events']);
  expect(records.every((record) => !('verb' in record))).toBe(true);
});

test.each([
  ['an address the configuration does not name', ['127.0.0.1:1'], collector('syslog-tcp'), 'listen-forbidden'],
  ['a source the agent does not have', ['*:0'], collector('syslog-tcp', { source: 'other' }), 'source-unknown'],
  ['an address of another host', ['*:0'], collector('syslog-udp', { listen: '192.0.2.1:0' }), 'listen-failed'],
])('does not listen at %s', async (_, listen, asked, code) => {
  await collecting.close();
  collecting = await start(listen);
  const errors = await collecting.apply([asked, collector('syslog-tcp', { listen: '127.0.0.1:0' })], limits);
  expect(errors[0]?.code).toBe(code);
  expect(collecting.status().ports[0]).toMatchObject({ code, connections: 0 });
});

test('senders the profile does not name are refused, and counted', async () => {
  await collecting.apply([collector('syslog-tcp', { senders: ['192.0.2.0/24'] })], limits);
  const socket = connect(portOf(), '127.0.0.1');
  await once(socket, 'close');
  expect(collecting.status().counts).toMatchObject({ refused: 1, messages: 0 });
});

test('while the spool is full TCP waits, and nothing is lost', async () => {
  await collecting.apply([collector('syslog-tcp')], { ...limits, batchRecords: 10 });
  place.spool.bounds = { bytes: -1, ageMs: Number.POSITIVE_INFINITY };
  const socket = await open(portOf());
  const lines = Array.from({ length: 20_000 }, (_, at) => session(at, '192.0.2.1')[0] ?? '');
  let written = false;
  socket.write(framed('ldap1', lines), () => {
    written = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  const { messages } = collecting.status().counts;
  expect(messages).toBeLessThan(lines.length);
  place.spool.bounds = { bytes: 1e9, ageMs: Number.POSITIVE_INFINITY };
  await until(() => collecting.status().counts.messages === lines.length);
  expect(written).toBe(true);
  socket.destroy();
  await collecting.close();
  const batches = await drainSpool(place.spool);
  expect(batches.flatMap(({ records }) => records).map(({ raw }) => raw)).toEqual(lines);
  // Ranges follow one another without a gap.
  for (const [at, { from }] of batches.entries()) expect(from).toBe(batches[at - 1]?.to ?? 0);
});

test('while the spool is full UDP is lost, and counted', async () => {
  await collecting.apply([collector('syslog-udp')], limits);
  await fillSpool(place.spool, 'before', 1, 10);
  place.spool.bounds = { bytes: -1, ageMs: Number.POSITIVE_INFINITY };
  const udp = createSocket('udp4');
  for (let at = 0; at < 5; at++) udp.send(framed('ldap1', session(at, '192.0.2.1').slice(0, 1)), portOf(), '127.0.0.1');
  await until(() => collecting.status().counts.dropped === 5);
  udp.close();
});

test('whoever makes up names pushes nobody out', async () => {
  await collecting.apply([collector('syslog-tcp')], limits);
  const socket = await open(portOf());
  const [line = ''] = session(7, '192.0.2.1');
  socket.write(Array.from({ length: 150 }, (_, at) => framed(`made-up-${at}`, [line])).join(''));
  await until(() => collecting.status().counts.messages === 150);
  expect(collecting.status().senders.length).toBe(101);
  expect(collecting.status().counts.merged).toBe(50);
  socket.destroy();
});

test('fuzz with real parts: however a connection is cut, the same records come out', async () => {
  const lines = session(7, '192.0.2.1');
  const bytes = Buffer.from(
    framed('ldap1', lines) +
      lines.map((line) => `${line.length + 23} <134>1 - ldap2 p - - - x${line.slice(1)}`).join(''),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 6 }), async (places) => {
      await collecting.close();
      collecting = await start();
      await collecting.apply([collector('syslog-tcp')], limits);
      const socket = await open(portOf());
      socket.setNoDelay(true);
      const cuts = [0, ...places.sort((one, other) => one - other), bytes.length];
      for (const [at, to] of cuts.slice(1).entries()) {
        socket.write(bytes.subarray(cuts[at], to));
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      socket.end();
      await until(() => collecting.status().counts.messages === 10);
      await collecting.close();
      const found = linesBySender(await drainSpool(place.spool));
      expect(found['syslog-tcp 127.0.0.1 127.0.0.1 ldap1 dirsrv-access']).toEqual(lines);
    }),
    { numRuns: runs },
  );
});
