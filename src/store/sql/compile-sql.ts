import { AppError } from '#error';
import { fieldOf, type Label } from '#event';
import { type Condition, foldedLabels, type TextCondition } from '#query';
import { columnOf } from '../columns.ts';
import { rawTokens, rawWordsExpression } from '../raw-words.ts';
import { Parameters, type ParameterValue } from './parameters.ts';
import { addressSql, instantSql, numberSql } from './range-sql.ts';
import { measure, type Shape } from './shape.ts';
import { textSql } from './text-sql.ts';

/** A condition as SQL. */
export interface CompiledSql {
  /** An expression for `WHERE`: 1 for events that meet the condition, 0 for others, never null. */
  readonly where: string;
  /** The values, by the names that stand in the text: `query_params` of the client. */
  readonly params: Record<string, ParameterValue>;
  /** The engine's type of each value, for people to read. */
  readonly types: Record<string, string>;
}

export interface CompileSqlOptions {
  /** What parameter names start with; default `q`. Letters only. */
  readonly prefix?: string;
}

/** Characters of SQL a condition may become. A word without a field is compared with nearly a hundred columns. */
const sqlLengthMax = 1024 * 1024;

/** Levels of AND, OR and NOT that are written as they are; what is deeper is flattened, for the engine's stack is small. */
const plainDepthMax = 40;

/** Tokens of one phrase that the index is asked for; more would not narrow it further. */
const tokensMax = 16;

/**
 * Compiles a condition to SQL over the table of events. Every value of the query is a parameter; the text is made of
 * this file's words and of column names from the dictionary. Throws `query-too-large`.
 */
export function compileSql(condition: Condition, options: CompileSqlOptions = {}): CompiledSql {
  const prefix = options.prefix ?? 'q';
  if (!/^[A-Za-z]{1,16}$/.test(prefix)) throw new TypeError(`no prefix for parameters: ${prefix}`);
  const parameters = new Parameters(prefix);
  const out: string[] = [];
  write(condition, { out, parameters, shapes: new Map(), length: 0 });
  return { where: out.join(''), params: parameters.values, types: parameters.types };
}

interface Writer {
  readonly out: string[];
  readonly parameters: Parameters;
  readonly shapes: Map<Condition, Shape>;
  length: number;
}

function put(writer: Writer, sql: string): void {
  writer.out.push(sql);
  writer.length += sql.length;
  if (writer.length > sqlLengthMax) {
    throw new AppError('query-too-large', 'the query has more to compare than one query may have', {
      hint: 'Name the field of each value: a word without a field is compared with every text field.',
    });
  }
}

function write(condition: Condition, writer: Writer): void {
  if (condition.kind !== 'not' && measure(condition, writer.shapes).depth > plainDepthMax) {
    writeFlat(condition, writer);
    return;
  }
  switch (condition.kind) {
    case 'and':
    case 'or':
      writeJoined(condition.of, condition.kind === 'and' ? ' AND ' : ' OR ', writer);
      break;
    case 'not':
      put(writer, 'NOT (');
      write(condition.of, writer);
      put(writer, ')');
      break;
    default:
      writeTest(condition, writer);
  }
}

function writeJoined(parts: readonly Condition[], joint: string, writer: Writer): void {
  for (const [index, part] of parts.entries()) {
    put(writer, index === 0 ? '(' : joint);
    write(part, writer);
  }
  put(writer, ')');
}

/**
 * Writes a deep condition as one flat `multiIf`: at each level the light parts decide, or else the heaviest one does.
 * `a or (b and c)` is "a: 1; not b: 0; else c". A light part is at most half of its level, so what is left nested is as
 * deep as the logarithm of the size.
 */
function writeFlat(condition: Condition, writer: Writer): void {
  put(writer, 'multiIf(');
  let rest = condition;
  let negated = false;
  while (measure(rest, writer.shapes).depth > plainDepthMax) {
    if (rest.kind === 'not') {
      negated = !negated;
      rest = rest.of;
    } else if (rest.kind === 'and' || rest.kind === 'or') {
      const heaviest = heaviestOf(rest.of, writer);
      const light = rest.of.filter((part) => part !== heaviest);
      const decides = rest.kind === 'or';
      put(writer, decides ? '' : 'NOT ');
      writeJoined(light, decides ? ' OR ' : ' AND ', writer);
      put(writer, `, ${decides === negated ? 0 : 1}, `);
      rest = heaviest;
    } else break;
  }
  put(writer, negated ? 'NOT (' : '(');
  write(rest, writer);
  put(writer, '))');
}

function heaviestOf(parts: readonly Condition[], writer: Writer): Condition {
  let heaviest: Condition = { kind: 'never' };
  let size = 0;
  for (const part of parts) {
    const shape = measure(part, writer.shapes);
    if (shape.size > size) [heaviest, size] = [part, shape.size];
  }
  return heaviest;
}

type Test = Exclude<Condition, { kind: 'and' | 'or' | 'not' }>;

function writeTest(condition: Test, writer: Writer): void {
  const { parameters } = writer;
  switch (condition.kind) {
    case 'always':
      put(writer, '1');
      break;
    case 'never':
      put(writer, '0');
      break;
    case 'present':
      put(writer, presentSql(condition.label));
      break;
    case 'boolean':
      put(writer, whereThere(condition.label, `${columnName(condition.label)} = ${condition.value}`));
      break;
    case 'number':
      put(
        writer,
        whereThere(
          condition.label,
          numberSql(condition.label, columnName(condition.label), condition.ranges, parameters),
        ),
      );
      break;
    case 'instant':
      put(
        writer,
        whereThere(
          condition.label,
          instantSql(condition.label, columnName(condition.label), condition.ranges, parameters),
        ),
      );
      break;
    case 'address':
      writeAny(writer, condition.labels, (label) =>
        whereThere(label, addressSql(label, columnName(label), condition.ranges, parameters)),
      );
      break;
    case 'text':
      writeText(condition, writer);
      break;
    case 'under':
      put(writer, underSql(columnName(foldedLabels[condition.label]), condition.ancestor, parameters));
  }
}

/** The column of a label, quoted. Names come from the dictionary, never from a query. */
function columnName(label: Label): string {
  return `\`${columnOf(label).label}\``;
}

function isNullable(label: Label): boolean {
  return columnOf(label).type.startsWith('Nullable(');
}

/** Keeps null out: a comparison with an absent value is false, so that NOT of it is true. */
function whereThere(label: Label, sql: string): string {
  return isNullable(label) ? `(isNotNull(${columnName(label)}) AND ${sql})` : sql;
}

function presentSql(label: Label): string {
  const column = columnName(label);
  if (fieldOf(label).many === true) return `notEmpty(${column})`;
  if (isNullable(label)) return `isNotNull(${column})`;
  return columnOf(label).type.includes('String') ? `${column} != ''` : '1';
}

function writeAny(writer: Writer, labels: readonly Label[], sqlOf: (label: Label) => string): void {
  put(writer, '(');
  for (const [index, label] of labels.entries()) put(writer, `${index === 0 ? '' : ' OR '}${sqlOf(label)}`);
  put(writer, labels.length === 0 ? '0)' : ')');
}

function writeText({ labels, test }: TextCondition, writer: Writer): void {
  const { parameters } = writer;
  const [only] = labels;
  if (only === 'rawEvent' && labels.length === 1 && test.kind === 'phrase') {
    // The index finds the few rows that can match; in OR with other columns it would be of no use.
    const tokens = rawTokens(test.words, test.open).slice(0, tokensMax);
    if (tokens.length > 0) {
      const sieve = `hasAllTokens(${rawWordsExpression}, ${parameters.add('Array(String)', tokens)})`;
      put(writer, `(${sieve} AND ${textSql(test, columnName(only), parameters)})`);
      return;
    }
  }
  writeAny(writer, labels, (label) => labelTextSql(label, test, parameters));
}

function labelTextSql(label: Label, test: TextCondition['test'], parameters: Parameters): string {
  const column = columnName(label);
  if (fieldOf(label).many !== true) return textSql(test, column, parameters);
  if (test.kind === 'equals') return `hasAny(${column}, ${parameters.texts(test.values)})`;
  return `arrayExists(element -> ${textSql(test, 'element', parameters)}, ${column})`;
}

/** Folded DNs escape every comma that is no separator, so that the end of the text tells. */
function underSql(column: string, ancestor: string, parameters: Parameters): string {
  if (ancestor === '') return `${column} != ''`;
  return `(${column} = ${parameters.text(ancestor)} OR endsWith(${column}, ${parameters.text(`,${ancestor}`)}))`;
}
