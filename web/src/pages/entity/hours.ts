import type { HistogramAnswer } from '../../api/events.ts';

/** Events per hour of the week: seven rows from Monday, twenty-four columns. */
export type WeekHours = readonly (readonly number[])[];

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Gives the function that tells the day of the week, from Monday, and the hour of a time in a zone. */
export function placeOf(zone: string): (time: number) => { readonly day: number; readonly hour: number } {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    hourCycle: 'h23',
  });
  return (time) => {
    const parts = format.formatToParts(time);
    const day = weekdays.indexOf(parts.find(({ type }) => type === 'weekday')?.value ?? '');
    return { day, hour: Number(parts.find(({ type }) => type === 'hour')?.value) };
  };
}

/** Folds counts per hour into one week, in a zone. */
export function weekOf({ buckets }: HistogramAnswer, zone: string): WeekHours {
  const week = weekdays.map(() => Array.from({ length: 24 }, () => 0));
  const place = placeOf(zone);
  for (const { from, count } of buckets) {
    if (count === 0) continue;
    const { day, hour } = place(from);
    const row = week[day];
    if (row !== undefined && row[hour] !== undefined) row[hour] += count;
  }
  return week;
}

/** Names of the days of {@link WeekHours}, in the locale of the viewer. */
export function dayNames(): readonly string[] {
  // 2024-01-01 was a Monday.
  return weekdays.map((_, day) =>
    new Date(Date.UTC(2024, 0, 1 + day, 12)).toLocaleDateString(undefined, { weekday: 'short', timeZone: 'UTC' }),
  );
}
