import { offsetMinutesOf, toEpoch } from './zone.ts';

/**
 * Points in time as values: epoch milliseconds, and the nanoseconds below. Everything that people and programs write is
 * read (data-model §6.3): epoch numbers, ISO 8601, `YYYY-MM-DD hh:mm:ss`, LDAP generalized time, and the bracketed form
 * of the server's logs. Fractions are exact to the nanosecond and never rounded up.
 */

/** A point in time. */
export interface Instant {
  /** Epoch milliseconds, a safe integer. */
  readonly ms: number;
  /** Part below the millisecond, 0 to 999,999. */
  readonly nanos: number;
}

/** 1970; and the last second that fits 64 bits of nanoseconds. */
export const instantMin = 0;
export const instantMax = 9_223_372_036_000;

/** Longest text that is tried. */
const timeLengthMax = 64;

const months: ReadonlyMap<string, number> = new Map(
  ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'].map((name, index) => [
    name,
    index + 1,
  ]),
);

// All are linear: fixed-width digits, optional parts, no repetition inside repetition.
const epoch = /^(\d{1,19})(?:\.(\d{1,30}))?$/;
const calendar =
  /^(\d{4})-?(\d\d)-?(\d\d)(?:(?:[Tt]| {1,4}|:)?(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,30}))?)?)?)?\s{0,4}(Z|z|UTC|GMT|[+-]\d\d(?::?\d\d)?(?:\d\d)?)?$/;
const bracketed =
  /^\[?(\d{1,2})\/([A-Za-z]{3})\/(\d{4}):(\d\d):(\d\d):(\d\d)(?:\.(\d{1,30}))?\s{0,4}(Z|[+-]\d\d(?::?\d\d)?(?:\d\d)?)?\s{0,4}\]?$/;

/**
 * Reads a time. Numbers, and texts of digits, are epoch seconds below 10^11, milliseconds below 10^14, then micro- and
 * nanoseconds. `zone` (IANA name or offset) is for texts that carry none; default UTC. Undefined when it is no time, or
 * lies before 1970 or after 2262.
 */
export function parseTime(value: string | number, zone = 'UTC'): Instant | undefined {
  if (typeof value === 'number') {
    // What nearly all records hold: whole milliseconds.
    if (value >= 1e11 && value <= instantMax && Number.isSafeInteger(value)) return { ms: value, nanos: 0 };
    return Number.isFinite(value) && value >= 0 ? parseEpoch(printNumber(value)) : undefined;
  }
  const text = value.trim();
  if (text.length > timeLengthMax) return undefined;
  // Fourteen digits that make a date are LDAP generalized time without a zone, as audit logs write it.
  const dateLike = text.length === 14 && /^(?:19|20|21)\d{12}$/.test(text);
  return (
    (dateLike ? parseCalendar(text, zone) : undefined) ??
    parseEpoch(text) ??
    parseCalendar(text, zone) ??
    parseBracketed(text, zone)
  );
}

/** Plain digits, as `String` switches to exponents for very large and small numbers. */
function printNumber(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  return value < 1e11 ? value.toFixed(6) : value < 1e14 ? value.toFixed(3) : String(Math.trunc(value));
}

function parseEpoch(text: string): Instant | undefined {
  const match = epoch.exec(text);
  if (match === null) return undefined;
  const [, whole = '', fraction = ''] = match;
  const digits = whole.replace(/^0+(?=\d)/, '');
  const scale = digits.length <= 11 ? 9 : digits.length <= 14 ? 6 : digits.length <= 17 ? 3 : 0;
  const total = BigInt(digits + fraction.slice(0, scale).padEnd(scale, '0'));
  return instantOf(Number(total / 1_000_000n), Number(total % 1_000_000n));
}

function parseCalendar(text: string, zone: string): Instant | undefined {
  const match = calendar.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', offset] = match;
  return compose(
    [Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second)],
    fraction,
    offset ?? zone,
  );
}

function parseBracketed(text: string, zone: string): Instant | undefined {
  const match = bracketed.exec(text);
  if (match === null) return undefined;
  const [, day, name = '', year, hour, minute, second, fraction = '', offset] = match;
  const month = months.get(name.toLowerCase());
  if (month === undefined) return undefined;
  return compose(
    [Number(year), month, Number(day), Number(hour), Number(minute), Number(second)],
    fraction,
    offset ?? zone,
  );
}

type Fields = readonly [year: number, month: number, day: number, hour: number, minute: number, second: number];

function compose(
  [year, month, day, hour, minute, second]: Fields,
  fraction: string,
  zone: string,
): Instant | undefined {
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 60 || year < 1970) return undefined;
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  // The 31st of a month of 30 days would roll over.
  if (new Date(Date.UTC(year, month - 1, day)).getUTCMonth() !== month - 1) return undefined;
  const ms = toEpoch(local, zone);
  if (ms === undefined) return undefined;
  const nanos = Number(fraction.slice(0, 9).padEnd(9, '0'));
  return instantOf(ms + Math.trunc(nanos / 1_000_000), nanos % 1_000_000);
}

function instantOf(ms: number, nanos: number): Instant | undefined {
  return ms >= instantMin && ms <= instantMax ? { ms, nanos } : undefined;
}

/** Whether a text names a zone: `UTC`, `Z`, an offset such as `+01:00`, or an IANA name. */
export function isZone(zone: string): boolean {
  return offsetMinutesOf(zone) !== undefined || toEpoch(0, zone) !== undefined;
}
