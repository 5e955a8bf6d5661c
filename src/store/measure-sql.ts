import type { Measure, MeasureFunction } from '#query';
import { columnOf } from './columns.ts';
import { absentSql } from './keyset.ts';
import type { CellValue } from './native/decode-block.ts';

/** Aggregates over the label as a floating-point number; absent values are left out by the engine. */
const aggregates: Readonly<Record<Exclude<MeasureFunction, 'distinct'>, string>> = {
  sum: 'sum',
  avg: 'avg',
  min: 'min',
  max: 'max',
  // Exact percentiles would keep every value in memory.
  p50: 'quantileTDigest(0.5)',
  p90: 'quantileTDigest(0.9)',
  p95: 'quantileTDigest(0.95)',
  p99: 'quantileTDigest(0.99)',
};

/** Gives the expression of a measure over the label, or what stands for it; its type is a floating-point number, null or not a number where nothing was there. */
export function measureSql({ function: name, label }: Measure, value: string = label): string {
  if (name !== 'distinct') return `toFloat64(${aggregates[name]}(toFloat64(${value})))`;
  const { storage } = columnOf(label);
  if (storage === 'list') return `toFloat64(uniqArray(${value}))`;
  return `toFloat64(uniqIf(${value}, NOT ${absentSql(label, value)}))`;
}

/** Reads the cell of a measure. */
export function measuredOf(cell: CellValue | undefined): number | undefined {
  return typeof cell === 'number' && Number.isFinite(cell) ? cell : undefined;
}
