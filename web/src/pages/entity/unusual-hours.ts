import type { HistogramAnswer } from '../../api/events.ts';
import { placeOf } from './hours.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const weekMs = 7 * dayMs;
/** What must be known before the last week: less says nothing about what is usual. */
export const daysNeeded = 14;
export const activeDaysNeeded = 5;

/** An hour in which something was active though it is not usual then. */
export interface UnusualHour {
  /** Epoch milliseconds of its beginning. */
  readonly from: number;
  /** Of the week: 0 is Monday. */
  readonly day: number;
  readonly hour: number;
  readonly count: number;
}

/** How the last seven days compare with those before. */
export type UnusualHours =
  | {
      readonly state: 'too-little';
      /** Days between the first activity and the last week, and those of them with any. */
      readonly daysBefore: number;
      readonly activeDays: number;
    }
  | {
      readonly state: 'told';
      readonly daysBefore: number;
      /** Hours with activity in the last week. */
      readonly activeHours: number;
      /** Those in which there never was any before, nor in the hour before or after; oldest first. */
      readonly unusual: readonly UnusualHour[];
    };

/** Compares the week before `last` (epoch milliseconds) with all that is known before it, by hours of the week in a zone. */
export function unusualHours({ buckets }: HistogramAnswer, zone: string, last: number): UnusualHours {
  const since = last - weekMs;
  const active = buckets.filter(({ count }) => count > 0);
  const before = active.filter(({ from }) => from + hourMs <= since);
  const daysBefore = before[0] === undefined ? 0 : Math.floor((since - before[0].from) / dayMs);
  const place = placeOf(zone);
  const usual = new Set<number>();
  const days = new Set<number>();
  for (const { from } of before) {
    const { day, hour } = place(from);
    usual.add(day * 24 + hour);
    days.add(Math.floor(from / dayMs));
  }
  if (daysBefore < daysNeeded || days.size < activeDaysNeeded) {
    return { state: 'too-little', daysBefore, activeDays: days.size };
  }
  const recent = active
    .filter(({ from }) => from + hourMs > since)
    .map(({ from, count }) => ({ from, count, ...place(from) }));
  const unusual = recent.filter(({ day, hour }) => !isNear(usual, day * 24 + hour));
  return { state: 'told', daysBefore, activeHours: recent.length, unusual };
}

const weekHours = 168;

/** People come a little earlier or go a little later: the neighbouring hours count, too, also across Sunday night. */
function isNear(usual: ReadonlySet<number>, slot: number): boolean {
  return [slot - 1, slot, slot + 1].some((one) => usual.has((one + weekHours) % weekHours));
}
