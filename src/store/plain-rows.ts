import type { Engine } from './engine.ts';
import type { ColumnBuilder } from './native/column.ts';
import { encodeBlock } from './native/encode-block.ts';
import { PlainIntegerColumn, PlainUnsignedColumn } from './native/number-columns.ts';
import { TextColumn } from './native/text-column.ts';

type Cell = string | number;

function builderOf(type: string): ColumnBuilder<Cell> {
  const builder =
    type === 'UInt64' ? new PlainUnsignedColumn() : type === 'Int64' ? new PlainIntegerColumn() : new TextColumn();
  return builder as ColumnBuilder<never> as ColumnBuilder<Cell>;
}

/** Puts a few rows into one of the small tables. Columns are those of its definition: texts, `Int64`, `UInt64`. */
export async function insertRows(
  engine: Engine,
  table: string,
  columns: readonly { readonly name: string; readonly type: string }[],
  rows: readonly Readonly<Record<string, Cell>>[],
  token: string,
): Promise<void> {
  if (rows.length === 0) return;
  const named = columns.map(({ name, type }) => ({ name, builder: builderOf(type) }));
  for (const [at, row] of rows.entries()) {
    for (const { name, builder } of named) builder.put(at, row[name] ?? '');
  }
  await engine.insert({
    table: `${engine.database}.${table}`,
    columns: named.map(({ name, builder }) => ({ name, type: builder.type })),
    parts: encodeBlock(named, rows.length),
    token,
  });
}
