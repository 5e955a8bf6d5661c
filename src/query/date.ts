import { toEpoch, zoneOffset } from '#event';

/** The stretch of time a date names: from `start` up to, not including, `end`, in nanoseconds since 1970. */
export interface TimeSpan {
  readonly start: bigint;
  readonly end: bigint;
}

/** The moment of asking and the zone of who asks. */
export interface Clock {
  /** Epoch milliseconds. */
  readonly now: number;
  /** IANA name or offset, in which dates without an offset are read. */
  readonly zone: string;
}

const millisecond = 1_000_000n;
const dayMs = 86_400_000;

/** Years a date may have: those the store can hold, and some room on the low side for "before everything". */
const yearMin = 1900;
const yearMax = 2261;

const calendar =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ]\s?(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?([Zz]|UTC|[+-]\d\d(?::?\d\d)?)?)?$/;
const epoch = /^\d{11,14}$/;
const relative = /^now(?:\s?([+-])\s?(\d{1,9})\s?([A-Za-z]+))?$/i;

const unitMs: ReadonlyMap<string, number> = new Map([
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', dayMs],
  ['w', 7 * dayMs],
]);

/** What is wrong with a date, as it reads after "expected". */
export interface DateProblem {
  readonly expected: string;
}

const forms = 'a date such as 2024-09-15, "2024-09-15T00:30:00Z", epoch milliseconds or now-3d';

/**
 * Reads a date (qql §4.7): a day, a time to the minute, second or fraction, epoch milliseconds, or `now` with an
 * offset. What it names is as long as it is precise: a day, a minute, a second, the last digit of the fraction.
 */
export function readDate(text: string, clock: Clock): TimeSpan | DateProblem {
  if (epoch.test(text)) return span(Number(text), 1);
  if (/^\d+$/.test(text)) return { expected: 'epoch milliseconds, of 13 digits' };
  const shift = relative.exec(text);
  if (shift !== null) return readRelative(shift, clock);
  const parts = calendar.exec(text);
  return parts === null ? { expected: forms } : readCalendar(parts, clock.zone);
}

function span(startMs: number, lengthMs: number): TimeSpan {
  const start = BigInt(startMs) * millisecond;
  return { start, end: start + BigInt(lengthMs) * millisecond };
}

/** Days and weeks are of 24 hours; months and years go by the calendar of the zone, to the last day of a short month. */
function readRelative([, sign, digits, unit = '']: RegExpExecArray, clock: Clock): TimeSpan | DateProblem {
  const now = Math.floor(clock.now);
  if (sign === undefined) return span(now, 1);
  const amount = Number(digits) * (sign === '-' ? -1 : 1);
  const length = unitMs.get(unit);
  if (length !== undefined) return within(now + amount * length);
  if (unit !== 'M' && unit !== 'y') return { expected: 'a unit: s, m, h, d, w, M (month) or y' };
  const local = new Date(now + (zoneOffset(now, clock.zone) ?? 0));
  const month = local.getUTCFullYear() * 12 + local.getUTCMonth() + (unit === 'M' ? amount : amount * 12);
  const year = Math.floor(month / 12);
  if (year < yearMin || year > yearMax) return outOfYears();
  const day = Math.min(local.getUTCDate(), daysOf(year, month - year * 12 + 1));
  const shifted = Date.UTC(year, month - year * 12, day) + (local.getTime() % dayMs);
  return within(toEpoch(shifted, clock.zone) ?? shifted);
}

function within(ms: number): TimeSpan | DateProblem {
  return ms < Date.UTC(yearMin, 0, 1) || ms >= Date.UTC(yearMax + 1, 0, 1) ? outOfYears() : span(ms, 1);
}

function outOfYears(): DateProblem {
  return { expected: `a date between ${yearMin} and ${yearMax}` };
}

function daysOf(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** What is wrong with the numbers of a date; undefined when nothing is. */
function problemOf([y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0]: readonly number[]): DateProblem | undefined {
  if (y < yearMin || y > yearMax) return outOfYears();
  if (mo < 1 || mo > 12) return { expected: 'a month from 01 to 12' };
  if (d < 1 || d > daysOf(y, mo)) {
    return { expected: `a day from 01 to ${daysOf(y, mo)} in ${y}-${String(mo).padStart(2, '0')}` };
  }
  return h > 23 || mi > 59 || s > 59 ? { expected: 'a time from 00:00:00 to 23:59:59' } : undefined;
}

function readCalendar(parts: RegExpExecArray, zone: string): TimeSpan | DateProblem {
  const [, year = '', month = '', day = '', hour, minute = '0', second, fraction, offset] = parts;
  const numbers = [year, month, day, hour ?? '0', minute, second ?? '0'].map(Number);
  const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = numbers;
  const problem = problemOf(numbers);
  if (problem !== undefined) return problem;
  const at = offset ?? zone;
  const start = toEpoch(Date.UTC(y, mo - 1, d, h, mi, s), at.toUpperCase() === 'Z' ? 'UTC' : at);
  if (start === undefined) return { expected: 'an offset such as Z or +02:00' };
  if (hour === undefined) {
    // A day ends where the next one starts: on days of a clock change it has not 24 hours.
    const end = toEpoch(Date.UTC(y, mo - 1, d + 1), at) ?? start + dayMs;
    return { start: BigInt(start) * millisecond, end: BigInt(end) * millisecond };
  }
  if (second === undefined) return span(start, 60_000);
  if (fraction === undefined) return span(start, 1000);
  const precise = BigInt(start) * millisecond + BigInt(fraction.padEnd(9, '0'));
  return { start: precise, end: precise + 10n ** BigInt(9 - fraction.length) };
}
