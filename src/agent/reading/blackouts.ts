import { zoneOffset } from '#event';
import type { Blackout } from './reading.ts';

const days: readonly string[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const dayMs = 86_400_000;

/** Whether a time lies in one of the windows; each begins on the days it names. */
export function isBlackout(windows: readonly Blackout[], now: number): boolean {
  return windows.some((window) => isIn(window, now));
}

function isIn({ days: named, from, to, zone = 'UTC' }: Blackout, now: number): boolean {
  const local = now + (zoneOffset(now, zone) ?? 0);
  const minute = Math.floor((((local % dayMs) + dayMs) % dayMs) / 60_000);
  const begin = minutesOf(from);
  const end = minutesOf(to);
  const beginsToday = isNamed(named, local);
  const beganYesterday = isNamed(named, local - dayMs);
  if (begin < end) return beginsToday && begin <= minute && minute < end;
  return (beginsToday && minute >= begin) || (beganYesterday && minute < end);
}

function isNamed(named: readonly string[], local: number): boolean {
  const day = days[new Date(local).getUTCDay()] ?? '';
  return named.length === 0 || named.some((name) => name.toLowerCase().slice(0, 3) === day);
}

function minutesOf(time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}
