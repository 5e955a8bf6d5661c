import type { ReactNode } from 'react';
import { formatAge, formatDay, formatFullTime } from './format.ts';
import { usePreferences } from './preferences.tsx';
import { isoOf } from './time.tsx';

const dayMs = 86_400_000;

/** A time that has passed: how long ago up to a day, the day beyond; everything on hover. */
export function Ago({ time }: { readonly time: number | undefined }): ReactNode {
  const { zone } = usePreferences();
  if (time === undefined) return <span className="muted">never</span>;
  const passedMs = Math.max(0, Date.now() - time);
  return (
    <time dateTime={isoOf(time)} title={formatFullTime(time, zone)} className="nowrap">
      {passedMs < dayMs ? `${formatAge(passedMs / 1_000)} ago` : formatDay(time, zone)}
    </time>
  );
}
