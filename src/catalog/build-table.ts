import type { CreateTableBuilder } from 'kysely';

/** A table that is being made. */
export type NewTable = CreateTableBuilder<string, string>;

/** Adds columns that always have a value. */
export function full(table: NewTable, type: 'text' | 'bigint' | 'integer', ...names: readonly string[]): NewTable {
  return names.reduce<NewTable>((made, name) => made.addColumn(name, type, (column) => column.notNull()), table);
}

/** Adds columns that may have none. */
export function sparse(table: NewTable, type: 'text' | 'bigint', ...names: readonly string[]): NewTable {
  return names.reduce<NewTable>((made, name) => made.addColumn(name, type), table);
}

/** Adds the text column that is the key. */
export function keyed(table: NewTable, name: string): NewTable {
  return table.addColumn(name, 'text', (column) => column.primaryKey().notNull());
}
