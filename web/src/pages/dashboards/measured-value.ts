import { type MeasureFunction, measureFunctions } from '#query';
import { formatCount, formatSeconds } from '../../parts/format.ts';

/** Labels that hold seconds. */
export const seconds: ReadonlySet<string> = new Set([
  'duration',
  'waitTime',
  'queueTime',
  'operationTime',
  'writeTime',
]);
const fine = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });

interface Parts {
  readonly function: string;
  readonly label: string;
}

/** Takes a measure such as `p95(duration)` apart. */
function partsOf(measure: string): Parts | undefined {
  const match = /^(\w+)\((\w+)\)$/.exec(measure);
  return match === null ? undefined : { function: match[1] ?? '', label: match[2] ?? '' };
}

/** Writes what was measured with its unit; without a measure it is a number of events. */
export function formatMeasured(value: number, measure: string | undefined): string {
  const parts = measure === undefined ? undefined : partsOf(measure);
  if (parts !== undefined && parts.function !== 'distinct' && seconds.has(parts.label)) return formatSeconds(value);
  if (Number.isInteger(value) || Math.abs(value) >= 1_000) return formatCount(Math.round(value));
  return fine.format(value);
}

const words: Readonly<Record<MeasureFunction, string>> = {
  sum: 'sum of',
  avg: 'average',
  min: 'smallest',
  max: 'largest',
  p50: 'median',
  p90: '90th percentile of',
  p95: '95th percentile of',
  p99: '99th percentile of',
  distinct: 'different',
};
const timeWords: Readonly<Record<string, string>> = { min: 'shortest', max: 'longest' };

/** A measure in words: "different sourceIp". */
export function nameMeasure(measure: string | undefined): string {
  const parts = measure === undefined ? undefined : partsOf(measure);
  if (parts === undefined) return 'events';
  const own = seconds.has(parts.label) ? timeWords[parts.function] : undefined;
  return `${own ?? wordOf(parts.function) ?? parts.function} ${parts.label}`;
}

function wordOf(name: string): string | undefined {
  const known = measureFunctions.find((one) => one === name);
  return known === undefined ? undefined : words[known];
}

/** A function in words, for a list to choose from: "Average". */
export function nameFunction(name: MeasureFunction): string {
  const word = words[name];
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** How much a value is more or less than before, in words; undefined where that says nothing. */
export function changeOf(now: number | undefined, before: number | undefined): string | undefined {
  if (now === undefined || before === undefined) return undefined;
  if (now === before) return 'as before';
  if (before === 0) return undefined;
  const times = now / before;
  if (times >= 10) return `${fine.format(Math.round(times))} times as much`;
  const percent = Math.round((times - 1) * 100);
  if (percent === 0) return 'about as before';
  return `${percent > 0 ? '▲' : '▼'} ${Math.abs(percent)} %`;
}
