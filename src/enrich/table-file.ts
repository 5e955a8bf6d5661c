import { readFileSync, statSync } from 'node:fs';
import { parse as parseCsv } from 'csv-parse/sync';
import { parse as parseYaml } from 'yaml';
import { AppError } from '#error';

/** Largest file read, and most rows of one. */
const fileBytesMax = 256 * 1024 * 1024;
const rowsMax = 2_000_000;

/** One row of a table: column names in lower case without blanks, dashes and underscores. */
export type Row = Readonly<Record<string, string>>;

/** Reads a table of a file: CSV with a head line, or JSON or YAML with a list of objects. Throws `enrichment-file`. */
export function readTable(path: string): readonly Row[] {
  const text = readText(path);
  try {
    const rows = path.endsWith('.csv') ? readCsv(text) : readObjects(path.endsWith('.json') ? JSON.parse(text) : parseYaml(text));
    if (rows.length > rowsMax) throw new Error(`it has ${rows.length} rows, more than ${rowsMax}`);
    return rows;
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const why = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new AppError('enrichment-file', `The file cannot be read as a table: ${why}.`, { place: { file: path }, cause });
  }
}

/** Reads a text file of bounded size. Throws `enrichment-file`. */
export function readText(path: string): string {
  try {
    const { size } = statSync(path);
    if (size > fileBytesMax) throw new Error(`it has ${size} bytes, more than ${fileBytesMax}`);
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AppError('enrichment-file', `The file cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`, { place: { file: path }, cause });
  }
}

function readCsv(text: string): Row[] {
  const rows: unknown = parseCsv(text, { bom: true, columns: (names: string[]) => names.map(columnName), skip_empty_lines: true, trim: true, comment: '#', comment_no_infix: true });
  return readObjects(rows);
}

function readObjects(value: unknown): Row[] {
  if (!Array.isArray(value)) throw new Error('a list of objects is expected');
  return value.map((one: unknown, index) => {
    if (typeof one !== 'object' || one === null) throw new Error(`entry ${index + 1} is no object`);
    return Object.fromEntries(Object.entries(one).map(([key, entry]) => [columnName(key), cellOf(entry)]));
  });
}

function cellOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(cellOf).join(';');
  return value === null || value === undefined ? '' : String(value);
}

function columnName(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, '');
}

/** The first of several columns that holds something. */
export function cell(row: Row, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = row[name];
    if (value !== undefined && value !== '') return value;
  }
  return undefined;
}

/** A cell of several values, separated by `;` or `|`. */
export function cells(row: Row, ...names: readonly string[]): readonly string[] {
  return (cell(row, ...names) ?? '').split(/[;|]/).map((value) => value.trim()).filter((value) => value !== '');
}

/** Whether a cell says yes. */
export function isYes(value: string | undefined): boolean {
  return value !== undefined && /^(?:true|yes|1|y|x)$/i.test(value);
}

/** Epoch milliseconds of a date in a cell; undefined when there is none. */
export function dateOf(value: string | undefined): number | undefined {
  const time = value === undefined ? Number.NaN : Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}
