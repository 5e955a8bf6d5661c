import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type Asked, countOverTime, type HistogramAnswer } from '../../api/events.ts';
import { countOf, formatCount, formatDay } from '../../parts/format.ts';
import { HuntLink } from '../../parts/hunt-link.tsx';
import { Bones, Failure } from '../../parts/states.tsx';
import { dayNames, weekOf } from './hours.ts';
import { activeDaysNeeded, daysNeeded, type UnusualHours, unusualHours } from './unusual-hours.ts';

const hourMs = 3_600_000;
/** As many hours as the API counts at once. */
const hoursMax = 1_990;

/** When it is active: hour by hour of the week, in the viewer's zone. */
export function WeekHeat({ asked, last }: { readonly asked: Asked; readonly last: number }): ReactNode {
  const to = Math.min(asked.to ?? last + 1, last + 1);
  const from = Math.max(asked.from ?? 0, to - hoursMax * hourMs);
  const { data, error, refetch } = useQuery({
    queryKey: ['entity', 'hours', asked.q, from, to],
    queryFn: ({ signal }) => countOverTime({ ...asked, from, to, intervalMs: hourMs }, signal),
    enabled: from < to,
  });
  return (
    <section className="panel" aria-label="Hours">
      <header>
        <h2>Hours</h2>
        <span className="muted">in {asked.zone}</span>
      </header>
      <div className="body">
        {error !== null ? (
          <Failure error={error} what="The hours cannot be shown" retry={() => void refetch()} />
        ) : data === undefined ? (
          <Bones rows={4} />
        ) : (
          <Hours data={data} asked={asked} last={to} />
        )}
      </div>
    </section>
  );
}

/** Unusual hours that are named one by one. */
const namedMax = 8;

function Hours({
  data,
  asked,
  last,
}: {
  readonly data: HistogramAnswer;
  readonly asked: Asked;
  readonly last: number;
}): ReactNode {
  const unusual = unusualHours(data, asked.zone, last);
  return (
    <>
      <Heat week={weekOf(data, asked.zone)} unusual={unusual.state === 'told' ? unusual.unusual : []} />
      <Unusual unusual={unusual} asked={asked} last={last} />
    </>
  );
}

/** In which hours of the last week it was active though it never was then before, and what that rests on. */
function Unusual({
  unusual,
  asked,
  last,
}: {
  readonly unusual: UnusualHours;
  readonly asked: Asked;
  readonly last: number;
}): ReactNode {
  const days = dayNames();
  if (unusual.state === 'too-little') {
    return (
      <p className="muted">
        Whether hours are unusual cannot be told yet: that takes {daysNeeded} days, {activeDaysNeeded} of them active,
        before the last week; there are {unusual.daysBefore}, {unusual.activeDays} of them active.
      </p>
    );
  }
  const { daysBefore, activeHours, unusual: found } = unusual;
  const rests = `It was active in ${countOf(activeHours, 'hour')} of the 7 days to ${formatDay(last, asked.zone)}`;
  if (found.length === 0) {
    return (
      <p>
        No unusual hours. {rests}, each within an hour of when it was active in the {daysBefore} days before.
      </p>
    );
  }
  return (
    <>
      <p>
        <span className="outcome-failure" aria-hidden="true">
          ▲
        </span>{' '}
        <strong>{countOf(found.length, 'unusual hour')}.</strong> {rests}; in {formatCount(found.length)} of them it
        never was in the {daysBefore} days before, nor an hour earlier or later:
      </p>
      <ul className="unusual-hours">
        {found.slice(0, namedMax).map(({ from, day, hour, count }) => (
          <li key={from}>
            {days[day]} {formatDay(from, asked.zone)}, {hour}–{hour + 1} o'clock:{' '}
            <HuntLink
              q={asked.q}
              window={{ from: new Date(from).toISOString(), to: new Date(from + hourMs - 1).toISOString() }}
            >
              {countOf(count, 'event')}
            </HuntLink>
          </li>
        ))}
        {found.length > namedMax && <li className="muted">and {formatCount(found.length - namedMax)} more</li>}
      </ul>
    </>
  );
}

const cell = 22;
const left = 40;
const top = 18;

function Heat({
  week,
  unusual,
}: {
  readonly week: readonly (readonly number[])[];
  readonly unusual: readonly { readonly day: number; readonly hour: number }[];
}): ReactNode {
  const marked = new Set(unusual.map(({ day, hour }) => day * 24 + hour));
  const days = dayNames();
  const most = Math.max(1, ...week.flat());
  const total = week.flat().reduce((sum, count) => sum + count, 0);
  const busiest = week
    .flatMap((row, day) => row.map((count, hour) => ({ day, hour, count })))
    .sort((one, other) => other.count - one.count)[0];
  const words =
    busiest === undefined || total === 0
      ? 'No activity.'
      : `${countOf(total, 'event')}; most on ${days[busiest.day]} between ${busiest.hour} and ${busiest.hour + 1} o'clock: ${formatCount(busiest.count)}.`;
  return (
    <>
      <div className="scroll-x">
        <svg width={left + 24 * cell} height={top + 7 * cell} role="img" aria-label={words} className="heat">
          {[0, 6, 12, 18].map((hour) => (
            <text key={hour} x={left + hour * cell} y={12}>
              {hour}
            </text>
          ))}
          {week.map((row, day) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a week has its days
            <g key={day}>
              <text x={0} y={top + day * cell + 15}>
                {days[day]}
              </text>
              {row.map((count, hour) => (
                <rect
                  // biome-ignore lint/suspicious/noArrayIndexKey: a day has its hours
                  key={hour}
                  x={left + hour * cell}
                  y={top + day * cell}
                  width={cell - 2}
                  height={cell - 2}
                  className={`${count === 0 ? 'heat-none' : 'heat-some'}${marked.has(day * 24 + hour) ? ' heat-unusual' : ''}`}
                  fillOpacity={count === 0 ? 1 : 0.2 + 0.8 * Math.sqrt(count / most)}
                >
                  <title>{`${days[day]} ${hour}–${hour + 1}: ${countOf(count, 'event')}${marked.has(day * 24 + hour) ? ', unusual' : ''}`}</title>
                </rect>
              ))}
            </g>
          ))}
        </svg>
      </div>
      <p className="muted">{words}</p>
    </>
  );
}
