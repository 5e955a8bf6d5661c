import { rowsShownMax } from './limits.ts';
import type { ListEntry } from './list-entry.ts';
import type { Table } from './read-table.ts';

/** The first rows of a file, kept while it is read: also of one that then cannot be used. */
export class FirstRows {
  #table: Pick<Table, 'columns' | 'rows'> | undefined;
  #entries: ListEntry[] | undefined;

  /** Columns and first rows; undefined where no table was read. */
  get table(): Pick<Table, 'columns' | 'rows'> | undefined {
    return this.#table;
  }

  /** First entries of a list; undefined where none was read. */
  get entries(): readonly ListEntry[] | undefined {
    return this.#entries;
  }

  keepTable({ columns, rows }: Table): void {
    this.#table = { columns, rows: rows.slice(0, rowsShownMax) };
  }

  /** Gives the entries on, one by one. */
  keepEntries(entries: Iterable<ListEntry>): Iterable<ListEntry> {
    const first: ListEntry[] = [];
    this.#entries = first;
    return passed(entries, first);
  }
}

function* passed(entries: Iterable<ListEntry>, first: ListEntry[]): Generator<ListEntry> {
  for (const entry of entries) {
    if (first.length < rowsShownMax) first.push(entry);
    yield entry;
  }
}
