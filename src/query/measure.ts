import { AppError } from '#error';
import { type FieldType, fieldOf, type Label } from '#event';
import { readLabel } from './read-labels.ts';

/** What can be measured of the values of a label. The percentiles and `distinct` are approximate. */
export const measureFunctions = ['sum', 'avg', 'min', 'max', 'p50', 'p90', 'p95', 'p99', 'distinct'] as const;
export type MeasureFunction = (typeof measureFunctions)[number];

/** A number that sums up events: `p95(duration)`, `distinct(sourceIp)`. Events without the label do not count. */
export interface Measure {
  readonly function: MeasureFunction;
  readonly label: Label;
}

const numberTypes: ReadonlySet<FieldType> = new Set<FieldType>(['unsigned', 'integer', 'decimal']);
const textLengthMax = 80;

/** Whether sums and averages of a label mean something. */
export function isNumeric(label: Label): boolean {
  const { type, many } = fieldOf(label);
  return numberTypes.has(type) && many !== true;
}

/**
 * Reads a measure as a person or a request writes it: a function and a label in parentheses. Throws `measure-invalid`, or
 * `unknown-field` with the nearest names.
 */
export function readMeasure(text: string, parameter: string): Measure {
  const match = /^\s*(\w+)\s*\(\s*([\w.]+)\s*\)\s*$/.exec(text.slice(0, textLengthMax));
  if (match === null) throw invalid(text, parameter, `"${shorten(text)}" is no measure.`);
  const [, name = '', labelText = ''] = match;
  const found = measureFunctions.find((one) => one === name.toLowerCase());
  if (found === undefined) throw invalid(text, parameter, `There is no measure "${name}".`);
  const label = readLabel(labelText, parameter);
  if (found !== 'distinct' && !isNumeric(label)) {
    throw invalid(text, parameter, `${label} holds no numbers: of it, only distinct(${label}) can be measured.`);
  }
  return { function: found, label };
}

/** Writes a measure so that {@link readMeasure} reads it. */
export function printMeasure({ function: name, label }: Measure): string {
  return `${name}(${label})`;
}

function invalid(text: string, parameter: string, sentence: string): AppError {
  const expected = measureFunctions.map((name) => `${name}(…)`).join(', ');
  return new AppError('measure-invalid', sentence, { place: { field: parameter, found: shorten(text), expected } });
}

function shorten(text: string): string {
  return text.trim().slice(0, textLengthMax);
}
