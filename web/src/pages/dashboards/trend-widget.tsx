import { type ReactNode, useMemo } from 'react';
import { type MeasuredSeries, measureOverTime, type WidgetOf } from '../../api/dashboards.ts';
import { formatCount, formatMinute, formatRowTime } from '../../parts/format.ts';
import { Histogram } from '../../parts/histogram.tsx';
import { showText } from '../../parts/show-characters.ts';
import { LineChart } from './line-chart.tsx';
import { linesOf, seriesFills } from './lines.ts';
import { formatMeasured } from './measured-value.ts';
import { useWidget, type WidgetPlace } from './use-widget.ts';
import { WidgetBody } from './widget-body.tsx';

const bucketsPerColumn = 8;

/** Counts or a measure over time. */
export function TrendWidget({
  widget,
  place: { asked, onWindow },
  asTable,
}: {
  readonly widget: WidgetOf<'trend'>;
  readonly place: WidgetPlace;
  readonly asTable: boolean;
}): ReactNode {
  const { query, by, value, width, title } = widget;
  const question = { ...asked, q: query, by, measure: value, buckets: Math.max(24, width * bucketsPerColumn) };
  const data = useWidget(['trend', question], (signal) => measureOverTime(question, signal));
  const onZoom = (from: number, to: number): void =>
    onWindow({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
  // Stacks are for what has one colour everywhere; everything else is lines.
  const stacked = value === undefined && (by === 'outcome' || by === 'eventCategory') ? by : undefined;
  return (
    <WidgetBody query={data} rows={5} isEmpty={({ buckets }) => buckets.every(({ count }) => count === 0)}>
      {(series) =>
        asTable ? (
          <SeriesTable series={series} widget={widget} zone={asked.zone} />
        ) : stacked !== undefined ? (
          <Histogram answer={series} by={stacked} zone={asked.zone} onZoom={onZoom} />
        ) : (
          <Lines series={series} widget={widget} zone={asked.zone} label={title} onZoom={onZoom} />
        )
      }
    </WidgetBody>
  );
}

function Lines({
  series,
  widget,
  zone,
  label,
  onZoom,
}: {
  readonly series: MeasuredSeries;
  readonly widget: WidgetOf<'trend'>;
  readonly zone: string;
  readonly label: string;
  readonly onZoom: (from: number, to: number) => void;
}): ReactNode {
  const lines = useMemo(() => linesOf(series, widget), [series, widget]);
  return (
    <LineChart
      lines={lines}
      buckets={series.buckets}
      intervalMs={series.intervalMs}
      zone={zone}
      label={label}
      format={(value) => formatMeasured(value, widget.value)}
      onZoom={onZoom}
    />
  );
}

/** The same numbers for those who cannot see the lines. */
function SeriesTable({
  series,
  widget,
  zone,
}: {
  readonly series: MeasuredSeries;
  readonly widget: WidgetOf<'trend'>;
  readonly zone: string;
}): ReactNode {
  const lines = linesOf(series, { ...widget, limit: Math.max(widget.limit, seriesFills) });
  const show = series.intervalMs < 60_000 ? formatRowTime : formatMinute;
  const isThere = (index: number): boolean => (series.buckets[index]?.count ?? 0) > 0;
  return (
    <div className="as-table" tabIndex={0} role="region" aria-label={`${widget.title} as a table`}>
      <table className="plain-table">
        <thead>
          <tr>
            <th>from</th>
            {lines.map(({ name }) => (
              <th key={name} className="number">
                <bdi>{showText(name)}</bdi>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {series.buckets.map(({ from }, index) =>
            isThere(index) ? (
              <tr key={from}>
                <td className="short-cell">{show(from, zone)}</td>
                {lines.map(({ name, values }) => {
                  const value = values[index];
                  return (
                    <td key={name} className="number">
                      {value === undefined
                        ? '–'
                        : widget.value === undefined
                          ? formatCount(value)
                          : formatMeasured(value, widget.value)}
                    </td>
                  );
                })}
              </tr>
            ) : null,
          )}
        </tbody>
      </table>
    </div>
  );
}
