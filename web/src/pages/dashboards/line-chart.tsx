import type { ReactNode } from 'react';
import { formatMinute, formatRowTime } from '../../parts/format.ts';
import { Ticks } from '../../parts/histogram.tsx';
import { showText } from '../../parts/show-characters.ts';
import { useStretch } from '../../parts/use-stretch.ts';
import { type Line, runsOf } from './lines.ts';
import '../../parts/histogram.css';

const plotPx = 112;
const topPx = 8;
const axisPx = 18;

/** Lines over time; a stretch drawn with the pointer, or chosen with the keys, is zoomed into. */
export function LineChart({
  lines,
  buckets,
  intervalMs,
  zone,
  label,
  format,
  onZoom,
}: {
  readonly lines: readonly Line[];
  readonly buckets: readonly { readonly from: number }[];
  readonly intervalMs: number;
  readonly zone: string;
  readonly label: string;
  readonly format: (value: number) => string;
  readonly onZoom: (from: number, to: number) => void;
}): ReactNode {
  const { box, width, step, chosen, handlers } = useStretch(buckets, intervalMs, onZoom);
  const most = Math.max(...lines.flatMap(({ values }) => values.map((value) => value ?? 0)), Number.MIN_VALUE);
  const yOf = (value: number): number => topPx + (1 - value / most) * (plotPx - topPx);
  return (
    <div className="histogram">
      <div
        ref={box}
        className="histogram-plot line-plot"
        role="group"
        tabIndex={0}
        aria-label={`${label}. Arrow keys choose, with Shift a stretch, Enter zooms`}
        {...handlers}
      >
        {width > 0 && (
          <svg width={width} height={plotPx + axisPx} aria-hidden="true">
            {chosen !== undefined && (
              <rect
                className="histogram-chosen"
                x={chosen[0] * step}
                y={0}
                width={(chosen[1] - chosen[0] + 1) * step}
                height={plotPx}
              />
            )}
            {[1, 0.5].map((part) => (
              <g key={part} className="line-level">
                <line x1={0} x2={width} y1={yOf(most * part)} y2={yOf(most * part)} />
                <text x={2} y={yOf(most * part) + 13}>
                  {format(most * part)}
                </text>
              </g>
            ))}
            {lines.map((line) => (
              <LinePath key={line.name} line={line} step={step} yOf={yOf} isAlone={lines.length === 1} />
            ))}
            <line className="histogram-axis" x1={0} x2={width} y1={plotPx + 0.5} y2={plotPx + 0.5} />
            <Ticks buckets={buckets} top={plotPx} step={step} width={width} zone={zone} />
          </svg>
        )}
        {chosen !== undefined && (
          <Reading
            lines={lines}
            buckets={buckets}
            intervalMs={intervalMs}
            at={chosen[1]}
            from={chosen[0]}
            zone={zone}
            left={(chosen[0] + 0.5) * step}
            width={width}
            format={format}
          />
        )}
      </div>
      {(lines.length > 1 || lines[0]?.name !== label) && (
        <ul className="histogram-legend">
          {lines.map(({ name, fill }) => (
            <li key={name}>
              <span className={`swatch ${fill}`} aria-hidden="true" />
              <bdi>{showText(name)}</bdi>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function LinePath({
  line: { values, fill },
  step,
  yOf,
  isAlone,
}: {
  readonly line: Line;
  readonly step: number;
  readonly yOf: (value: number) => number;
  readonly isAlone: boolean;
}): ReactNode {
  const xOf = (index: number): number => (index + 0.5) * step;
  const runs = runsOf(values);
  const path = runs
    .map((run) => run.map(([index, value], at) => `${at === 0 ? 'M' : 'L'}${xOf(index)} ${yOf(value)}`).join(''))
    .join('');
  return (
    <g className={`line ${fill}`}>
      {isAlone &&
        runs.map((run) => {
          const [first] = run;
          const last = run.at(-1);
          if (first === undefined || last === undefined || run.length < 2) return null;
          const top = run.map(([index, value]) => `L${xOf(index)} ${yOf(value)}`).join('');
          return (
            <path
              key={first[0]}
              className="line-area"
              d={`M${xOf(first[0])} ${plotPx}${top}L${xOf(last[0])} ${plotPx}Z`}
            />
          );
        })}
      <path className="line-stroke" d={path} />
      {/* A value alone between gaps would be a line without length. */}
      {runs
        .filter((run) => run.length === 1)
        .map(([[index, value] = [0, 0]]) => (
          <circle key={index} cx={xOf(index)} cy={yOf(value)} r={2.5} />
        ))}
    </g>
  );
}

function Reading({
  lines,
  buckets,
  intervalMs,
  from,
  at,
  zone,
  left,
  width,
  format,
}: {
  readonly lines: readonly Line[];
  readonly buckets: readonly { readonly from: number }[];
  readonly intervalMs: number;
  readonly from: number;
  readonly at: number;
  readonly zone: string;
  readonly left: number;
  readonly width: number;
  readonly format: (value: number) => string;
}): ReactNode {
  const show = intervalMs < 60_000 ? formatRowTime : formatMinute;
  return (
    <div className={`histogram-reading ${left > width / 2 ? 'at-right' : ''}`} style={{ left }} role="status">
      <div>
        {show(buckets[from]?.from ?? 0, zone)} – {show((buckets[at]?.from ?? 0) + intervalMs, zone)}
      </div>
      {lines.map(({ name, fill, values }) => (
        <div key={name} className="histogram-reading-row">
          <span className={`swatch ${fill}`} aria-hidden="true" />
          <bdi>{showText(name)}</bdi>
          <span className="number">
            {from === at && values[at] !== undefined ? format(values[at]) : from === at ? '–' : ''}
          </span>
        </div>
      ))}
    </div>
  );
}
