/** An event as the API gives it: the labels it has. Values are looked at where they are used. */
export type EventLabels = Readonly<Record<string, unknown>>;

/** Gives a label's text; undefined when there is none. Numbers become text. */
export function textOf(event: EventLabels, label: string): string | undefined {
  const value = event[label];
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** Gives a label's number; counts above 2^53 come as text and lose their last digits here. */
export function numberOf(event: EventLabels, label: string): number | undefined {
  const value = event[label];
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** Gives a label's values as texts: none, one, or several. */
export function textsOf(event: EventLabels, label: string): string[] {
  const value = event[label];
  if (Array.isArray(value)) return value.map(showValue);
  return value === undefined || value === null ? [] : [showValue(value)];
}

/** Gives a value as text. */
export function showValue(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  return value === undefined || value === null ? '' : JSON.stringify(value);
}
