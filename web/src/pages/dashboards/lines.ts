import type { MeasuredSeries, WidgetOf } from '../../api/dashboards.ts';
import { showValue } from '../../api/event-value.ts';
import { nameMeasure } from './measured-value.ts';

/** Colours there are for values without one of their own. */
export const seriesFills = 8;

/** A line over time. */
export interface Line {
  readonly name: string;
  /** Class that fills its swatch; the line has the same colour. */
  readonly fill: string;
  /** One per bucket; undefined where there is none. */
  readonly values: readonly (number | undefined)[];
}

/** The lines of an answer: one, or one per value; counts of all other values together are one more. */
export function linesOf(
  { values = [], buckets }: MeasuredSeries,
  { by, value, limit }: Pick<WidgetOf<'trend'>, 'by' | 'value' | 'limit'>,
): readonly Line[] {
  if (by === undefined) {
    const own = buckets.map(({ count, measured }) => (value === undefined ? count : (measured ?? undefined)));
    return [{ name: nameMeasure(value), fill: 'fill-series-0', values: own }];
  }
  const shown = values.slice(0, limit);
  const lines = shown.map((one, index): Line => {
    const own = buckets.map(({ parts, partsMeasured }) =>
      value === undefined ? (parts?.[index] ?? 0) : (partsMeasured?.[index] ?? undefined),
    );
    return { name: showValue(one), fill: fillOf(by, showValue(one), index), values: own };
  });
  if (value !== undefined) return lines;
  const rest = buckets.map(({ parts = [] }) => parts.slice(shown.length).reduce((sum, count) => sum + count, 0));
  return rest.some((count) => count > 0)
    ? [...lines, { name: 'other or none', fill: 'fill-none', values: rest }]
    : lines;
}

/** What has a colour of its own keeps it. */
function fillOf(by: string, value: string, index: number): string {
  if (by === 'outcome') return `fill-outcome-${value}`;
  if (by === 'eventCategory') return `fill-category-${value}`;
  return `fill-series-${index % seriesFills}`;
}

/** The stretches without gaps. */
export function runsOf(values: readonly (number | undefined)[]): readonly (readonly (readonly [number, number])[])[] {
  const runs: [number, number][][] = [];
  let open: [number, number][] | undefined;
  for (const [index, value] of values.entries()) {
    if (value === undefined) {
      open = undefined;
      continue;
    }
    if (open === undefined) {
      open = [];
      runs.push(open);
    }
    open.push([index, value]);
  }
  return runs;
}
