import type { EventValue, Label } from '#event';
import { labels as allLabels, fieldOf } from '#event';
import type { Row } from './answers.ts';
import type { LineOutput } from './line-output.ts';
import type { OutputFormat } from './output-formats.ts';
import { showValue } from './show-value.ts';
import { TableOutput } from './table-output.ts';

/** Writes rows in one of the forms, one by one. */
export interface RowOutput {
  row(row: Row): void;
  end(): void;
}

/** Choices for the output of rows. */
export interface RowOutputOptions {
  readonly format: OutputFormat;
  /** Labels asked for; undefined: what an event has, or what suits a table. */
  readonly fields: readonly Label[] | undefined;
  readonly zone: string;
  /** Columns of the terminal; undefined when it is none. */
  readonly width: number | undefined;
}

/** What a table shows unless told otherwise, the most telling first; columns without a value are left out. */
export const tableFields: readonly Label[] = [
  'eventTime',
  'eventSubType',
  'sourceIp',
  'boundDn',
  'distinguishedName',
  'resultName',
  'requestType',
  'searchFilter',
  'requestContext',
  'message',
  'sessionId',
];

/** Makes the output for a form. */
export async function createRowOutput(options: RowOutputOptions, out: LineOutput): Promise<RowOutput> {
  if (options.format === 'table') return tableOutput(options, out);
  if (options.format === 'csv') return csvOutput(options.fields ?? allLabels, out);
  return options.format === 'json' ? jsonOutput(out) : ndjsonOutput(out);
}

function ndjsonOutput(out: LineOutput): RowOutput {
  return { row: (row) => out.write(`${JSON.stringify(row)}\n`), end: () => {} };
}

function jsonOutput(out: LineOutput): RowOutput {
  let first = true;
  return {
    row(row) {
      out.write(`${first ? '[\n' : ',\n'}${JSON.stringify(row)}`);
      first = false;
    },
    end: () => out.write(first ? '[]\n' : '\n]\n'),
  };
}

async function csvOutput(fields: readonly Label[], out: LineOutput): Promise<RowOutput> {
  // One way to write CSV, the API's; it is loaded only here, because the server is large.
  const { csvHeader, csvRow } = await import('#server');
  let begun = false;
  const begin = (): void => {
    if (!begun) out.write(csvHeader(fields));
    begun = true;
  };
  return {
    row(row) {
      begin();
      out.write(csvRow(row, fields));
    },
    end: begin,
  };
}

function tableOutput({ fields, zone, width }: RowOutputOptions, out: LineOutput): RowOutput {
  const shown = fields ?? tableFields;
  const columns = shown.map((label) => ({ title: label, right: isNumber(label), optional: fields === undefined }));
  const table = new TableOutput(columns, out, width);
  return {
    row: (row) => table.row(shown.map((label) => showValue(label, row[label], zone))),
    end: () => table.end(),
  };
}

function isNumber(label: Label): boolean {
  const { type } = fieldOf(label);
  return type === 'unsigned' || type === 'integer' || type === 'decimal';
}

/** A group of events as rows of an output see it. */
export interface GroupRow {
  readonly values: readonly (EventValue | undefined)[];
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

/** Writes groups: the values, how many events there are, and the times of the oldest and the newest. */
export async function writeGroups(
  groups: readonly GroupRow[],
  labels: readonly Label[],
  { format, zone, width }: Omit<RowOutputOptions, 'fields'>,
  out: LineOutput,
): Promise<void> {
  if (format === 'json' || format === 'ndjson') {
    const output = format === 'json' ? jsonOutput(out) : ndjsonOutput(out);
    for (const { values, count, first, last } of groups) {
      const named = Object.fromEntries(labels.map((label, at) => [label, values[at]]));
      output.row({ ...named, count, first, last } as Row);
    }
    output.end();
    return;
  }
  if (format === 'csv') {
    const { csvRow } = await import('#server');
    out.write(`${[...labels, 'events', 'first', 'last'].join(',')}\r\n`);
    for (const { values, count, first, last } of groups) {
      const row = Object.fromEntries(labels.map((label, at) => [label, values[at]]));
      const times = [first, last].map((time) => new Date(time).toISOString());
      out.write(`${csvRow(row, labels).trimEnd()},${count},${times.join(',')}\r\n`);
    }
    return;
  }
  const columns = [
    ...labels.map((label) => ({ title: label, right: isNumber(label), optional: false })),
    { title: 'events', right: true, optional: false },
    { title: 'first', right: false, optional: false },
    { title: 'last', right: false, optional: false },
  ];
  const table = new TableOutput(columns, out, width);
  for (const { values, count, first, last } of groups) {
    const cells = labels.map((label, at) => showValue(label, values[at], zone));
    table.row([...cells, String(count), showValue('eventTime', first, zone), showValue('eventTime', last, zone)]);
  }
  table.end();
}
