import type { ReactNode } from 'react';
import { showText } from '../../parts/show-characters.ts';
import { type ChosenBuckets, TimePlot } from '../../parts/time-plot.tsx';
import { type Line, runsOf } from './lines.ts';
import '../../parts/histogram.css';

const plotPx = 112;
const topPx = 8;

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
  const most = Math.max(...lines.flatMap(({ values }) => values.map((value) => value ?? 0)), Number.MIN_VALUE);
  const yOf = (value: number): number => topPx + (1 - value / most) * (plotPx - topPx);
  return (
    <div className="histogram">
      <TimePlot
        buckets={buckets}
        intervalMs={intervalMs}
        zone={zone}
        label={label}
        heightPx={plotPx}
        className="line-plot"
        onZoom={onZoom}
        marks={(step, width) => (
          <>
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
          </>
        )}
        reading={(chosen) => <Reading lines={lines} chosen={chosen} format={format} />}
      />
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
    <g className={`chart-line ${fill}`}>
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
  chosen: [first, last],
  format,
}: {
  readonly lines: readonly Line[];
  readonly chosen: ChosenBuckets;
  readonly format: (value: number) => string;
}): ReactNode {
  return lines.map(({ name, fill, values }) => {
    const value = values[first];
    // Values of several buckets cannot be added up: they may be percentiles.
    const text = first !== last ? '' : value === undefined ? '–' : format(value);
    return (
      <div key={name} className="histogram-reading-row">
        <span className={`swatch ${fill}`} aria-hidden="true" />
        <bdi>{showText(name)}</bdi>
        <span className="number">{text}</span>
      </div>
    );
  });
}
