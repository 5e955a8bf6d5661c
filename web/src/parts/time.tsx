import type { ReactNode } from 'react';
import { formatFullTime, formatRowTime } from './format.ts';

/** A time in a row: milliseconds plain, what is below them muted, everything on hover. */
export function RowTime({
  time,
  nanos,
  zone,
}: {
  readonly time: number;
  readonly nanos?: number | undefined;
  readonly zone: string;
}): ReactNode {
  return (
    <time dateTime={isoOf(time)} title={`${formatFullTime(time, zone)}\n${isoOf(time)}`} className="row-time">
      {formatRowTime(time, zone)}
      {nanos !== undefined && nanos > 0 && <span className="muted"> {String(nanos).padStart(6, '0').slice(0, 3)}</span>}
    </time>
  );
}

/** A time in ISO 8601. */
export function isoOf(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}
