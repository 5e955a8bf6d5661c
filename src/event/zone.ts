/**
 * Time zones: offsets by arithmetic, IANA names by the runtime's own tables.
 */

/** Zones remembered; more are looked up each time. */
const formatsMax = 64;

const formats = new Map<string, Intl.DateTimeFormat | undefined>();

/** Minutes east of UTC of `Z`, `UTC`, `GMT`, `+01`, `+0100`, `+01:00` (or with seconds, which are dropped); undefined for others. */
export function offsetMinutesOf(zone: string): number | undefined {
  if (/^(?:Z|UTC|GMT)$/i.test(zone)) return 0;
  const match = /^([+-])(\d\d)(?::?(\d\d))?(?:\d\d)?$/.exec(zone);
  if (match === null) return undefined;
  const [, sign, hours = '0', minutes = '0'] = match;
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  return (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
}

/**
 * Turns local time, given as if it were UTC in milliseconds, into epoch milliseconds. A time that a clock change makes
 * twice is its first occurrence; one that it skips moves forward by the change. Undefined for an unknown zone.
 */
export function toEpoch(local: number, zone: string): number | undefined {
  const minutes = offsetMinutesOf(zone);
  if (minutes !== undefined) return local - minutes * 60_000;
  const format = formatOf(zone);
  if (format === undefined) return undefined;
  // The offsets a day before and after bracket any change near the local time.
  const before = offsetAt(local - 86_400_000, format);
  const after = offsetAt(local + 86_400_000, format);
  if (offsetAt(local - before, format) === before) return local - before;
  if (offsetAt(local - after, format) === after) return local - after;
  return local - before;
}

/** Offset of a zone at a moment, in milliseconds east of UTC; undefined for an unknown zone. */
export function zoneOffset(epoch: number, zone: string): number | undefined {
  const minutes = offsetMinutesOf(zone);
  if (minutes !== undefined) return minutes * 60_000;
  const format = formatOf(zone);
  return format === undefined ? undefined : offsetAt(epoch, format);
}

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  const known = formats.get(zone);
  if (known !== undefined || formats.has(zone)) return known;
  const format = createFormat(zone);
  if (formats.size < formatsMax) formats.set(zone, format);
  return format;
}

function createFormat(zone: string): Intl.DateTimeFormat | undefined {
  if (!/^[A-Za-z][\w+/-]{1,63}$/.test(zone)) return undefined;
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'short',
    });
  } catch {
    // RangeError: the runtime does not know the zone.
    return undefined;
  }
}

function offsetAt(epoch: number, format: Intl.DateTimeFormat): number {
  const seconds = Math.floor(epoch / 1000) * 1000;
  const parts: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(seconds)) parts[type] = value;
  const number = (name: string): number => Number(parts[name]);
  return (
    Date.UTC(number('year'), number('month') - 1, number('day'), number('hour'), number('minute'), number('second')) -
    seconds
  );
}
