import { Bytes } from './bytes.ts';
import type { ColumnBuilder } from './column.ts';

/** A column with its name in the table. */
export interface NamedColumn {
  readonly name: string;
  readonly builder: Pick<ColumnBuilder<never>, 'type' | 'finish'>;
}

/** Encodes columns as one block of the engine's `Native` format: counts, then name, type and values of each column. */
export function encodeBlock(columns: readonly NamedColumn[], rows: number): readonly Uint8Array[] {
  const head = new Bytes(16);
  head.varint(columns.length);
  head.varint(rows);
  const parts: Uint8Array[] = [head.view()];
  for (const { name, builder } of columns) {
    const title = new Bytes(64);
    title.text(name);
    title.text(builder.type);
    parts.push(title.view(), ...builder.finish(rows));
  }
  return parts;
}
