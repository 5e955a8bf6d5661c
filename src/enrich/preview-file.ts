import { AppError } from '#error';
import { checkDatabase } from './check-database.ts';
import { FirstRows } from './first-rows.ts';
import { probeAddresses } from './geography.ts';
import { noTerms } from './intelligence-lists.ts';
import type { KnownPart } from './knowledge.ts';
import { cellLengthMax, columnsShownMax, rowsShownMax } from './limits.ts';
import type { ListEntry } from './list-entry.ts';
import type { FileContent } from './read-file.ts';
import { readPart } from './read-part.ts';
import { decode, foldColumn } from './read-table.ts';
import type { SkippedRow } from './skipped-rows.ts';
import type { UploadPlace } from './upload-kinds.ts';

/** What would come of a file. */
export interface FilePreview {
  /** Whether it may take the place of what is in use. */
  readonly usable: boolean;
  /** Why not. */
  readonly reason?: string;
  /** Rows, blocks or indicators that would be used; of databases, 0. */
  readonly accepted: number;
  readonly skipped: number;
  readonly skippedRows: readonly SkippedRow[];
  /** Rows left out because there are too many. */
  readonly exceeded: number;
  /** Indicators that no label can match. */
  readonly unmatchable: number;
  /** Columns of the file that nothing reads. */
  readonly unread: readonly string[];
  readonly columns: readonly string[];
  /** The first rows, as they are written. */
  readonly rows: readonly PreviewRow[];
  /** Of databases: what they are, and when they were made (epoch milliseconds). */
  readonly database?: { readonly label: string; readonly builtAt: number };
}

export interface PreviewRow {
  readonly at: number;
  readonly cells: readonly string[];
}

/** The first rows of a file, and what its columns are. */
interface Head {
  readonly columns: readonly string[];
  readonly rows: readonly PreviewRow[];
  readonly unread: readonly string[];
}

const noHead: Head = { columns: [], rows: [], unread: [] };

/** Reads a file as it would be read in its place, and tells what would come of it. Changes nothing. */
export async function previewFile(place: UploadPlace, content: FileContent): Promise<FilePreview> {
  let part: KnownPart | undefined;
  let reason: string | undefined;
  const first = new FirstRows();
  try {
    if (place.fileKind === 'geography') await checkDatabase(content);
    part = await readPart(place.fileKind, content, noTerms, first);
    if (part.entries === 0 && part.kind !== 'geography' && !mayBeEmpty(part)) reason = 'It holds no row.';
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    reason = thrown.message;
  }
  const head = headOf(place, content, part, first);
  return {
    usable: reason === undefined,
    ...(reason === undefined ? {} : { reason }),
    accepted: part?.entries ?? 0,
    skipped: part?.skipped ?? 0,
    skippedRows: part?.skippedRows ?? [],
    exceeded: part?.exceeded ?? 0,
    unmatchable: part?.kind === 'intelligence' ? part.unmatchable : 0,
    ...head,
    ...(part?.kind === 'geography' ? { database: { label: part.source, builtAt: part.builtAt } } : {}),
  };
}

/** A list that is meant to be empty, and one whose entries cannot be matched here. */
function mayBeEmpty(part: KnownPart): boolean {
  return part.kind === 'intelligence' || part.kind === 'intelligence-ignore';
}

/** A file that cannot be used may still be shown: that is how one sees why. */
function headOf(
  place: UploadPlace,
  content: FileContent,
  part: KnownPart | undefined,
  { table, entries }: FirstRows,
): Head {
  try {
    if (part?.kind === 'geography') return headOfDatabase(part);
    if (entries !== undefined) return headOfList(entries);
    if (table !== undefined) return headOfTable(place, table);
    return place.columns.length === 0 && place.fileKind !== 'geography' ? headOfLines(content) : noHead;
  } catch (thrown) {
    if (thrown instanceof AppError) return noHead;
    throw thrown;
  }
}

function headOfTable(place: UploadPlace, { columns, rows }: NonNullable<FirstRows['table']>): Head {
  const known = new Set(place.columns.flatMap(({ names }) => names));
  const shown = columns.slice(0, columnsShownMax);
  return {
    columns: shown.map(short),
    rows: rows.map(({ at, values }) => ({
      at,
      cells: shown.map((name) => showCell(values.get(foldColumn(name)))),
    })),
    unread: columns
      .filter((name) => !known.has(foldColumn(name)))
      .slice(0, columnsShownMax)
      .map(short),
  };
}

function headOfList(entries: readonly ListEntry[]): Head {
  const rows = entries.map(({ at, value, confidence, severity, labels, until }) => {
    const cells = [value, confidence, severity, labels, until === undefined ? undefined : new Date(until)];
    return { at, cells: cells.map(showCell) };
  });
  return { columns: ['indicator', 'confidence', 'severity', 'labels', 'validUntil'], rows, unread: [] };
}

function headOfLines(content: FileContent): Head {
  const text = decode(content);
  const rows: PreviewRow[] = [];
  let line = 0;
  for (let from = 0; from < text.length && rows.length < rowsShownMax; ) {
    line++;
    const newline = text.indexOf('\n', from);
    const end = newline < 0 ? text.length : newline;
    const words = text.slice(from, Math.min(end, from + cellLengthMax * 2)).trim();
    from = end + 1;
    if (words !== '' && !words.startsWith('#')) rows.push({ at: line, cells: [short(words)] });
  }
  return { columns: ['line'], rows, unread: [] };
}

function headOfDatabase({ find }: Extract<KnownPart, { kind: 'geography' }>): Head {
  const rows: PreviewRow[] = [];
  for (const [index, address] of probeAddresses.entries()) {
    if (rows.length >= rowsShownMax) break;
    const place = find(address);
    if (place === undefined) continue;
    const { country, region, city, asn, asOrg } = place;
    rows.push({ at: index + 1, cells: [address.text, country, region, city, asn, asOrg].map(showCell) });
  }
  return { columns: ['address', 'country', 'region', 'city', 'asn', 'owner'], rows, unread: [] };
}

function showCell(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString();
  if (Array.isArray(value)) return short(value.slice(0, rowsShownMax).map(showPlain).join('; '));
  return short(showPlain(value));
}

/** What lies deeper is not shown: it may be without end, or lead back to where it came from. */
function showPlain(value: unknown): string {
  return typeof value === 'object' && value !== null ? '{…}' : String(value);
}

function short(text: string): string {
  return text.length <= cellLengthMax ? text : `${text.slice(0, cellLengthMax - 1)}…`;
}
