import type { LineOutput } from './line-output.ts';
import { columnsOf, cutColumns } from './terminal-text.ts';

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Numbers stand at the right. */
  readonly right: boolean;
  /** Left out when no row of the first page has a value for it. */
  readonly optional: boolean;
}

/** Rows that are looked at to choose widths, before the first is written. */
const sampleRowsMax = 200;
/** Widest column on a terminal. */
const columnsMax = 200;
const gap = '  ';

/**
 * Writes a table row by row, however many there are: the first rows decide the widths. On a terminal it is made to fit;
 * elsewhere nothing is cut.
 */
export class TableOutput {
  readonly #columns: readonly Column[];
  readonly #out: LineOutput;
  /** Columns of the terminal; undefined elsewhere. */
  readonly #width: number | undefined;
  #sample: string[][] = [];
  #chosen: { readonly at: number; readonly width: number; readonly right: boolean }[] | undefined;

  constructor(columns: readonly Column[], out: LineOutput, width: number | undefined) {
    this.#columns = columns;
    this.#out = out;
    this.#width = width;
  }

  /** Takes a row, already safe for a terminal; an empty text is an absent value. */
  row(cells: readonly string[]): void {
    if (this.#chosen === undefined) {
      this.#sample.push([...cells]);
      if (this.#sample.length >= sampleRowsMax) this.#begin();
      return;
    }
    this.#line(cells);
  }

  /** Writes what is held back. */
  end(): void {
    if (this.#chosen === undefined && this.#sample.length > 0) this.#begin();
  }

  #begin(): void {
    const wanted = this.#columns
      .map(({ title, right, optional }, at) => {
        const widths = this.#sample.map((row) => columnsOf(row[at] ?? ''));
        const used = widths.some((width) => width > 0);
        return { at, right, optional, width: Math.max(columnsOf(title), ...widths), used: used || !optional };
      })
      .filter((column) => column.used);
    this.#chosen = this.#width === undefined ? wanted : narrow(wanted, this.#width);
    this.#line(this.#columns.map((column) => column.title));
    for (const row of this.#sample) this.#line(row);
    this.#sample = [];
  }

  #line(cells: readonly string[]): void {
    const chosen = this.#chosen ?? [];
    const parts = chosen.map(({ at, width, right }) => {
      const cell = cells[at] ?? '';
      const text = this.#width === undefined ? cell : cutColumns(cell, width);
      const padding = ' '.repeat(Math.max(0, width - columnsOf(text)));
      return right ? padding + text : text + padding;
    });
    this.#out.write(`${parts.join(gap).trimEnd()}\n`);
  }
}

/** A column this wide or less is never cut: a time, a word, an address. */
const wholeColumns = 24;

/**
 * Makes a table fit: wide columns are cut, but none below what a time or an address takes; when that does not suffice,
 * optional columns are left out, the last first.
 */
function narrow<T extends { readonly width: number; readonly optional: boolean }>(
  columns: readonly T[],
  width: number,
): T[] {
  const kept = [...columns];
  const widthAt = (max: number): number =>
    kept.reduce((sum, column) => sum + Math.min(column.width, max) + gap.length, -gap.length);
  while (widthAt(wholeColumns) > width) {
    const last = kept.findLastIndex((column) => column.optional);
    if (last === -1) break;
    kept.splice(last, 1);
  }
  let max = columnsMax;
  while (max > wholeColumns && widthAt(max) > width) max -= 1;
  return kept.map((column) => ({ ...column, width: Math.min(column.width, max) }));
}
