import { fieldOf, type Label } from '#event';
import { type Checker, fail, plainText, type ResolvedField } from './checker.ts';
import type { Condition, Range } from './condition.ts';
import type { Scalar } from './tree.ts';

/** What one value covers: low above high for a number that lies between two values of the field. */
export interface Interval {
  readonly low: bigint;
  readonly high: bigint;
}

/** Decimal places of `decimal` fields. */
const decimalPlaces = 9;

/** Most digits of a number. */
const digitsMax = 60;

const number = /^([+-]?)(\d{1,60})(?:\.(\d{1,60}))?$/;
const byteCount = /^(\d{1,60}(?:\.\d{1,60})?)\s?([KMGT]?B)$/i;

/** Labels that count bytes, whose values may carry units. */
const byteLabels: ReadonlySet<Label> = new Set<Label>(['position']);

/** A unit is 1024 of the one before. */
const byteUnits = ['B', 'KB', 'MB', 'GB', 'TB'];

/** Reads a number for a field; undefined, and an error noted, when it is none. */
export function readNumber(checker: Checker, field: ResolvedField, value: Scalar): Interval | undefined {
  const text = plainText(value).trim();
  const bytes = byteLabels.has(field.label) ? byteCount.exec(text) : null;
  const factor = bytes === null ? 1n : 1024n ** BigInt(byteUnits.indexOf((bytes[2] ?? 'B').toUpperCase()));
  const match = number.exec(bytes?.[1] ?? text);
  if (match === null) {
    const units = byteLabels.has(field.label) ? ', with or without KB, MB or GB' : '';
    fail(checker, 'bad-type', value.span, {
      expected: `a number for ${field.label}${units}`,
      field: field.label,
      ...(text.length > digitsMax ? { hint: `A number has at most ${digitsMax} digits.` } : {}),
    });
    return undefined;
  }
  return scale(match, factor, fieldOf(field.label).type === 'decimal' ? decimalPlaces : 0);
}

/** Gives the number in units of the field's last place. */
function scale([, sign, whole = '0', fraction = '']: RegExpExecArray, factor: bigint, places: number): Interval {
  const digits = BigInt(whole + fraction) * factor * 10n ** BigInt(places) * (sign === '-' ? -1n : 1n);
  const divisor = 10n ** BigInt(fraction.length);
  const quotient = digits / divisor;
  if (quotient * divisor === digits) return { low: quotient, high: quotient };
  const floor = digits < 0n ? quotient - 1n : quotient;
  return { low: floor + 1n, high: floor };
}

const bounds: Readonly<Record<'unsigned' | 'integer' | 'decimal', Interval>> = {
  unsigned: { low: 0n, high: 2n ** 64n - 1n },
  integer: { low: -(2n ** 63n), high: 2n ** 63n - 1n },
  decimal: { low: 1n - 10n ** 18n, high: 10n ** 18n - 1n },
};

/** Makes the condition for a range of a number field; bounds that no value can pass are dropped. */
export function numberCondition(label: Label, { low, high }: Range): Condition {
  const { type } = fieldOf(label);
  const limit = bounds[type === 'unsigned' || type === 'decimal' ? type : 'integer'];
  if ((low !== undefined && low > limit.high) || (high !== undefined && high < limit.low)) return { kind: 'never' };
  const range: Range = {
    low: low !== undefined && low > limit.low ? low : undefined,
    high: high !== undefined && high < limit.high ? high : undefined,
  };
  if (range.low !== undefined && range.high !== undefined && range.low > range.high) return { kind: 'never' };
  if (range.low === undefined && range.high === undefined) return { kind: 'present', label };
  return { kind: 'number', label, ranges: [range] };
}
