/** Numbers and times as people read them: in the locale of the browser, and in the zone that was chosen. */

const whole = new Intl.NumberFormat();
const short = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

/** 12,406, and 1.2 M from a million on. */
export function formatCount(count: number): string {
  if (Math.abs(count) < 1_000_000) return whole.format(count);
  if (Math.abs(count) < 1_000_000_000) return `${short.format(count / 1_000_000)} M`;
  return `${short.format(count / 1_000_000_000)} G`;
}

/** "1 event", "12,406 events". */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes in decimal units. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < byteUnits.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${short.format(value)} ${byteUnits[unit]}`;
}

/** Seconds as 2.0 ms, 7.8 s or 3 min 12 s. */
export function formatSeconds(seconds: number): string {
  const size = Math.abs(seconds);
  if (size === 0) return '0 s';
  if (size < 0.001) return `${short.format(seconds * 1_000_000)} µs`;
  if (size < 1) return `${short.format(seconds * 1_000)} ms`;
  if (size < 60) return `${short.format(seconds)} s`;
  const total = Math.round(seconds);
  if (size < 3_600) return `${Math.floor(total / 60)} min ${total % 60} s`;
  return `${Math.floor(total / 3_600)} h ${Math.floor((total % 3_600) / 60)} min`;
}

/** How long ago, roughly: 12 s, 5 min, 3 h, 2 days. */
export function formatAge(seconds: number): string {
  const size = Math.max(0, Math.floor(seconds));
  if (size < 90) return `${size} s`;
  if (size < 5_400) return `${Math.round(size / 60)} min`;
  if (size < 172_800) return `${Math.round(size / 3_600)} h`;
  return `${whole.format(Math.round(size / 86_400))} days`;
}

const formatsMax = 64;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string, style: 'row' | 'rowWithYear' | 'minute' | 'full' | 'day'): Intl.DateTimeFormat {
  const key = `${style} ${zone}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat(undefined, { ...styles[style], timeZone: zone });
  if (formats.size >= formatsMax) formats.clear();
  formats.set(key, format);
  return format;
}

const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
const styles = {
  row: { month: 'short', day: '2-digit', ...clock, fractionalSecondDigits: 3 },
  rowWithYear: { year: 'numeric', month: 'short', day: '2-digit', ...clock, fractionalSecondDigits: 3 },
  minute: { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  full: {
    weekday: 'short',
    year: 'numeric',
    month: 'short',
    day: '2-digit',
    ...clock,
    fractionalSecondDigits: 3,
    timeZoneName: 'short',
  },
  day: { year: 'numeric', month: 'short', day: 'numeric' },
} as const;

/** A time in a row of a table: the year only when it is not this one. */
export function formatRowTime(time: number, zone: string): string {
  const year = { year: 'numeric', timeZone: zone } as const;
  const same = new Date(time).toLocaleDateString('en', year) === new Date().toLocaleDateString('en', year);
  return formatOf(zone, same ? 'row' : 'rowWithYear').format(time);
}

/** A time to the minute. */
export function formatMinute(time: number, zone: string): string {
  return formatOf(zone, 'minute').format(time);
}

/** A day. */
export function formatDay(time: number, zone: string): string {
  return formatOf(zone, 'day').format(time);
}

/** A time with all there is, its zone included. */
export function formatFullTime(time: number, zone: string): string {
  return formatOf(zone, 'full').format(time);
}

/** The clock alone, with milliseconds. */
export function formatClock(time: number, zone: string): string {
  return new Date(time).toLocaleTimeString(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    fractionalSecondDigits: 3,
    timeZone: zone,
  });
}

/** Share as per cent; never 100 % unless it is all, never 0 % unless it is none. */
export function formatShare(part: number, all: number): string {
  if (all === 0) return '–';
  const share = (part / all) * 100;
  if (part > 0 && share < 0.1) return '< 0.1 %';
  if (part < all && share > 99.9) return '> 99.9 %';
  return `${short.format(share)} %`;
}
