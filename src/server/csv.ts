import { type EventValue, fieldOf, type Label } from '#event';

/**
 * Characters with which a spreadsheet begins a formula, also in their full-width forms; tab and line ends hide one
 * behind blank space.
 */
const formulaStart = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;
const needsQuotes = /[",\r\n\t;]|^\s|\s$/;
const escapedByte = /[\udc80-\udcff]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const control = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g;

/** The header row of an export. */
export function csvHeader(labels: readonly Label[]): string {
  return `${labels.join(',')}\r\n`;
}

/**
 * One event as a row (RFC 4180). A text that a spreadsheet would take for a formula gets an apostrophe in front; numbers
 * cannot be one. Times are ISO 8601 in UTC, to the nanosecond. Bytes that are not UTF-8, and control characters, are
 * written as `\xNN`. Several values stand one behind the other, joined by `; `.
 */
export function csvRow(
  event: Readonly<Partial<Record<Label, EventValue | undefined>>>,
  labels: readonly Label[],
): string {
  return `${labels.map((label) => csvCell(label, event[label], event.eventNanos)).join(',')}\r\n`;
}

function csvCell(label: Label, value: EventValue | undefined, nanos: EventValue | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') {
    return fieldOf(label).type === 'instant'
      ? isoTime(value, label === 'eventTime' ? nanos : undefined)
      : String(value);
  }
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return csvText(value);
  return csvText(value.join('; '));
}

/** A text as one cell, safe to open in a spreadsheet. */
export function csvText(value: string): string {
  const shown = value
    .replace(escapedByte, (byte) => hex(byte.charCodeAt(0) - 0xdc00))
    .replace(control, (byte) => hex(byte.charCodeAt(0)));
  const safe = formulaStart.test(shown) ? `'${shown}` : shown;
  return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function hex(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

/** Largest time a date can hold, in milliseconds from the epoch. */
const timeMax = 8.64e15;

function isoTime(milliseconds: number, nanos: EventValue | undefined): string {
  if (!(Math.abs(milliseconds) <= timeMax)) return String(milliseconds);
  const iso = new Date(milliseconds).toISOString();
  return typeof nanos === 'number' && nanos > 0 ? `${iso.slice(0, -1)}${String(nanos).padStart(6, '0')}Z` : iso;
}
