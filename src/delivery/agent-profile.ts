import { type Static, Type } from 'typebox';
import { AppError } from '#error';
import { isZone, parseCidr, parseTime } from '#event';
import { checkMessage } from './check-message.ts';
import { messageLimits } from './message-limits.ts';

/** One set of logs an agent reads. */
export interface ProfileSource {
  /** Id of the data source: name of a folder in `sources/`. */
  readonly source: string;
  /** Kinds of log; files of another kind that a pattern finds are left alone. */
  readonly logs: readonly string[];
  /** Absolute paths; `*`, `?`, `[…]` and `**` stand for parts of names, see `checkPathPattern`. */
  readonly paths: readonly string[];
  /** `auto` reads both forms, also within one file. */
  readonly format: 'auto' | 'text' | 'json';
  /** Where reading of a file begins that was never read: its beginning, its end, or records from a date (ISO 8601) on. */
  readonly start: string;
  /** IANA zone or offset of times that carry none. */
  readonly zone: string;
  readonly encoding: 'utf-8';
}

/** Ways in which hosts without an agent send to one. */
export type CollectorKind = 'syslog-udp' | 'syslog-tcp' | 'syslog-tls' | 'json-tcp';

/** A port on which an agent takes logs of others. */
export interface ProfileCollector {
  readonly kind: CollectorKind;
  /** `host:port`, `[v6]:port`; the agent's own configuration decides what may be listened on. */
  readonly listen: string;
  /** Id of the data source. */
  readonly source: string;
  /** Kind of log. */
  readonly log: string;
  readonly zone: string;
  /** CIDR blocks of the senders that are taken; none: all. */
  readonly senders: readonly string[];
}

/** What an agent may use. */
export interface ProfileLimits {
  readonly batchRecords: number;
  /** Before compression. */
  readonly batchBytes: number;
  /** Longest time a record waits for its batch to fill, in milliseconds. */
  readonly intervalMs: number;
  /** null: as fast as they come. */
  readonly linesPerSecond: number | null;
  readonly spoolBytes: number;
  readonly spoolAgeHours: number;
}

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** A time of the week in which nothing is read; `to` before `from` goes over midnight, into the next day. */
export interface Blackout {
  /** Days on which it begins. */
  readonly days: readonly Weekday[];
  /** `HH:MM`. */
  readonly from: string;
  /** `HH:MM`; `24:00` is the end of the day. */
  readonly to: string;
  readonly zone: string;
}

/** What an agent is told to do: the document that a server signs and an agent applies. */
export interface AgentProfile {
  readonly sources: readonly ProfileSource[];
  readonly collectors: readonly ProfileCollector[];
  readonly limits: ProfileLimits;
  readonly blackouts: readonly Blackout[];
}

const mebibyte = 1024 * 1024;

/** The limits of a profile that says nothing else. */
export const defaultProfileLimits: ProfileLimits = {
  batchRecords: 10_000,
  batchBytes: 4 * mebibyte,
  intervalMs: 1_000,
  linesPerSecond: null,
  spoolBytes: 1024 * mebibyte,
  spoolAgeHours: 168,
};

/** Days of the week, as blackouts name them. */
export const weekdays: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

const closed = { additionalProperties: false } as const;
const wordForm = '^[a-z0-9][a-z0-9-]*$';
const Word = Type.String({ pattern: wordForm, maxLength: 64 });
const Zone = Type.String({ minLength: 1, maxLength: 64 });
// No control characters: a path goes into log lines and tables.
const Path = Type.String({
  minLength: 1,
  maxLength: messageLimits.pathLength,
  pattern: '^[^\\u0000-\\u001f\\u007f]+$',
});
const TimeOfDay = Type.String({ pattern: '^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)$' });

const Source = Type.Object(
  {
    source: Word,
    logs: Type.Array(Word, { minItems: 1, maxItems: 16, uniqueItems: true }),
    paths: Type.Array(Path, { minItems: 1, maxItems: messageLimits.patterns, uniqueItems: true }),
    format: Type.Enum(['auto', 'text', 'json']),
    start: Type.String({ minLength: 1, maxLength: 64, description: '`beginning`, `end`, or a date (ISO 8601).' }),
    zone: Zone,
    encoding: Type.Literal('utf-8'),
  },
  closed,
);

const Collector = Type.Object(
  {
    kind: Type.Enum(['syslog-udp', 'syslog-tcp', 'syslog-tls', 'json-tcp']),
    listen: Type.String({ maxLength: 300, pattern: '^(?:[A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\]):[0-9]{1,5}$' }),
    source: Word,
    log: Word,
    zone: Zone,
    senders: Type.Array(Type.String({ maxLength: 64 }), { maxItems: 256 }),
  },
  closed,
);

const Limits = Type.Object(
  {
    batchRecords: Type.Integer({ minimum: 1, maximum: 50_000 }),
    batchBytes: Type.Integer({ minimum: 64 * 1024, maximum: 8 * mebibyte }),
    intervalMs: Type.Integer({ minimum: 50, maximum: 60_000 }),
    linesPerSecond: Type.Union([Type.Integer({ minimum: 1, maximum: 10_000_000 }), Type.Null()]),
    spoolBytes: Type.Integer({ minimum: 16 * mebibyte, maximum: 1024 * 1024 * mebibyte }),
    spoolAgeHours: Type.Integer({ minimum: 1, maximum: 24 * 366 }),
  },
  closed,
);

const BlackoutWindow = Type.Object(
  {
    days: Type.Array(Type.Enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']), { minItems: 1, maxItems: 7 }),
    from: TimeOfDay,
    to: TimeOfDay,
    zone: Zone,
  },
  closed,
);

const Profile = Type.Object(
  {
    sources: Type.Array(Source, { maxItems: messageLimits.sources }),
    collectors: Type.Array(Collector, { maxItems: messageLimits.collectors }),
    limits: Limits,
    blackouts: Type.Array(BlackoutWindow, { maxItems: messageLimits.blackouts }),
  },
  closed,
);

/** Schema of {@link AgentProfile}; what a schema cannot say is checked by {@link parseAgentProfile}. */
export const AgentProfileSchema: Type.TUnsafe<AgentProfile> = Type.Unsafe<Static<typeof Profile>>(Profile);

/** Reads a profile. Throws `profile-invalid` with the field that does not fit. Paths are judged where they are used. */
export function parseAgentProfile(value: unknown): AgentProfile {
  const profile = checkMessage(AgentProfileSchema, value, 'profile-invalid', 'the profile');
  for (const part of ['sources', 'collectors', 'blackouts'] as const) {
    for (const [at, { zone }] of profile[part].entries()) {
      if (!isZone(zone)) throw unfit(`${part}.${at}.zone`, 'an IANA time zone or an offset');
    }
  }
  for (const [at, { start }] of profile.sources.entries()) {
    if (!isStart(start)) throw unfit(`sources.${at}.start`, '"beginning", "end", or a date such as 2026-11-24');
  }
  for (const [at, collector] of profile.collectors.entries()) checkCollector(collector, `collectors.${at}`);
  return profile;
}

function checkCollector({ listen, senders }: ProfileCollector, field: string): void {
  const port = Number(listen.slice(listen.lastIndexOf(':') + 1));
  if (port < 1 || port > 65_535) throw unfit(`${field}.listen`, 'a port from 1 to 65535');
  if (senders.some((sender) => parseCidr(sender) === undefined)) {
    throw unfit(`${field}.senders`, 'CIDR blocks such as 192.0.2.0/24');
  }
}

function isStart(start: string): boolean {
  if (start === 'beginning' || start === 'end') return true;
  return /^\d{4}-\d{2}-\d{2}(?:T|$)/.test(start) && parseTime(start) !== undefined;
}

function unfit(field: string, expected: string): AppError {
  return new AppError('profile-invalid', `"${field}" of the profile must be ${expected}.`, {
    place: { field, expected },
  });
}
