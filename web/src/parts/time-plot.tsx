import type { ReactNode } from 'react';
import { formatMinute, formatRowTime } from './format.ts';
import { useStretch } from './use-stretch.ts';
import './histogram.css';

const axisPx = 18;

/** Buckets that are under the pointer, or chosen with the keys. */
export type ChosenBuckets = readonly [first: number, last: number];

interface TimePlotProps {
  readonly buckets: readonly { readonly from: number }[];
  readonly intervalMs: number;
  readonly zone: string;
  readonly label: string;
  /** Height of what is drawn above the axis, in pixels. */
  readonly heightPx: number;
  readonly className?: string;
  readonly onZoom?: ((from: number, to: number) => void) | undefined;
  /** What is drawn, given the pixels of one bucket and of all. */
  readonly marks: (step: number, width: number) => ReactNode;
  /** What is read off the chosen buckets. */
  readonly reading: (chosen: ChosenBuckets) => ReactNode;
}

/** The frame of a chart over time: its axis, and the stretch that is chosen with pointer or keys, read off and zoomed into. */
export function TimePlot(props: TimePlotProps): ReactNode {
  const { buckets, intervalMs, zone, label, heightPx, className = '', onZoom, marks, reading } = props;
  const { box, width, step, chosen, handlers } = useStretch(buckets, intervalMs, onZoom);
  return (
    <div
      ref={box}
      className={`histogram-plot ${className}`}
      role="group"
      tabIndex={0}
      aria-label={onZoom === undefined ? label : `${label}. Arrow keys choose, with Shift a stretch, Enter zooms`}
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
          {marks(step, width)}
          <line className="histogram-axis" x1={0} x2={width} y1={heightPx + 0.5} y2={heightPx + 0.5} />
          <Ticks buckets={buckets} top={heightPx} step={step} width={width} zone={zone} />
        </svg>
      )}
      {chosen !== undefined && (
        <div
          className={`histogram-reading ${(chosen[0] + 0.5) * step > width / 2 ? 'at-right' : ''}`}
          style={{ left: (chosen[0] + 0.5) * step }}
          role="status"
        >
          <div>{spanText(buckets, chosen, intervalMs, zone)}</div>
          {reading(chosen)}
        </div>
      )}
    </div>
  );
}

function spanText(
  buckets: TimePlotProps['buckets'],
  [first, last]: ChosenBuckets,
  intervalMs: number,
  zone: string,
): string {
  const show = intervalMs < 60_000 ? formatRowTime : formatMinute;
  return `${show(buckets[first]?.from ?? 0, zone)} – ${show((buckets[last]?.from ?? 0) + intervalMs, zone)}`;
}

/** Times below the plot. */
function Ticks({
  buckets,
  top,
  step,
  width,
  zone,
}: {
  readonly buckets: TimePlotProps['buckets'];
  readonly top: number;
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
