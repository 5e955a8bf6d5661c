import { encodeText } from '#event';
import type { Condition } from '#query';
import { compileSql } from './sql/index.ts';

/** Text and parameters of a part of a question. */
export interface SqlPart {
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A window of time: `from` ≤ eventTime < `to`, epoch milliseconds. */
export interface Window {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** An instant of whole milliseconds as the column's type, so that the primary key is of use. */
export function instantParameter(name: string): string {
  return `fromUnixTimestamp64Milli({${name}:Int64}, 'UTC')`;
}

/** A text parameter that carries any bytes, for texts that come from stored events. */
export function bytesParameter(name: string): string {
  return `unhex({${name}:String})`;
}

/** Value of a {@link bytesParameter}. */
export function bytesValue(text: string): string {
  return encodeText(text).toString('hex');
}

/** The condition and the window as one expression. */
export function whereOf(condition: Condition, window: Window): SqlPart {
  const { where, params } = compileSql(condition);
  const parts: string[] = [];
  const values: Record<string, unknown> = { ...params };
  if (window.from !== undefined) {
    parts.push(`eventTime >= ${instantParameter('windowFrom')}`);
    values['windowFrom'] = String(Math.ceil(window.from));
  }
  if (window.to !== undefined) {
    parts.push(`eventTime < ${instantParameter('windowTo')}`);
    values['windowTo'] = String(Math.ceil(window.to));
  }
  if (condition.kind !== 'always' || parts.length === 0) parts.push(`(${where})`);
  return { sql: parts.join(' AND '), params: values };
}
