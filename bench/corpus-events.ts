import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createEvent, type Event } from '#event';

/**
 * Events as benchmarks of the store need them: made from real access logs by a rough reading that fills about as many
 * labels, with about as different values, as the pipeline does. It is no decoder: it knows just enough.
 */

const corpusRoot: string = process.env['MERIDIAN_CORPUS'] ?? join(import.meta.dirname, '../../shared/corpus');
const logs = ['2.3.1-text-medium', '2.3.1-text-restart-internal', '2.3.1-text-small', '3.3-text-small'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

interface Session {
  readonly key: string;
  readonly client: string;
  readonly server: string;
  readonly transport: string;
  boundDn: string | undefined;
  readonly requests: Map<string, Event>;
}

function readLines(folder: string): readonly string[] {
  const plain = join(corpusRoot, '389ds', folder, 'access');
  const bytes = existsSync(plain) ? readFileSync(plain) : gunzipSync(readFileSync(`${plain}.gz`));
  return bytes.toString('latin1').split('\n');
}

function valueOf(line: string, key: string): string | undefined {
  const at = line.indexOf(` ${key}=`);
  if (at < 0) return undefined;
  const start = at + key.length + 2;
  if (line[start] === '"') return line.slice(start + 1, line.indexOf('"', start + 1));
  const end = line.indexOf(' ', start);
  return (end < 0 ? line.slice(start) : line.slice(start, end)).replace(/,$/, '');
}

function numberOf(line: string, key: string): number | undefined {
  const value = valueOf(line, key);
  return value === undefined ? undefined : Number(value);
}

function setTime(event: Event, line: string): void {
  const [, day, month, year, hour, minute, second, nanos = '0'] =
    /^\[(\d+)\/(\w+)\/(\d+):(\d+):(\d+):(\d+)\.?(\d*) /.exec(line) ?? [];
  const milliseconds = Math.floor(Number(nanos) / 1e6);
  event.eventTime =
    Date.UTC(Number(year), months.indexOf(month ?? ''), Number(day), Number(hour), Number(minute), Number(second)) +
    milliseconds;
  event.eventNanos = Number(nanos) - milliseconds * 1e6;
}

const scopes = ['base', 'one', 'subtree'];
const categoryOf: Record<string, readonly [string, string]> = {
  BIND: ['authentication', 'logon'],
  UNBIND: ['authentication', 'logoff'],
  SRCH: ['directory-read', 'search'],
  MOD: ['directory-change', 'modify'],
  ADD: ['directory-change', 'add'],
  DEL: ['directory-change', 'delete'],
};

function fillRequest(event: Event, line: string, verb: string): void {
  const dn = valueOf(line, 'dn');
  if (dn !== undefined && dn !== '') {
    event.distinguishedName = dn;
    event.distinguishedNameFolded = dn.toLowerCase();
  }
  if (verb !== 'SRCH') return;
  event.requestContext = valueOf(line, 'base');
  event.requestContextFolded = event.requestContext?.toLowerCase();
  event.searchScope = scopes[numberOf(line, 'scope') ?? 0];
  const filter = valueOf(line, 'filter') ?? '';
  event.searchFilter = filter;
  event.searchFilterShape = filter.toLowerCase().replace(/=[^()]*/g, '=?');
  event.searchFilterDepth = filter.split('(').length > 2 ? 2 : 1;
  event.searchFilterAttributes = [...new Set([...filter.matchAll(/\((\w+)=/g)].map((match) => match[1] ?? ''))];
  event.requestedAttributes = (valueOf(line, 'attrs') ?? 'ALL').split(' ');
}

function fillResult(event: Event, line: string, request: Event | undefined): void {
  event.resultCode = numberOf(line, 'err');
  event.resultName = event.resultCode === 0 ? 'success' : `code-${event.resultCode}`;
  event.outcome = event.resultCode === 0 ? 'success' : 'failure';
  event.resultTag = numberOf(line, 'tag');
  event.count = numberOf(line, 'nentries');
  event.waitTime = numberOf(line, 'wtime');
  event.operationTime = numberOf(line, 'optime');
  event.duration = numberOf(line, 'etime');
  const notes = valueOf(line, 'notes');
  if (notes !== undefined) event.resultNotes = notes.split(',');
  if (request === undefined) return;
  event.requestType = request.eventSubType;
  event.requestTime = request.eventTime;
  for (const label of ['distinguishedName', 'distinguishedNameFolded', 'requestContext', 'requestContextFolded', 'searchScope',
    'searchFilter', 'searchFilterShape', 'searchFilterDepth', 'searchFilterAttributes', 'requestedAttributes'] as const) {
    (event as Record<string, unknown>)[label] = request[label];
  }
}

function fillConstants(event: Event, line: string, position: number): void {
  event.deviceVendor = '389 Directory Server';
  event.deviceProduct = '389 Directory Server';
  event.deviceType = 'Application';
  event.deviceHostName = 'ldap1.corp.example.com';
  event.deviceInstance = 'slapd-corp';
  event.productVersion = '2.3.1';
  event.logName = 'access';
  event.source = '389-directory-server';
  event.mappingVersion = '1';
  event.agentId = 'ingest';
  event.ingestTime = 1_800_000_000_000;
  event.severity = 1;
  event.stream = 'a3f9c2d47e5b6a18';
  event.generation = 0;
  event.position = position;
  event.rawEvent = line;
}

function fillSession(event: Event, session: Session | undefined): void {
  event.correlation = session === undefined ? 'partial' : 'complete';
  if (session === undefined) return;
  event.sessionKey = session.key;
  event.sourceIp = session.client;
  event.sourceIpv4 = session.client;
  event.destinationIp = session.server;
  event.destinationIpv4 = session.server;
  event.sourceZone = 'local';
  event.destinationZone = 'local';
  event.transport = session.transport;
  event.secureConnection = session.transport !== 'plain';
  event.boundDn = session.boundDn;
  event.boundDnFolded = session.boundDn?.toLowerCase();
  event.boundMethod = session.boundDn === undefined ? 'ANONYMOUS' : 'SIMPLE';
  event.actorKind = session.boundDn === undefined ? 'anonymous' : 'person';
}

function readEvent(line: string, position: number, sessions: Map<string, Session>): Event | undefined {
  const head = /^\[[^\]]+\] conn=(\w+)(?: op=(-?\d+))?(?: (?:fd=\d+ slot=\d+ )?(\w+))?/.exec(line);
  if (head === null) return undefined;
  const [, conn = '', op, word = ''] = head;
  const event = createEvent();
  setTime(event, line);
  if (!Number.isFinite(event.eventTime)) return undefined;
  fillConstants(event, line, position);
  if (/^\d+$/.test(conn)) event.sessionId = Number(conn);
  if (op !== undefined) event.operationNumber = Number(op);
  const opening = /(SSL )?connection from (\S+) to (\S+)/.exec(line);
  if (opening !== null) {
    sessions.set(conn, {
      key: `${position.toString(36)}-${conn}`,
      client: opening[2] === 'local' ? '::1' : (opening[2] ?? ''),
      server: opening[3]?.startsWith('/') === true ? '::1' : (opening[3] ?? ''),
      transport: opening[1] === undefined ? 'plain' : 'ldaps',
      boundDn: undefined,
      requests: new Map(),
    });
  }
  const session = sessions.get(conn);
  const verb = opening !== null ? 'CONNECTION' : line.includes(' Disconnect ') ? 'DISCONNECT' : word;
  event.eventSubType = verb;
  if (verb === 'RESULT') {
    const request = session?.requests.get(op ?? '');
    fillResult(event, line, request);
    session?.requests.delete(op ?? '');
    if (session !== undefined && event.resultTag === 97 && event.resultCode === 0) session.boundDn = valueOf(line, 'dn') || undefined;
  } else {
    fillRequest(event, line, verb);
    if (op !== undefined) session?.requests.set(op, event);
  }
  const [category, type] = categoryOf[event.requestType ?? verb] ?? ['network', 'traffic'];
  event.eventCategory = category;
  event.eventType = type;
  event.tags = session?.transport === 'plain' ? ['cleartext'] : undefined;
  fillSession(event, session);
  return event;
}

/** Reads the corpora's text access logs once. */
export function readCorpusEvents(): readonly Event[] {
  const events: Event[] = [];
  let position = 0;
  for (const folder of logs) {
    const sessions = new Map<string, Session>();
    for (const line of readLines(folder)) {
      const event = readEvent(line, position, sessions);
      position += line.length + 1;
      if (event !== undefined) events.push(event);
    }
  }
  return events;
}

/**
 * Gives that many events by replaying the corpora, each round later than the one before, spread over the days wanted;
 * the line's own time and connection number move along. The objects are the same ones in each round.
 */
export function* replay(events: readonly Event[], count: number, days: number, start: number = Date.UTC(2026, 8, 1)): Generator<Event> {
  const rounds = Math.ceil(count / events.length);
  const original = events.map((event) => ({
    time: event.eventTime ?? 0, session: event.sessionId, key: event.sessionKey, request: event.requestTime, line: event.rawEvent ?? '',
  }));
  const first = original.reduce((least, { time }) => Math.min(least, time), Number.MAX_SAFE_INTEGER);
  let position = 0;
  let given = 0;
  const order = original.map((_, at) => at).sort((a, b) => (original[a]?.time ?? 0) - (original[b]?.time ?? 0));
  for (let round = 0; round < rounds; round++) {
    const shift = start - first + Math.floor((round * days * 86_400_000) / rounds);
    for (const at of order) {
      const event = events[at];
      const was = original[at];
      if (event === undefined || was === undefined) continue;
      if (given++ >= count) return;
      event.eventTime = was.time + shift;
      if (was.request !== undefined) event.requestTime = was.request + shift;
      if (typeof was.session === 'number') event.sessionId = was.session + round * 10_000;
      if (was.key !== undefined) event.sessionKey = `${was.key}-${round}`;
      const time = new Date(event.eventTime);
      const stamp = `[${String(time.getUTCDate()).padStart(2, '0')}/${months[time.getUTCMonth()]}/${time.getUTCFullYear()}:${time.toISOString().slice(11, 19)}`;
      event.rawEvent = `${stamp}${was.line.slice(21)}`.replace(/conn=\d+/, `conn=${event.sessionId}`);
      event.position = position;
      position += event.rawEvent.length + 1;
      yield event;
    }
  }
}
