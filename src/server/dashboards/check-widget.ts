import { AppError } from '#error';
import { type Clock, check, parse, printMeasure, readLabel, readMeasure, readSort } from '#query';
import { type RawWidget, type TableWidget, usualLimit, usualSeries, usualWidth, type Widget } from './document.ts';
import type { Step } from './problem.ts';

/** Tells what is wrong with a part of a widget; `offset` is a place in its text. */
export type Tell = (path: readonly Step[], error: AppError, value: string) => void;

/** Word for the number of events, where a measure may stand. */
const countWord = 'count';

/** Reads a widget's queries, labels and measures, tells what is wrong with them, and gives it with its defaults. */
export function checkWidget(raw: RawWidget, clock: Clock, tell: Tell): Widget {
  const { kind, title, about } = raw;
  const query = readText(raw.query, ['query'], clock, tell);
  const base = {
    title: title.trim(),
    ...(about === undefined ? {} : { about: about.trim() }),
    query,
    width: raw.width ?? usualWidth[kind],
  };
  const value = readValue(raw.value, ['value'], tell);
  const measured = value === undefined ? {} : { value };
  switch (kind) {
    case 'number':
      return { kind, ...base, ...measured };
    case 'trend': {
      const by = typeof raw.by === 'string' ? readName(raw.by, ['by'], tell) : undefined;
      return { kind, ...base, ...measured, ...(by === undefined ? {} : { by }), limit: raw.limit ?? usualSeries };
    }
    case 'ratio':
      return { kind, ...base, part: readText(raw.part, ['part'], clock, tell) };
    case 'top':
      return { kind, ...base, by: readNames(raw.by, 'by', tell), ...measured, limit: raw.limit ?? usualLimit };
    case 'table':
      return { kind, ...base, ...tableParts(raw, tell), limit: raw.limit ?? usualLimit };
    case 'heat':
    case 'map':
      return { kind, ...base };
  }
}

/** A table is one of groups or one of events. */
function tableParts(raw: RawWidget, tell: Tell): Pick<TableWidget, 'by' | 'values' | 'columns' | 'sort'> {
  const { by, values, columns, sort } = raw;
  const wrong = (sentence: string, path: readonly Step[]): void =>
    tell(path, new AppError('dashboard-invalid', sentence, { hint: tableHint }), '');
  if ((by === undefined) === (columns === undefined)) wrong('A table has either "by" or "columns".', []);
  if (values !== undefined && by === undefined) wrong('"values" belongs to a table with "by".', ['values']);
  const measures = values?.map((one, at) => readValue(one, ['values', at], tell) ?? countWord);
  return {
    ...(by === undefined ? {} : { by: readNames(by, 'by', tell) }),
    ...(measures === undefined ? {} : { values: measures.filter((one) => one !== countWord) }),
    ...(columns === undefined ? {} : { columns: readNames(columns, 'columns', tell) }),
    ...(sort === undefined
      ? {}
      : { sort: columns === undefined ? readGroupOrder(sort, measures ?? [], tell) : readOrder(sort, tell) }),
  };
}

const tableHint = 'With "by" it shows groups and counts them; with "columns" it shows events one by one.';

function readText(text: string | undefined, path: readonly Step[], clock: Clock, tell: Tell): string {
  const query = (text ?? '').trim();
  const checked = check(parse(text ?? ''), clock);
  if (checked.kind === 'errors') {
    const [error] = checked.errors;
    if (error !== undefined) tell(path, error, text ?? '');
  }
  return query;
}

function readValue(text: string | undefined, path: readonly Step[], tell: Tell): string | undefined {
  if (text === undefined || text.trim() === countWord) return undefined;
  return attempt(() => printMeasure(readMeasure(text, 'value')), text, path, tell);
}

function readName(text: string, path: readonly Step[], tell: Tell): string {
  return attempt(() => readLabel(text, 'by'), text, path, tell);
}

function readNames(names: string | readonly string[] | undefined, key: string, tell: Tell): readonly string[] {
  if (names === undefined) return [];
  if (typeof names === 'string') return [readName(names, [key], tell)];
  return [...new Set(names.map((name, at) => readName(name, [key, at], tell)))];
}

/** Groups come by their number, or by one of the values. */
function readGroupOrder(text: string, values: readonly string[], tell: Tell): string {
  if (text.trim() === countWord) return countWord;
  const value = readValue(text, ['sort'], tell) ?? countWord;
  if (!values.includes(value)) {
    const expected = [countWord, ...values].join(', ');
    const error = new AppError('dashboard-invalid', `The table does not show ${value}.`, {
      place: { expected },
      hint: `Groups can be sorted by ${expected}.`,
    });
    tell(['sort'], error, text);
  }
  return value;
}

function readOrder(text: string, tell: Tell): string {
  return attempt(
    () => {
      const { label, order } = readSort(text);
      return order === 'descending' ? `-${label}` : label;
    },
    text,
    ['sort'],
    tell,
  );
}

/** Gives what is read, or the text itself once its error is told. */
function attempt(read: () => string, text: string, path: readonly Step[], tell: Tell): string {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    tell(path, thrown, text);
    return text;
  }
}
