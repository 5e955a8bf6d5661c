import { type ReactNode, useMemo } from 'react';
import type { HistogramAnswer } from '../api/events.ts';
import { countOf, formatCount } from './format.ts';
import { outcomeOrder } from './outcome.tsx';
import { type ChosenBuckets, TimePlot } from './time-plot.tsx';
import './histogram.css';

/** One layer of the stack. */
interface Layer {
  readonly name: string;
  readonly fill: string;
  readonly counts: readonly number[];
  readonly total: number;
}

const heightPx = 84;
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
  const layers = useMemo(() => layersOf(answer, by), [answer, by]);
  const most = Math.max(1, ...buckets.map(({ count }) => count));

  return (
    <div className="histogram">
      <TimePlot
        buckets={buckets}
        intervalMs={intervalMs}
        zone={zone}
        label={`Events over time by ${by === 'outcome' ? 'outcome' : 'category'}`}
        heightPx={heightPx}
        onZoom={onZoom}
        marks={(step) => <Bars layers={layers} most={most} step={step} />}
        reading={(chosen) => <Reading layers={layers} chosen={chosen} />}
      />
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

/** Counts of what is under the pointer or chosen by keys. */
function Reading({
  layers,
  chosen: [first, last],
}: {
  readonly layers: readonly Layer[];
  readonly chosen: ChosenBuckets;
}): ReactNode {
  const sum = (counts: readonly number[]): number =>
    counts.slice(first, last + 1).reduce((total, count) => total + count, 0);
  const all = layers.reduce((total, layer) => total + sum(layer.counts), 0);
  return (
    <>
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
    </>
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
