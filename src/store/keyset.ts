import { AppError } from '#error';
import type { Label } from '#event';
import { columnOf, type Storage } from './columns.ts';
import type { Place } from './cursor.ts';
import type { CellValue } from './native/decode-block.ts';
import type { Sort } from './store.ts';
import { bytesParameter, bytesValue, type SqlPart } from './where.ts';

/** How a sorted label's value comes back as a parameter of its own type. */
const valueParameter: Readonly<Record<Exclude<Storage, 'list' | 'computed' | 'nanosecond'>, string>> = {
  words: bytesParameter('placeValue'),
  text: bytesParameter('placeValue'),
  unsigned: '{placeValue:UInt64}',
  integer: '{placeValue:Int64}',
  decimal: '{placeValue:Decimal(18, 9)}',
  boolean: "({placeValue:String} = 'true')",
  instant: "fromUnixTimestamp64Milli({placeValue:Int64}, 'UTC')",
  address: 'toIPv6({placeValue:String})',
  ipv4: 'toIPv4({placeValue:String})',
  position: '{placeValue:UInt64}',
  number: '{placeValue:Int64}',
};

/** What rows of equal value follow one another by: it is different for each. */
const ties = 'eventTime, stream, generation, position';
const tiesOfPlace =
  "fromUnixTimestamp64Nano({placeTime:Int64}, 'UTC'), unhex({placeStream:String}), {placeGeneration:Int64}, {placePosition:UInt64}";

/** Columns that must be read to sort by a label, and to go on after a row. */
export function sortLabels(sort: Sort): readonly Label[] {
  return isByTime(sort) ? [] : [sort.label];
}

/** True when rows come in order of time. */
export function isByTime(sort: Sort): boolean {
  return sort.label === 'eventTime';
}

function parameterOf(label: Label): string {
  const { storage } = columnOf(label);
  if (storage === 'list' || storage === 'computed' || storage === 'nanosecond') {
    throw new AppError('option-invalid', `Rows cannot be sorted by ${label}.`, {
      place: { field: label },
      hint: 'Sort by a label with one value, such as eventTime, duration or boundDn.',
    });
  }
  return valueParameter[storage];
}

/** Stands where a label is never absent. */
const never = '0';

/** An expression that is 1 where the label is absent. */
export function absentSql(label: Label, value: string = label): string {
  const { type } = columnOf(label);
  if (type.startsWith('Nullable(')) return `isNull(${value})`;
  return type.includes('String') ? `(${value} = '')` : never;
}

/** `ORDER BY` of a sort; rows without the label come last. */
export function orderOf(sort: Sort): string {
  const direction = sort.order === 'ascending' ? 'ASC' : 'DESC';
  const tied = ties
    .split(', ')
    .map((name) => `${name} ${direction}`)
    .join(', ');
  if (isByTime(sort)) return tied;
  parameterOf(sort.label);
  const absent = absentSql(sort.label);
  return `${absent === never ? '' : `${absent} ASC, `}${sort.label} ${direction}, ${tied}`;
}

/** Condition for the rows behind a place. */
export function behind(place: Place, sort: Sort): SqlPart {
  const sign = sort.order === 'ascending' ? '>' : '<';
  const tied = `(${ties}) ${sign} (${tiesOfPlace})`;
  const params = {
    placeTime: place.time,
    placeStream: bytesValue(place.stream),
    placeGeneration: String(place.generation),
    placePosition: String(place.position),
  };
  if (isByTime(sort)) return { sql: tied, params };
  const absent = absentSql(sort.label);
  if (place.value === null) return { sql: `(${absent} AND ${tied})`, params };
  const value = parameterOf(sort.label);
  const label = `assumeNotNull(${sort.label})`;
  const isText = /^(words|text)$/.test(columnOf(sort.label).storage);
  return {
    sql: `(${absent} OR ${label} ${sign} ${value} OR (${label} = ${value} AND ${tied}))`,
    params: { ...params, placeValue: isText ? bytesValue(place.value) : place.value },
  };
}

/** Value of a sorted label as the cursor carries it. */
export function placeValue(label: Label, cell: CellValue | undefined): string | null {
  if (cell === undefined || cell === null || cell === '') return null;
  return columnOf(label).storage === 'decimal' && typeof cell === 'number' ? cell.toFixed(9) : String(cell);
}
