import { type Event, type Label, type Rec, type RecKey, type RecType, recKeyNames, recKeys } from '#event';
import type { Mapping, MappingRow } from '#source';

/** Fills an event from a record. */
export type MapRecord = (rec: Rec, event: Event) => void;

/** What one compiled row may call. */
type Change = NonNullable<MappingRow['as']>;

/** Only names of the dictionary and of record keys go into generated code; this is what such a name looks like. */
const plainName = /^[A-Za-z][A-Za-z0-9]*$/;

/**
 * Compiles a mapping to one function. Rows without `as` become assignments, so that a record costs no look-ups in
 * tables; rows with `as` become a call. Empty texts and lists leave their label absent.
 */
export function compileMapping(mapping: Mapping): MapRecord {
  const rows = rowsOf(mapping);
  const filled = new Set<Label>();
  const lines = rows.map((row, index) => {
    const line = compileRow(row, index, filled.has(row.to));
    filled.add(row.to);
    return line;
  });
  const names = rows.map((_, index) => `const as${index} = changes[${index}], otherwise${index} = others[${index}];`);
  const code = `'use strict';\n${names.join('\n')}\nreturn function mapRecord(rec, event) {\nlet value;\n${lines.join('\n')}\n};`;
  const create = new Function('changes', 'others', code) as (
    changes: (Change | undefined)[],
    others: unknown[],
  ) => MapRecord;
  return create(
    rows.map((row) => row.as),
    rows.map((row) => row.otherwise),
  );
}

/** All rows in the order in which they are asked: the guide's first. */
export function rowsOf(mapping: Mapping): readonly MappingRow[] {
  return [...mapping.guide, ...mapping.extended];
}

function compileRow(row: MappingRow, index: number, isSecond: boolean): string {
  const from = checkedName(row.from);
  const to = checkedName(row.to);
  const value = row.as === undefined ? 'value' : `as${index}(value, rec, event)`;
  const conditions = ['value !== undefined'];
  if (canBeEmpty(recKeys[row.from])) conditions.push('value.length !== 0');
  if (isSecond) conditions.push(`event.${to} === undefined`);
  const otherwise = row.otherwise === undefined ? '' : ` else event.${to} = otherwise${index};`;
  return `value = rec.${from}; if (${conditions.join(' && ')}) event.${to} = ${value};${otherwise}`;
}

function canBeEmpty(type: RecType): boolean {
  return type === 'text' || type === 'words';
}

function checkedName(name: string): string {
  if (!plainName.test(name)) throw new TypeError(`not a name: ${name}`);
  return name;
}

/** Keys that no row takes, none leaves on purpose, and the system labels do not use either. */
export function unmappedKeys(mapping: Mapping, used: ReadonlySet<RecKey>): readonly RecKey[] {
  const taken = new Set<RecKey>(rowsOf(mapping).map((row) => row.from));
  return recKeyNames.filter((key) => !taken.has(key) && !used.has(key) && mapping.left?.[key] === undefined);
}
