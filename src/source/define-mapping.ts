import { AppError } from '#error';
import { type Field, type FieldType, fieldOf, findLabel, type RecType, recKeys } from '#event';
import type { Mapping, MappingRow } from './mapping.ts';

/** Field types that take a value of a record as it is. */
const takenAsIs: Readonly<Record<RecType, ReadonlySet<FieldType>>> = {
  number: new Set(['instant', 'unsigned', 'integer', 'decimal']),
  unsigned: new Set(['unsigned']),
  text: new Set(['dn', 'filter', 'enum', 'identifier', 'text']),
  boolean: new Set(['boolean']),
  words: new Set(['enum', 'identifier', 'text']),
};

/**
 * States a mapping and checks it once, where it is written: labels and keys exist, guide rows give guide labels, and a
 * row without `as` does not change the type of a value. Throws `mapping-wrong`.
 */
export function defineMapping(mapping: Mapping): Mapping {
  for (const row of mapping.guide) {
    checkRow(row);
    if (fieldOf(row.to).group !== 'guide') fail(row, 'is a guide row, but its label is none of the guide');
  }
  for (const row of mapping.extended) {
    checkRow(row);
    if (fieldOf(row.to).group === 'guide') fail(row, 'gives a label of the guide, so it belongs to the guide rows');
  }
  return mapping;
}

function checkRow(row: MappingRow): void {
  if (findLabel(row.to) !== row.to) fail(row, 'names a label that the dictionary does not have');
  const recType: RecType | undefined = recKeys[row.from];
  if (recType === undefined) fail(row, 'names a key that no record has');
  if (row.as !== undefined) return;
  const field: Field = fieldOf(row.to);
  if (!takenAsIs[recType].has(field.type) || (recType === 'words') !== (field.many === true)) {
    fail(row, `takes a ${recType} as it is, but the label holds ${field.many === true ? 'several ' : ''}${field.type}`);
  }
}

function fail(row: MappingRow, why: string): never {
  throw new AppError('mapping-wrong', `The mapping row from ${row.from} to ${row.to} ${why}.`, {
    place: { field: row.to, found: row.from },
  });
}
