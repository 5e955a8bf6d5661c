import type { ReactNode } from 'react';
import { measureGroups, measureOverTime, type WidgetOf } from '../../api/dashboards.ts';
import type { Asked } from '../../api/events.ts';
import { countOf, formatCount } from '../../parts/format.ts';
import { useWidth } from '../../parts/use-stretch.ts';
import { dayNames, type WeekHours, weekOf } from '../entity/hours.ts';
import { useWidget, type WidgetPlace } from './use-widget.ts';
import { WidgetBody } from './widget-body.tsx';

const hourMs = 3_600_000;
/** As many hours as the API counts at once. */
const hoursMax = 1_990;

/** By hour of the week, in the viewer's zone. */
export function HeatWidget({
  widget: { query, title },
  place: { asked },
  asTable,
}: {
  readonly widget: WidgetOf<'heat'>;
  readonly place: WidgetPlace;
  readonly asTable: boolean;
}): ReactNode {
  const question = { ...asked, q: query };
  const data = useWidget(['heat', question], (signal) => askHours(question, signal));
  return (
    <WidgetBody query={data} rows={6} isEmpty={(week) => week.every((row) => row.every((count) => count === 0))}>
      {(week) => (asTable ? <HoursTable week={week} title={title} /> : <Heat week={week} zone={asked.zone} />)}
    </WidgetBody>
  );
}

async function askHours(asked: Asked, signal: AbortSignal): Promise<WeekHours> {
  const [all] = await measureGroups({ ...asked, by: [], limit: 1 }, signal);
  if (all === undefined) return [];
  // Only where events are: a window without a beginning would have more hours than can be counted.
  const to = all.last + 1;
  const from = Math.max(all.first, to - hoursMax * hourMs);
  return weekOf(await measureOverTime({ ...asked, from, to, intervalMs: hourMs }, signal), asked.zone);
}

const leftPx = 40;
const topPx = 18;
const cellPxMin = 9;
const cellPxMax = 26;

function Heat({ week, zone }: { readonly week: WeekHours; readonly zone: string }): ReactNode {
  const [box, width] = useWidth();
  const cell = Math.max(cellPxMin, Math.min(cellPxMax, Math.floor((width - leftPx) / 24)));
  const high = Math.min(cell, 22);
  const days = dayNames();
  const most = Math.max(1, ...week.flat());
  const words = wordsOf(week, days);
  return (
    <div ref={box}>
      {width > 0 && (
        <svg width={leftPx + 24 * cell} height={topPx + 7 * high} role="img" aria-label={words} className="heat">
          {[0, 6, 12, 18].map((hour) => (
            <text key={hour} x={leftPx + hour * cell} y={12}>
              {hour}
            </text>
          ))}
          {week.map((row, day) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a week has its days
            <g key={day}>
              <text x={0} y={topPx + day * high + Math.round(high / 2) + 4}>
                {days[day]}
              </text>
              {row.map((count, hour) => (
                <rect
                  // biome-ignore lint/suspicious/noArrayIndexKey: a day has its hours
                  key={hour}
                  x={leftPx + hour * cell}
                  y={topPx + day * high}
                  width={cell - 2}
                  height={high - 2}
                  className={count === 0 ? 'heat-none' : 'heat-some'}
                  fillOpacity={count === 0 ? 1 : 0.2 + 0.8 * Math.sqrt(count / most)}
                >
                  <title>{`${days[day]} ${hour}–${hour + 1}: ${countOf(count, 'event')}`}</title>
                </rect>
              ))}
            </g>
          ))}
        </svg>
      )}
      <p className="muted">
        {words} Hours in {zone}.
      </p>
    </div>
  );
}

function wordsOf(week: WeekHours, days: readonly string[]): string {
  const total = week.flat().reduce((sum, count) => sum + count, 0);
  const busiest = week
    .flatMap((row, day) => row.map((count, hour) => ({ day, hour, count })))
    .sort((one, other) => other.count - one.count)[0];
  if (busiest === undefined) return '';
  const { day, hour, count } = busiest;
  return `${countOf(total, 'event')}; most on ${days[day]} between ${hour} and ${hour + 1} o'clock: ${formatCount(count)}.`;
}

/** The same for those who cannot see the colours: hours in which there was something, busiest first. */
function HoursTable({ week, title }: { readonly week: WeekHours; readonly title: string }): ReactNode {
  const days = dayNames();
  const hours = week
    .flatMap((row, day) => row.map((count, hour) => ({ day, hour, count })))
    .filter(({ count }) => count > 0)
    .sort((one, other) => other.count - one.count);
  return (
    <div className="as-table" tabIndex={0} role="region" aria-label={`${title} as a table`}>
      <table className="plain-table">
        <thead>
          <tr>
            <th>day</th>
            <th>hour</th>
            <th className="number">events</th>
          </tr>
        </thead>
        <tbody>
          {hours.map(({ day, hour, count }) => (
            <tr key={`${day} ${hour}`}>
              <td>{days[day]}</td>
              <td>
                {hour}–{hour + 1}
              </td>
              <td className="number">{formatCount(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
