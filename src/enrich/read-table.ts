import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parse as parseCsv } from 'csv-parse';
import { AppError } from '#error';
import { readYaml } from '#yaml';
import { rowsMax, rowsPerTurn, rowsShownMax, tableBytesMax } from './limits.ts';
import type { FileContent } from './read-file.ts';

/** Text given to the parser at a time, in UTF-16 units. */
const pieceLength = 65_536;

/** Times the aliases of a YAML file may be followed. */
const aliasesMax = 100;

/** A row of a table, whatever it was written in. */
export interface Row {
  /** Line of a CSV file, else the number of the item; from 1. */
  readonly at: number;
  /** Values by folded column name: lower case, letters and digits only. */
  readonly values: ReadonlyMap<string, unknown>;
}

export interface Table {
  readonly rows: readonly Row[];
  /** Names of the columns as they are written; of objects, those of the first of them. */
  readonly columns: readonly string[];
  /** Rows left out because there are too many. */
  readonly exceeded: number;
}

/**
 * Reads a table: CSV or TSV with a head line, or JSON or YAML with a list of objects (or an object that holds one).
 * Throws `enrichment-file-invalid`.
 */
export async function readTable(content: FileContent): Promise<Table> {
  const text = decode(content);
  try {
    switch (formOf(content, text)) {
      case 'json':
        return await tableOf(content, JSON.parse(text));
      case 'jsonl':
        return await tableOf(
          content,
          text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line)])),
        );
      case 'yaml':
        return await tableOf(content, yamlOf(content, text));
      default:
        return await readCsv(text);
    }
  } catch (thrown) {
    throw asInvalid(content, thrown);
  }
}

/** Text of a file; a byte order mark is taken off, and what is not UTF-8 is refused. */
export function decode(content: FileContent): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content.bytes);
  } catch (cause) {
    throw invalid(content, 'it is not UTF-8 text', cause);
  }
}

/** Makes the error for a file that cannot be used. */
export function invalid(content: FileContent, why: string, cause?: unknown): AppError {
  return new AppError('enrichment-file-invalid', `${content.path} cannot be used: ${why}.`, {
    place: { file: content.path },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Gives what was thrown while a file was read as `enrichment-file-invalid`. */
export function asInvalid(content: FileContent, thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const words = thrown instanceof Error ? thrown.message.split('\n', 1)[0] : String(thrown);
  return invalid(content, words ?? 'it is damaged', thrown);
}

function yamlOf(content: FileContent, text: string): unknown {
  const { value, refusal } = readYaml(text, { lengthMax: tableBytesMax, aliasesMax });
  switch (refusal?.why) {
    case undefined:
      return value;
    case 'too-long':
      throw invalid(content, `it is longer than ${tableBytesMax} characters`);
    case 'too-deep':
      throw invalid(content, 'it is nested too deep');
    case 'syntax':
      throw invalid(content, refusal.message, refusal.errors[0]);
    case 'aliases':
      throw refusal.cause;
  }
}

/** Gives items one by one, and lets other work have its turn now and then: a large file must not hold events up. */
export async function* paced<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  let count = 0;
  for (const item of items) {
    if (++count % rowsPerTurn === 0) await nextTurn();
    yield item;
  }
}

type Form = 'json' | 'jsonl' | 'yaml' | 'csv';

function formOf(content: FileContent, text: string): Form {
  const { extension } = content;
  if (extension === 'yaml' || extension === 'yml') return 'yaml';
  if (extension === 'jsonl' || extension === 'ndjson') return 'jsonl';
  if (extension === 'json' || extension === 'stix') return 'json';
  if (extension === 'csv' || extension === 'tsv') return 'csv';
  return /^\s*[[{]/.test(text) ? 'json' : 'csv';
}

async function tableOf(content: FileContent, value: unknown): Promise<Table> {
  const items = listIn(value);
  if (items === undefined) throw invalid(content, 'it holds no list of objects');
  const rows: Row[] = [];
  const columns = new Map<string, string>();
  for (const [index, item] of items.slice(0, rowsMax).entries()) {
    if (index % rowsPerTurn === rowsPerTurn - 1) await nextTurn();
    if (typeof item !== 'object' || item === null || Array.isArray(item))
      throw invalid(content, `item ${index + 1} is no object`);
    rows.push({ at: index + 1, values: new Map(Object.entries(item).map(([key, one]) => [foldColumn(key), one])) });
    if (index < rowsShownMax) for (const key of Object.keys(item)) columns.set(foldColumn(key), key);
  }
  return { rows, columns: [...columns.values()], exceeded: Math.max(0, items.length - rowsMax) };
}

/** The list itself, or the only list an object holds. An empty file is an empty list. */
function listIn(value: unknown): readonly unknown[] | undefined {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object') return undefined;
  const lists = Object.values(value).filter((one) => Array.isArray(one));
  return lists.length === 1 ? lists[0] : undefined;
}

async function readCsv(text: string): Promise<Table> {
  const head =
    text
      .slice(0, 4096)
      .split('\n')
      .find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  let columns: readonly string[] = [];
  const parser = parseCsv({
    columns: (names: string[]) => {
      columns = names;
      return names.map(foldColumn);
    },
    delimiter: ['\t', ';', ','].find((one) => head.includes(one)) ?? ',',
    bom: true,
    trim: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    relax_column_count: true,
    comment: '#',
    comment_no_infix: true,
    info: true,
  });
  // In one piece the whole text would be parsed in one go, and nothing else had its turn.
  Readable.from(pieces(text)).pipe(parser);
  const rows: Row[] = [];
  let exceeded = 0;
  for await (const { record, info } of parser as AsyncIterable<{
    record: Record<string, string>;
    info: { lines: number };
  }>) {
    if (rows.length >= rowsMax) {
      exceeded++;
      continue;
    }
    rows.push({ at: info.lines, values: new Map(Object.entries(record)) });
  }
  return { rows, columns, exceeded };
}

/** Each piece waits for the others' turn: also where it holds no row, or more rows than are used. */
async function* pieces(text: string): AsyncGenerator<string> {
  for (let from = 0; from < text.length; from += pieceLength) {
    await nextTurn();
    yield text.slice(from, from + pieceLength);
  }
}

/** `Operating System`, `operating_system` and `operatingSystem` are one column. */
export function foldColumn(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
