import type { Label } from '#event';
import type { Question } from '#query';
import type { Sort } from '#store';

/** What a question is asked for. */
export interface ExplainOptions {
  readonly count: boolean;
  readonly fields: readonly Label[] | undefined;
  readonly groupBy: readonly Label[] | undefined;
  readonly sort: Sort | undefined;
  readonly limit: number | undefined;
}

/** Shows the SQL of a question and its parameters: what the user wrote is in the parameters, never in the text. */
export async function explain({ condition, from, to }: Question, options: ExplainOptions): Promise<string> {
  const { whereOf } = await import('#store');
  const { sql, params } = whereOf(condition, { from, to });
  const lines = [`SELECT ${columnsOf(options)}`, 'FROM events', `WHERE ${sql}`, ...endOf(options)];
  const width = Math.max(0, ...Object.keys(params).map((name) => name.length));
  const values = Object.entries(params).map(([name, value]) => `--   ${name.padEnd(width)} = ${JSON.stringify(value)}`);
  return `${[...lines, ...(values.length > 0 ? ['-- parameters:', ...values] : [])].join('\n')}\n`;
}

function columnsOf({ count, fields, groupBy }: ExplainOptions): string {
  if (count) return 'count()';
  if (groupBy !== undefined) return `${groupBy.join(', ')}, count(), min(eventTime), max(eventTime)`;
  return fields?.join(', ') ?? '*';
}

function endOf({ count, groupBy, sort, limit }: ExplainOptions): string[] {
  if (count) return [];
  const rows = limit === undefined ? [] : [`LIMIT ${limit}`];
  if (groupBy !== undefined) return [`GROUP BY ${groupBy.join(', ')}`, 'ORDER BY count() DESC', ...rows];
  const { label, order } = sort ?? { label: 'eventTime', order: 'descending' };
  return [`ORDER BY ${label} ${order === 'descending' ? 'DESC' : 'ASC'}`, ...rows];
}
