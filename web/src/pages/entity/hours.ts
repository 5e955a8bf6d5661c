import type { HistogramAnswer } from '../../api/events.ts';

/** Events per hour of the week: seven rows from Monday, twenty-four columns. */
export type WeekHours = readonly (readonly number[])[];

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Folds counts per hour into one week, in a zone. */
export function weekOf({ buckets }: HistogramAnswer, zone: string): WeekHours {
  const week = weekdays.map(() => Array.from({ length: 24 }, () => 0));
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    hourCycle: 'h23',
  });
  for (const { from, count } of buckets) {
    if (count === 0) continue;
    const parts = format.formatToParts(from);
    const day = weekdays.indexOf(parts.find(({ type }) => type === 'weekday')?.value ?? '');
    const hour = Number(parts.find(({ type }) => type === 'hour')?.value);
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
