import { type EventValue, type Label, labels } from '#event';
import { columnOf } from './columns.ts';
import { splitList } from './joined-list.ts';
import type { CellValue, DecodedBlock, DecodedColumn } from './native/decode-block.ts';
import type { StoredEvent } from './store.ts';

/** What must be read, besides the labels asked for, to go on after a row. */
const identityLabels: readonly Label[] = ['eventTime', 'stream', 'generation', 'position'];

/** Labels in dictionary order, each once. */
export function inOrder(wanted: readonly Label[] | undefined): readonly Label[] {
  if (wanted === undefined) return labels;
  const set = new Set(wanted);
  return labels.filter((label) => set.has(label));
}

/** Columns to select for the labels wanted: kept ones, and the identity. Computed labels are made here, not there. */
export function selectList(wanted: readonly Label[], also: readonly Label[] = []): string {
  const kept = wanted.map(columnOf).filter(({ storage }) => storage !== 'computed');
  const names = new Set<string>([
    ...identityLabels,
    ...also,
    ...kept.map((column) => column.kept?.name ?? column.label),
  ]);
  return [...names].join(', ');
}

type Read = (row: number) => EventValue | undefined;

function isAbsent(value: CellValue | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

function readPlain(column: DecodedColumn): Read {
  return (row) => {
    const value = column.values[row];
    return isAbsent(value) ? undefined : (value as EventValue);
  };
}

/** Rows of one answer share few lists: each is taken apart once. */
function readJoined(column: DecodedColumn): Read {
  const lists = new Map<CellValue, readonly string[]>();
  return (row) => {
    const value = column.values[row];
    if (typeof value !== 'string' || value === '') return undefined;
    const list = lists.get(value) ?? splitList(value);
    lists.set(value, list);
    return list;
  };
}

function reading(label: Label, columns: ReadonlyMap<string, DecodedColumn>): Read | undefined {
  const cell = (name: Label, row: number): CellValue | undefined => columns.get(name)?.values[row];
  if (label === 'eventId') return (row) => `${cell('stream', row)}-${cell('generation', row)}-${cell('position', row)}`;
  if (label === 'eventNanos') return (row) => columns.get('eventTime')?.nanos?.[row] || undefined;
  const { kept, storage } = columnOf(label);
  const column = columns.get(kept?.name ?? label);
  if (column === undefined || column.empty === true) return undefined;
  return kept !== undefined && storage === 'list' ? readJoined(column) : readPlain(column);
}

/** Makes events of an answer: only the labels wanted, and of those only what is there. */
export function eventRows(block: DecodedBlock, wanted: readonly Label[]): readonly StoredEvent[] {
  const columns = new Map(block.columns.map((column) => [column.name, column]));
  const reads = wanted.flatMap((label) => {
    const read = reading(label, columns);
    return read === undefined ? [] : [{ label, read }];
  });
  return Array.from({ length: block.rows }, (_, row) => {
    const event: Record<string, EventValue> = {};
    for (const { label, read } of reads) {
      const value = read(row);
      if (value !== undefined) event[label] = value;
    }
    return event as StoredEvent;
  });
}
