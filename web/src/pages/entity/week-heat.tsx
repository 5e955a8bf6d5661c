import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type Asked, countOverTime } from '../../api/events.ts';
import { countOf, formatCount } from '../../parts/format.ts';
import { Bones, Failure } from '../../parts/states.tsx';
import { dayNames, weekOf } from './hours.ts';

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
          <Heat week={weekOf(data, asked.zone)} />
        )}
      </div>
    </section>
  );
}

const cell = 22;
const left = 40;
const top = 18;

function Heat({ week }: { readonly week: readonly (readonly number[])[] }): ReactNode {
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
                  className={count === 0 ? 'heat-none' : 'heat-some'}
                  fillOpacity={count === 0 ? 1 : 0.2 + 0.8 * Math.sqrt(count / most)}
                >
                  <title>{`${days[day]} ${hour}–${hour + 1}: ${countOf(count, 'event')}`}</title>
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
