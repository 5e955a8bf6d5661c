import type { ClickHouseClient } from '@clickhouse/client';

/** Bytes to put into a table: one block of the `Native` format. */
export interface NativeInsert {
  /** Table, with its database. */
  readonly table: string;
  /** Columns of the block with their types, in its order. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Column of the block (`UInt8`) that marks rows to leave out; it is no column of the table. */
  readonly skip?: string;
  readonly parts: readonly Uint8Array[];
  /** Says what the block holds: a block said before is not stored again. */
  readonly token: string;
  /** Called when the bytes are no longer needed, which may be long before the insert is done. */
  readonly taken?: () => void;
}

/** What differs between the engine in this process and a server: connections, and how bytes get there. */
export interface Engine {
  readonly kind: 'embedded' | 'remote';
  /** Directory or URL, without password. */
  readonly place: string;
  readonly database: string;
  /** Cluster the tables are spread over. */
  readonly cluster: string | undefined;
  /** True when nobody else can write: what was once seen of the store stays true. */
  readonly exclusive: boolean;
  /** For changes of tables and small writes. */
  readonly control: ClickHouseClient;
  /** For `KILL QUERY`: never busy for long. */
  readonly killer: ClickHouseClient;
  /** Connections that can only read, within the limits; one query at a time each. */
  readonly readers: readonly ClickHouseClient[];
  /** For what writing must know first: reads, but without the limits on what users may ask. */
  readonly checker: ClickHouseClient;
  /** Resolves when the block is durable. */
  insert(insert: NativeInsert): Promise<void>;
  /** Where backups go: `File('…')` or `Disk('backups', '…')`; the name is checked. */
  backupTarget(name: string): string;
  /** Free bytes where the data lies, when known. */
  freeBytes(): Promise<number | undefined>;
  close(): Promise<void>;
}

/** Puts a text into SQL as a literal. Only for texts of the operator (paths) and of the program; users' go as parameters. */
export function quoteText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** The statement of an insert, given what stands for the block: a file, or the body of the request. */
export function insertStatement(insert: NativeInsert, from: (structure: string) => string): string {
  const names = insert.columns.map(({ name }) => name).filter((name) => name !== insert.skip);
  const structure = insert.columns.map(({ name, type }) => `${name} ${type}`).join(', ');
  const where = insert.skip === undefined ? '' : ` WHERE ${insert.skip} = 0`;
  const list = names.join(', ');
  return `INSERT INTO ${insert.table} (${list}) SELECT ${list} FROM ${from(quoteText(structure))}${where}`;
}
