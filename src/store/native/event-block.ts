import type { Event, Label } from '#event';
import { type Column, keptColumns, type Storage } from '../columns.ts';
import { AddressColumn } from './address-column.ts';
import type { ColumnBuilder } from './column.ts';
import type { NamedColumn } from './encode-block.ts';
import { JoinedListColumn } from './joined-list-column.ts';
import { ListColumn } from './list-column.ts';
import {
  BooleanColumn,
  DecimalColumn,
  InstantColumn,
  IntegerColumn,
  NanosecondColumn,
  PlainIntegerColumn,
  PlainUnsignedColumn,
  UnsignedColumn,
} from './number-columns.ts';
import { TextColumn } from './text-column.ts';
import { WordsColumn } from './words-column.ts';

const builderOf: Readonly<Record<Exclude<Storage, 'computed'>, () => ColumnBuilder<never>>> = {
  words: () => new WordsColumn(),
  text: () => new TextColumn(),
  list: () => new ListColumn(),
  unsigned: () => new UnsignedColumn(),
  integer: () => new IntegerColumn(),
  decimal: () => new DecimalColumn(),
  boolean: () => new BooleanColumn(),
  instant: () => new InstantColumn(),
  nanosecond: () => new NanosecondColumn(),
  address: () => new AddressColumn(false),
  ipv4: () => new AddressColumn(true),
  position: () => new PlainUnsignedColumn(),
  number: () => new PlainIntegerColumn(),
};

function builderFor({ storage, kept }: Column): ColumnBuilder<never> {
  if (storage === 'computed') throw new TypeError('a computed column cannot be filled');
  return storage === 'list' && kept !== undefined ? new JoinedListColumn() : builderOf[storage]();
}

type Fill = (row: number, event: Event) => void;

interface EventColumn extends NamedColumn {
  readonly label: Label;
  readonly builder: ColumnBuilder<never>;
}

/**
 * Makes the function that puts an event into the columns. It is written out label by label: one property access of a
 * fixed name each, which the engine of the language makes nearly free for absent labels; a loop over names would cost
 * more than everything else together.
 */
function compileFill(eventColumns: readonly EventColumn[]): Fill {
  const lines = eventColumns.map(({ label }, at) =>
    label === 'eventTime'
      ? `c${at}.putNanos(row, event.eventTime, event.eventNanos === undefined ? 0 : event.eventNanos);`
      : `v = event.${label}; if (v !== undefined) c${at}.put(row, v);`,
  );
  const names = eventColumns.map((_, at) => `c${at}`);
  const make = new Function(...names, `return function fill(row, event) { let v; ${lines.join('\n')} };`);
  return make(...eventColumns.map(({ builder }) => builder)) as Fill;
}

/** Events as columns, until they are encoded into one block of the `Native` format. */
export class EventBlock {
  readonly #columns: readonly EventColumn[];
  readonly #fill: Fill;
  readonly #raw: TextColumn;
  #rows = 0;
  #unfitBefore = 0;

  constructor() {
    this.#columns = keptColumns.map((column) => ({
      label: column.label,
      name: column.kept?.name ?? column.label,
      builder: builderFor(column),
    }));
    this.#fill = compileFill(this.#columns);
    const raw = this.#columns.find(({ name }) => name === 'rawEvent')?.builder;
    if (!(raw instanceof TextColumn)) throw new TypeError('rawEvent is no text column');
    this.#raw = raw;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Bytes so far, nearly: those of the raw records, which are most. */
  get bytes(): number {
    return this.#raw.length;
  }

  /** Values left out since the last `reset`: their columns cannot hold them. */
  get unfit(): number {
    return this.#unfitTotal() - this.#unfitBefore;
  }

  #unfitTotal(): number {
    return this.#columns.reduce((sum, { builder }) => sum + builder.unfit, 0);
  }

  /** Copies an event into the next row. */
  add(event: Event): void {
    this.#fill(this.#rows, event);
    this.#rows += 1;
  }

  /** The columns that some event has; to be encoded before `reset`. */
  usedColumns(): readonly NamedColumn[] {
    return this.#columns.filter(({ builder }) => builder.used);
  }

  reset(): void {
    for (const { builder } of this.#columns) builder.reset(this.#rows);
    this.#rows = 0;
    this.#unfitBefore = this.#unfitTotal();
  }
}
