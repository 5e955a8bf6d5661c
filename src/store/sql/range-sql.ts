import type { AddressRange, Label } from '#event';
import { fieldOf } from '#event';
import type { Range } from '#query';
import type { Parameters } from './parameters.ts';

/** A range as the engine reads its bounds; undefined is unbounded. */
interface WrittenRange {
  readonly low: string | undefined;
  readonly high: string | undefined;
}

/** Gives the SQL of "the column lies in one of the ranges", null where the column is. Single values become a list. */
function rangesSql(column: string, type: string, ranges: readonly WrittenRange[], parameters: Parameters): string {
  const values: string[] = [];
  const parts: string[] = [];
  for (const { low, high } of ranges) {
    if (low !== undefined && low === high) values.push(low);
    else parts.push(rangeSql(column, type, { low, high }, parameters));
  }
  const [first] = values;
  const quoted = type.replaceAll("'", "\\'");
  if (first !== undefined) {
    parts.unshift(
      values.length === 1
        ? `${column} = ${parameters.add(type, first)}`
        : `${column} IN CAST(${parameters.add('Array(String)', values)}, 'Array(${quoted})')`,
    );
  }
  return parts.length === 1 ? (parts[0] ?? '0') : `(${parts.join(' OR ') || '0'})`;
}

function rangeSql(column: string, type: string, { low, high }: WrittenRange, parameters: Parameters): string {
  const above = low === undefined ? undefined : `${column} >= ${parameters.add(type, low)}`;
  const below = high === undefined ? undefined : `${column} <= ${parameters.add(type, high)}`;
  if (above !== undefined && below !== undefined) return `(${above} AND ${below})`;
  return above ?? below ?? '1';
}

/** Number columns; `decimal` bounds are in billionths. */
export function numberSql(label: Label, column: string, ranges: readonly Range[], parameters: Parameters): string {
  const { type } = fieldOf(label);
  const decimal = type === 'decimal';
  const write = (bound: bigint | undefined): string | undefined =>
    bound === undefined ? undefined : decimal ? writeBillionths(bound) : String(bound);
  const engineType = decimal ? 'Decimal(18, 9)' : type === 'unsigned' ? 'UInt64' : 'Int64';
  const written = ranges.map(({ low, high }) => ({ low: write(low), high: write(high) }));
  return rangesSql(column, engineType, written, parameters);
}

function writeBillionths(value: bigint): string {
  const digits = String(value < 0n ? -value : value).padStart(10, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

const billion = 1_000_000_000n;
const million = 1_000_000n;

/** What DateTime64 of nine places holds, in nanoseconds: 1900 to 2262. */
const instantMin = BigInt(Date.UTC(1900, 0, 1)) * million;
const instantMax = BigInt(Date.UTC(2262, 3, 11)) * million;

/** Instant columns: eventTime to the nanosecond, others to the millisecond. Bounds are in nanoseconds. */
export function instantSql(label: Label, column: string, ranges: readonly Range[], parameters: Parameters): string {
  const places = label === 'eventTime' ? 9 : 3;
  const written: WrittenRange[] = [];
  const step = places === 9 ? 1n : million;
  for (const { low = instantMin, high = instantMax } of ranges) {
    // The first and last of the column's own steps within the range.
    const from = -floorDivide(-low, step) * step;
    const to = floorDivide(high, step) * step;
    if (from > instantMax || to < instantMin || from > to) continue;
    written.push({
      low: from <= instantMin ? undefined : writeInstant(from, places),
      high: to >= instantMax ? undefined : writeInstant(to, places),
    });
  }
  return rangesSql(column, `DateTime64(${places}, 'UTC')`, written, parameters);
}

function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return quotient * divisor > value ? quotient - 1n : quotient;
}

function writeInstant(nanoseconds: bigint, places: number): string {
  const seconds = floorDivide(nanoseconds, billion);
  const date = new Date(Number(seconds) * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return `${date}.${String(nanoseconds - seconds * billion)
    .padStart(9, '0')
    .slice(0, places)}`;
}

/** Address columns. IPv4 stands in IPv6 columns in its mapped form, amid IPv6 addresses that are not meant. */
export function addressSql(
  label: Label,
  column: string,
  ranges: readonly AddressRange[],
  parameters: Parameters,
): string {
  const narrow = fieldOf(label).type === 'ipv4';
  const written: WrittenRange[] = [];
  for (const { family, first, last } of ranges) {
    if (narrow) {
      if (family === 4) written.push({ low: first.text, high: last.text });
    } else if (family === 4) written.push({ low: `::ffff:${first.text}`, high: `::ffff:${last.text}` });
    else if (isBeforeMapped(first.words) && !isBeforeMapped(last.words)) {
      written.push({ low: first.text, high: '::fffe:ffff:ffff' }, { low: '::1:0:0:0', high: last.text });
    } else written.push({ low: first.text, high: last.text });
  }
  return rangesSql(column, narrow ? 'IPv4' : 'IPv6', written, parameters);
}

/** Whether an IPv6 address comes before ::ffff:0:0/96. */
function isBeforeMapped([first, second, third]: readonly number[]): boolean {
  return first === 0 && second === 0 && (third ?? 0) < 0xffff;
}
