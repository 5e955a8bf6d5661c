import { parseTime } from '#event';
import { periodColumns } from './columns.ts';
import type { Row } from './read-table.ts';

/** Reads the values of a row: columns go by several names, values come as text, number, flag or list. */

/** First text among some columns; undefined when all are empty. */
export function textIn(row: Row, ...columns: readonly string[]): string | undefined {
  for (const column of columns) {
    const value = row.values.get(column);
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  }
  return undefined;
}

/** All texts in some columns: a list, or one text with `;`, `|` or line breaks between the items. */
export function listIn(row: Row, separator: RegExp, ...columns: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (const column of columns) {
    const value = row.values.get(column);
    const items = Array.isArray(value) ? value : typeof value === 'string' ? value.split(separator) : [value];
    for (const item of items) {
      if (typeof item === 'string' && item.trim() !== '') found.push(item.trim());
      else if (typeof item === 'number') found.push(String(item));
    }
  }
  return found;
}

/** Separates addresses, tags and other words. */
export const words: RegExp = /[;|,\s]+/;
/** Separates DNs and sentences, which may hold commas and blanks. */
export const phrases: RegExp = /\s*[;|\n]\s*/;

const yes = new Set(['true', 'yes', 'y', '1', 'on']);
const no = new Set(['false', 'no', 'n', '0', 'off']);

/** A flag; undefined when the columns are empty or hold no flag. */
export function flagIn(row: Row, ...columns: readonly string[]): boolean | undefined {
  const word = textIn(row, ...columns)?.toLowerCase();
  if (word === undefined) return undefined;
  return yes.has(word) ? true : no.has(word) ? false : undefined;
}

/** A whole number between two bounds. */
export function numberIn(row: Row, least: number, most: number, ...columns: readonly string[]): number | undefined {
  const word = textIn(row, ...columns);
  if (word === undefined) return undefined;
  const value = Number(word);
  return Number.isInteger(value) && value >= least && value <= most ? value : undefined;
}

/** Period in which a row holds, in epoch milliseconds: from the first to just before the second. */
export interface Period {
  readonly from: number;
  readonly until: number;
}

/** Period a row states; undefined when a bound is no time. */
export function periodIn(row: Row, otherwiseUntil: number = Number.POSITIVE_INFINITY): Period | undefined {
  const from = instantIn(row, Number.NEGATIVE_INFINITY, ...periodColumns.from.names);
  const until = instantIn(row, otherwiseUntil, ...periodColumns.until.names);
  return Number.isNaN(from) || Number.isNaN(until) ? undefined : { from, until };
}

function instantIn(row: Row, otherwise: number, ...columns: readonly string[]): number {
  for (const column of columns) {
    const value = row.values.get(column);
    if (value === undefined || value === null || value === '') continue;
    if (value instanceof Date) return value.getTime();
    return instantOf(String(value));
  }
  return otherwise;
}

/** Epoch milliseconds of a time in any common form; NaN for anything else. */
export function instantOf(text: string): number {
  return parseTime(text)?.ms ?? Number.NaN;
}
