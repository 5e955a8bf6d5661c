import { type EventValue, fieldOf, type Label, zoneOffset } from '#event';
import { terminalText } from './terminal-text.ts';

/** A value as a person reads it, safe for a terminal: times in a zone, lists with commas. */
export function showValue(label: Label, value: EventValue | undefined, zone: string): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((one) => terminalText(String(one))).join(', ');
  if (typeof value === 'number') {
    const { type } = fieldOf(label);
    if (type === 'instant') return showTime(value, zone);
    return type === 'decimal' ? trimDecimals(value) : String(value);
  }
  return terminalText(String(value));
}

/** A time in a zone, to the millisecond: `2026-11-24 08:47:08.989`. */
export function showTime(epochMs: number, zone: string): string {
  const local = new Date(epochMs + (zoneOffset(epochMs, zone) ?? 0));
  return Number.isNaN(local.getTime()) ? String(epochMs) : local.toISOString().replace('T', ' ').replace('Z', '');
}

/** Up to nine decimals, without the zeros at the end. */
function trimDecimals(value: number): string {
  return value.toFixed(9).replace(/\.?0+$/, '');
}
