import { type ReactNode, useMemo } from 'react';
import type { HistogramAnswer } from '../api/events.ts';
import { countOf, formatCount, formatMinute, formatRowTime } from './format.ts';
import { outcomeOrder } from './outcome.tsx';
import { useStretch } from './use-stretch.ts';
import './histogram.css';

/** One layer of the stack. */
interface Layer {
  readonly name: string;
  readonly fill: string;
  readonly counts: readonly number[];
  readonly total: number;
}

const heightPx = 84;
const axisPx = 18;
const gapPx = 1;

/** Events over time, stacked; a stretch drawn with the pointer, or chosen with the keys, is zoomed into. */
export function Histogram({
  answer,
  by,
  zone,
  onZoom,
}: {
  readonly answer: HistogramAnswer;
  readonly by: 'outcome' | 'eventCategory';
  readonly zone: string;
  readonly onZoom?: ((from: number, to: number) => void) | undefined;
}): ReactNode {
  const { buckets, intervalMs } = answer;
  const { box, width, step, chosen, handlers } = useStretch(buckets, intervalMs, onZoom);
  const layers = useMemo(() => layersOf(answer, by), [answer, by]);
  const most = Math.max(1, ...buckets.map(({ count }) => count));

  return (
    <div className="histogram">
      <div
        ref={box}
        className="histogram-plot"
        role="group"
        tabIndex={0}
        aria-label={`Events over time by ${by === 'outcome' ? 'outcome' : 'category'}${onZoom === undefined ? '' : '. Arrow keys choose, with Shift a stretch, Enter zooms'}`}
        {...handlers}
      >
        {width > 0 && (
          <svg width={width} height={heightPx + axisPx} aria-hidden="true">
            {chosen !== undefined && (
              <rect
                className="histogram-chosen"
                x={chosen[0] * step}
                y={0}
                width={(chosen[1] - chosen[0] + 1) * step}
                height={heightPx}
              />
            )}
            <Bars layers={layers} most={most} step={step} />
            <line className="histogram-axis" x1={0} x2={width} y1={heightPx + 0.5} y2={heightPx + 0.5} />
            <Ticks buckets={buckets} step={step} width={width} zone={zone} />
          </svg>
        )}
        {chosen !== undefined && (
          <Reading
            layers={layers}
            answer={answer}
            chosen={chosen}
            zone={zone}
            left={(chosen[0] + 0.5) * step}
            width={width}
          />
        )}
      </div>
      <ul className="histogram-legend">
        {layers.map(({ name, fill, total }) => (
          <li key={name}>
            <span className={`swatch ${fill}`} aria-hidden="true" />
            {name} <span className="muted">{formatCount(total)}</span>
          </li>
        ))}
        <li className="muted histogram-most">most in one bar: {formatCount(most)}</li>
      </ul>
    </div>
  );
}

function Bars({
  layers,
  most,
  step,
}: {
  readonly layers: readonly Layer[];
  readonly most: number;
  readonly step: number;
}): ReactNode {
  const bars: ReactNode[] = [];
  const reached: number[] = [];
  for (const { name, fill, counts } of layers) {
    for (const [index, count] of counts.entries()) {
      if (count === 0) continue;
      const below = reached[index] ?? 0;
      // A bar that is there must be seen, however few its events.
      const height = Math.max(1.5, (count / most) * heightPx);
      reached[index] = below + height;
      bars.push(
        <rect
          key={`${name}-${index}`}
          className={fill}
          x={index * step}
          y={heightPx - below - height}
          width={Math.max(1, step - gapPx)}
          height={height}
        />,
      );
    }
  }
  return <g>{bars}</g>;
}

/** Times below a chart. */
export function Ticks({
  buckets,
  top = heightPx,
  step,
  width,
  zone,
}: {
  readonly buckets: readonly { readonly from: number }[];
  /** Height of the plot above, in pixels. */
  readonly top?: number;
  readonly step: number;
  readonly width: number;
  readonly zone: string;
}): ReactNode {
  const count = Math.max(1, Math.min(6, Math.floor(width / 180)));
  const every = Math.max(1, Math.ceil(buckets.length / count));
  const span = (buckets.at(-1)?.from ?? 0) - (buckets[0]?.from ?? 0);
  return (
    <g className="histogram-ticks">
      {buckets
        .map((bucket, index) => ({ bucket, index }))
        .filter(({ index }) => index % every === 0)
        .map(({ bucket, index }) => (
          <text key={bucket.from} x={index * step + 2} y={top + 14}>
            {tickText(bucket.from, span, zone)}
          </text>
        ))}
    </g>
  );
}

const hourMs = 3_600_000;

function tickText(time: number, span: number, zone: string): string {
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone } as const;
  const date = new Date(time);
  if (span <= hourMs / 4) return date.toLocaleTimeString(undefined, { ...clock, second: '2-digit' });
  if (span <= 36 * hourMs) return date.toLocaleTimeString(undefined, clock);
  if (span <= 10 * 24 * hourMs) return date.toLocaleString(undefined, { ...clock, month: 'short', day: 'numeric' });
  return date.toLocaleDateString(undefined, { year: 'numeric', month: 'short', day: 'numeric', timeZone: zone });
}

/** Time and counts of what is under the pointer or chosen by keys. */
function Reading({
  layers,
  answer,
  chosen: [first, last],
  zone,
  left,
  width,
}: {
  readonly layers: readonly Layer[];
  readonly answer: HistogramAnswer;
  readonly chosen: readonly [number, number];
  readonly zone: string;
  readonly left: number;
  readonly width: number;
}): ReactNode {
  const { buckets, intervalMs } = answer;
  const from = buckets[first]?.from ?? 0;
  const to = (buckets[last]?.from ?? 0) + intervalMs;
  const show = intervalMs < 60_000 ? formatRowTime : formatMinute;
  const sum = (counts: readonly number[]): number =>
    counts.slice(first, last + 1).reduce((total, count) => total + count, 0);
  const all = layers.reduce((total, layer) => total + sum(layer.counts), 0);
  return (
    <div className={`histogram-reading ${left > width / 2 ? 'at-right' : ''}`} style={{ left }} role="status">
      <div>
        {show(from, zone)} – {show(to, zone)}
      </div>
      <strong>{countOf(all, 'event')}</strong>
      {layers
        .filter(({ counts }) => sum(counts) > 0)
        .map(({ name, fill, counts }) => (
          <div key={name} className="histogram-reading-row">
            <span className={`swatch ${fill}`} aria-hidden="true" />
            {name}
            <span className="number">{formatCount(sum(counts))}</span>
          </div>
        ))}
    </div>
  );
}

/** Layers in an order that stays, whatever is most frequent now. */
function layersOf(answer: HistogramAnswer, by: 'outcome' | 'eventCategory'): readonly Layer[] {
  const { values = [], buckets } = answer;
  const layers = values.map((value, index): Layer => {
    const name = typeof value === 'string' ? value : String(value);
    const counts = buckets.map(({ parts }) => parts?.[index] ?? 0);
    const fill = by === 'outcome' ? `fill-outcome-${name}` : `fill-category-${name}`;
    return { name, fill, counts, total: counts.reduce((sum, count) => sum + count, 0) };
  });
  const rank = ({ name }: Layer): number => outcomeOrder.indexOf(name);
  if (by === 'outcome') layers.sort((one, other) => rank(one) - rank(other));
  const rest = buckets.map(({ parts, count }) => (values.length === 0 ? count : (parts?.[values.length] ?? 0)));
  const total = rest.reduce((sum, count) => sum + count, 0);
  if (total > 0) {
    layers.unshift({ name: by === 'outcome' ? 'no outcome' : 'other', fill: 'fill-none', counts: rest, total });
  }
  return layers;
}
